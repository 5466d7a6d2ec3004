#include "common/rpc/organization_check.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "common/status/error.h"

namespace okr::rpc {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

namespace {

constexpr absl::string_view kPrefix = "organizations/";

// Fields that name a resource, in whatever message they stand.
constexpr absl::string_view kNameFields[] = {
    "author",       "check_in",       "corrects",      "creator", "cycle",     "grader",
    "help_from",    "key_result",     "name",          "names",   "objective", "objectives",
    "organization", "owner",          "parent",        "person",  "root",      "scoring_policy",
    "shared_with",  "subject_prefix", "superseded_by", "team",
};

bool HoldsName(const FieldDescriptor& field) {
  return field.type() == FieldDescriptor::TYPE_STRING &&
         std::find(std::begin(kNameFields), std::end(kNameFields), field.name()) !=
             std::end(kNameFields);
}

bool IsForeign(absl::string_view value, absl::string_view organization) {
  if (!absl::ConsumePrefix(&value, kPrefix)) return false;
  return value.substr(0, value.find('/')) != organization;
}

absl::Status WrongOrganization(const auth::Principal& principal) {
  return MakeError(
      absl::StatusCode::kPermissionDenied,
      absl::StrCat("The token is of organization ", principal.organization,
                   ", the request names another; use a token of that one"),
      {.reason = "WRONG_ORGANIZATION", .metadata = {{"organization", principal.organization}}});
}

}  // namespace

struct OrganizationCheck::Node {
  std::vector<const FieldDescriptor*> names;
  std::vector<std::pair<const FieldDescriptor*, Node*>> messages;

  // Whether `message` names another organization.
  bool AnyForeign(const Message& message, absl::string_view organization) const;
  static bool FieldIsForeign(const Message& message, const FieldDescriptor& field,
                             absl::string_view organization);
};

bool OrganizationCheck::Node::FieldIsForeign(const Message& message, const FieldDescriptor& field,
                                             absl::string_view organization) {
  const Reflection& reflection = *message.GetReflection();
  std::string scratch;
  if (!field.is_repeated()) {
    return IsForeign(reflection.GetStringReference(message, &field, &scratch), organization);
  }
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    if (IsForeign(reflection.GetRepeatedStringReference(message, &field, i, &scratch),
                  organization)) {
      return true;
    }
  }
  return false;
}

bool OrganizationCheck::Node::AnyForeign(const Message& message,
                                         absl::string_view organization) const {
  const Reflection& reflection = *message.GetReflection();
  for (const FieldDescriptor* field : names) {
    if (FieldIsForeign(message, *field, organization)) return true;
  }
  for (const auto& [field, node] : messages) {
    if (!field->is_repeated()) {
      if (reflection.HasField(message, field) &&
          node->AnyForeign(reflection.GetMessage(message, field), organization)) {
        return true;
      }
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      if (node->AnyForeign(reflection.GetRepeatedMessage(message, field, i), organization)) {
        return true;
      }
    }
  }
  return false;
}

OrganizationCheck::OrganizationCheck(const Descriptor& request) {
  Node* root = NodeOf(request);
  std::vector<Node*> path;
  Prune(root, path);
  root_ = root;
}

OrganizationCheck::~OrganizationCheck() = default;

OrganizationCheck::Node* OrganizationCheck::NodeOf(const Descriptor& message) {
  std::unique_ptr<Node>& slot = nodes_[&message];
  if (slot != nullptr) return slot.get();
  slot = std::make_unique<Node>();
  Node* node = slot.get();  // The map may grow below.
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    if (HoldsName(field)) node->names.push_back(&field);
    if (field.type() == FieldDescriptor::TYPE_MESSAGE) {
      node->messages.emplace_back(&field, NodeOf(*field.message_type()));
    }
  }
  return node;
}

// Removes the fields below which no name can stand; tells whether `node` has any. A message that
// holds itself is kept.
bool OrganizationCheck::Prune(Node* node, std::vector<Node*>& path) {
  if (std::find(path.begin(), path.end(), node) != path.end()) return true;
  path.push_back(node);
  auto& messages = node->messages;
  messages.erase(std::remove_if(messages.begin(), messages.end(),
                                [&path](const auto& entry) { return !Prune(entry.second, path); }),
                 messages.end());
  path.pop_back();
  return !node->names.empty() || !messages.empty();
}

absl::Status OrganizationCheck::Check(const Message& request,
                                      const auth::Principal& principal) const {
  if (principal.role == auth::Role::kService && principal.is_everywhere()) return absl::OkStatus();
  if (root_->AnyForeign(request, principal.organization)) return WrongOrganization(principal);
  return absl::OkStatus();
}

}  // namespace okr::rpc
