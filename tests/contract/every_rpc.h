// All RPCs of the directory and of goals, each with a request that an administrator may send, for
// what holds of every one of them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "tests/contract/company.h"

namespace okr::contract {

using AnyMessage = std::unique_ptr<google::protobuf::Message>;

struct Rpc {
  std::string name;
  bool writes;
  std::string text;  // The request, in a company with SetScene.
  std::function<AnyMessage()> make;
  std::function<absl::StatusOr<AnyMessage>(Client&, const google::protobuf::Message&)> send;

  // The request of this company.
  AnyMessage Request(const Company& company) const;
  absl::StatusOr<AnyMessage> Call(Client& client, const google::protobuf::Message& request) const {
    return send(client, request);
  }
};

// All but CreateOrganization, which cannot be called in an organization that is there.
const std::vector<Rpc>& EveryRpc();

// Makes what the requests name.
void SetScene(Company& company);

// Names of the RPCs of both services.
std::vector<std::string> NamesOfAllRpcs();

}  // namespace okr::contract
