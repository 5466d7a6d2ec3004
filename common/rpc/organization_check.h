// That a request names nothing of another organization than the token's.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "common/auth/principal.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace okr::rpc {

// Knows where names may stand in the requests of one type, on all levels: the string fields called
// name, names, parent, owner, cycle, team, key_result, objective and so on. Immutable.
class OrganizationCheck {
 public:
  explicit OrganizationCheck(const google::protobuf::Descriptor& request);
  ~OrganizationCheck();
  OrganizationCheck(const OrganizationCheck&) = delete;
  OrganizationCheck& operator=(const OrganizationCheck&) = delete;

  // OK, or PERMISSION_DENIED / WRONG_ORGANIZATION if a value that begins with "organizations/" goes
  // on with another id than the principal's. Nothing is looked up, so the answer tells nothing of
  // what exists. Services of no organization may name any.
  absl::Status Check(const google::protobuf::Message& request,
                     const auth::Principal& principal) const;

 private:
  struct Node;  // The fields of one message type that matter.

  Node* NodeOf(const google::protobuf::Descriptor& message);
  static bool Prune(Node* node, std::vector<Node*>& path);

  std::map<const google::protobuf::Descriptor*, std::unique_ptr<Node>> nodes_;
  const Node* root_;
};

}  // namespace okr::rpc
