// Line: the paths, with commas; line: the resource, "team" or else a key result. Then the bytes of
// what is sent and, behind "--", those of what is there.
#include "common/fieldmask/update_mask.h"

#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/api/field_behavior.pb.h"
#include "google/protobuf/util/message_differencer.h"
#include "okr/directory/v1/resources.pb.h"
#include "okr/goals/v1/resources.pb.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/targets.h"

namespace okr::fuzz {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;

constexpr char kAdvice[] = "use another method";

bool IsTheServices(const FieldDescriptor& field) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    const auto behavior = options.GetExtension(google::api::field_behavior, i);
    if (behavior == google::api::OUTPUT_ONLY || behavior == google::api::IDENTIFIER ||
        behavior == google::api::IMMUTABLE) {
      return true;
    }
  }
  return field.name() == "etag";
}

bool IsNamed(const FieldMask& mask, const FieldDescriptor& field) {
  for (const std::string& path : mask.paths()) {
    if (path == "*" || path.substr(0, path.find('.')) == field.name()) return true;
  }
  return mask.paths().empty();
}

// The field alone.
std::unique_ptr<Message> Alone(const Message& message, const FieldDescriptor& field) {
  std::unique_ptr<Message> alone(message.New());
  alone->CopyFrom(message);
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* other = message.GetDescriptor()->field(i);
    if (other != &field) alone->GetReflection()->ClearField(alone.get(), other);
  }
  alone->GetReflection()->MutableUnknownFields(alone.get())->Clear();
  return alone;
}

bool SameField(const Message& a, const Message& b, const FieldDescriptor& field) {
  return Alone(a, field)->SerializeAsString() == Alone(b, field)->SerializeAsString();
}

// A member of a oneof is cleared by another one that is named.
bool IsBeside(const FieldMask& mask, const FieldDescriptor& field) {
  const auto* oneof = field.real_containing_oneof();
  if (oneof == nullptr) return false;
  for (int i = 0; i < oneof->field_count(); ++i) {
    if (IsNamed(mask, *oneof->field(i))) return true;
  }
  return false;
}

void CheckViolations(const Violations& violations) {
  if (violations.empty()) return;
  const absl::Status status = violations.ToStatus();
  CheckNamesFields(status);
  for (const FieldViolation& violation : DetailsOf(status).violations) {
    OKR_FUZZ_CHECK(violation.field == "update_mask" || absl::StartsWith(violation.field, "it."),
                   violation.field);
    OKR_FUZZ_CHECK(violation.description.size() <= 1000, violation.description);
  }
}

void CheckUpdate(const FieldMask& mask, const Message& source, const Message& before) {
  const UpdateRules rules{.resource = "it", .fixed = {{"parent", kAdvice}}};
  const std::unique_ptr<Message> after(before.New());
  after->CopyFrom(before);
  Violations violations;
  ApplyUpdateMask(mask, source, rules, *after, violations);
  CheckViolations(violations);
  for (int i = 0; i < before.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *before.GetDescriptor()->field(i);
    const bool stays = IsTheServices(field) || field.name() == "parent" || !IsNamed(mask, field);
    if (!stays || IsBeside(mask, field)) continue;
    OKR_FUZZ_CHECK(SameField(before, *after, field),
                   absl::StrCat(mask.ShortDebugString(), " ", field.name()));
  }
  const std::unique_ptr<Message> twice(before.New());
  twice->CopyFrom(*after);
  Violations ignored;
  ApplyUpdateMask(mask, source, rules, *twice, ignored);
  OKR_FUZZ_CHECK(twice->SerializeAsString() == after->SerializeAsString(),
                 absl::StrCat(after->ShortDebugString(), " / ", twice->ShortDebugString()));
}

bool Parse(absl::string_view bytes, Message* message) {
  return message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

}  // namespace

void UpdateMask(absl::string_view input) {
  Input parts(input);
  FieldMask mask;
  for (absl::string_view path : absl::StrSplit(parts.Line(), ',', absl::SkipEmpty())) {
    mask.add_paths(std::string(path));
  }
  const Message& prototype =
      parts.Line() == "team" ? static_cast<const Message&>(directory::v1::Team::default_instance())
                             : goals::v1::KeyResult::default_instance();
  const std::unique_ptr<Message> source(prototype.New());
  const std::unique_ptr<Message> before(prototype.New());
  if (!Parse(parts.Until("\n--\n"), source.get()) || !Parse(parts.Rest(), before.get())) return;
  CheckUpdate(mask, *source, *before);
}

}  // namespace okr::fuzz
