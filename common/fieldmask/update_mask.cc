#include "common/fieldmask/update_mask.h"

#include <memory>
#include <optional>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "google/api/field_behavior.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/field_mask_util.h"

namespace okr {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;
using google::protobuf::util::FieldMaskUtil;

constexpr size_t kMaxShown = 100;  // Bytes of a wrong path that are repeated to the caller.

bool Behaves(const FieldDescriptor& field, google::api::FieldBehavior behavior) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

bool IsOutputOnly(const FieldDescriptor& field) { return Behaves(field, google::api::OUTPUT_ONLY); }

// Says which resource is meant, or in which state it was read; never changes by an update.
bool IsAddress(const FieldDescriptor& field) {
  return Behaves(field, google::api::IDENTIFIER) || field.name() == "etag";
}

bool IsWritable(const FieldDescriptor& field) { return !IsOutputOnly(field) && !IsAddress(field); }

std::string WritableFields(const Descriptor& message) {
  std::vector<std::string> names;
  for (int i = 0; i < message.field_count(); ++i) {
    if (IsWritable(*message.field(i))) names.push_back(message.field(i)->name());
  }
  return absl::StrJoin(names, ", ");
}

// Serialized, the field alone.
std::string ValueOf(const Message& message, const FieldDescriptor& field) {
  const std::unique_ptr<Message> alone(message.New());
  FieldMask mask;
  mask.add_paths(field.name());
  FieldMaskUtil::MergeMessageTo(message, mask, {}, alone.get());
  return alone->SerializeAsString();
}

bool IsSet(const Message& message, const FieldDescriptor& field) {
  return field.is_repeated() ? message.GetReflection()->FieldSize(message, &field) > 0
                             : message.GetReflection()->HasField(message, &field);
}

class Update {
 public:
  Update(const Message& source, const UpdateRules& rules, Message& target, Violations& violations)
      : source_(source), rules_(rules), target_(target), violations_(violations) {}

  void Apply(const FieldMask& mask) {
    if (mask.paths().empty()) {
      TakeFields([this](const FieldDescriptor& field) { return IsSet(source_, field); });
    } else if (mask.paths_size() == 1 && mask.paths(0) == "*") {
      TakeFields([](const FieldDescriptor&) { return true; });
    } else {
      for (const std::string& path : mask.paths()) TakePath(path);
    }
    FieldMaskUtil::MergeOptions options;
    options.set_replace_message_fields(true);
    options.set_replace_repeated_fields(true);
    FieldMaskUtil::MergeMessageTo(source_, taken_, options, &target_);
  }

 private:
  template <typename Chosen>
  void TakeFields(Chosen chosen) {
    const Descriptor& message = *source_.GetDescriptor();
    for (int i = 0; i < message.field_count(); ++i) {
      const FieldDescriptor& field = *message.field(i);
      if (!IsWritable(field) || !chosen(field)) continue;
      if (const auto advice = FixedBecause(field)) {
        if (IsSet(source_, field)) CheckUnchanged(field, *advice);
      } else if (!IsMemberNotSet(field)) {
        taken_.add_paths(field.name());
      }
    }
  }

  // Of a oneof, "*" takes the member that is set, and clears it only if none is.
  bool IsMemberNotSet(const FieldDescriptor& field) const {
    const auto* oneof = field.real_containing_oneof();
    return oneof != nullptr && source_.GetReflection()->HasOneof(source_, oneof) &&
           !IsSet(source_, field);
  }

  void TakePath(const std::string& path) {
    const FieldDescriptor* first = Resolve(path);
    if (first == nullptr || IsAddress(*first)) return;
    if (const auto advice = FixedBecause(*first)) {
      CheckUnchanged(*first, *advice);
    } else {
      taken_.add_paths(path);
    }
  }

  // The path's first field; null, and a violation, if the path may not be named.
  const FieldDescriptor* Resolve(const std::string& path) {
    const Descriptor* message = source_.GetDescriptor();
    const FieldDescriptor* first = nullptr;
    const FieldDescriptor* field = nullptr;
    for (const absl::string_view part : absl::StrSplit(path, '.')) {
      if (message == nullptr) return Refuse(path, "leads into a field that is replaced whole");
      field = message->FindFieldByName(std::string(part));
      if (field == nullptr) return Refuse(path, "does not exist", *message);
      if (IsOutputOnly(*field)) return Refuse(path, "is output only", *message);
      if (first == nullptr) first = field;
      message = field->is_repeated() ? nullptr : field->message_type();
    }
    return first;
  }

  const FieldDescriptor* Refuse(absl::string_view path, absl::string_view why) {
    violations_.Add(
        "update_mask",
        absl::StrCat("names \"", absl::CHexEscape(path.substr(0, kMaxShown)), "\", which ", why));
    return nullptr;
  }
  const FieldDescriptor* Refuse(absl::string_view path, absl::string_view why,
                                const Descriptor& message) {
    return Refuse(path, absl::StrCat(why, "; expected some of: ", WritableFields(message)));
  }

  std::optional<std::string> FixedBecause(const FieldDescriptor& field) const {
    if (const auto fixed = rules_.fixed.find(field.name()); fixed != rules_.fixed.end()) {
      return fixed->second;
    }
    if (Behaves(field, google::api::IMMUTABLE)) return "it never changes";
    return std::nullopt;
  }

  void CheckUnchanged(const FieldDescriptor& field, absl::string_view advice) {
    if (ValueOf(source_, field) == ValueOf(target_, field)) return;
    violations_.Add(absl::StrCat(rules_.resource, ".", field.name()),
                    absl::StrCat("is not changed by an update: ", advice));
  }

  const Message& source_;
  const UpdateRules& rules_;
  Message& target_;
  Violations& violations_;
  FieldMask taken_;
};

}  // namespace

void ApplyUpdateMask(const FieldMask& mask, const Message& source, const UpdateRules& rules,
                     Message& target, Violations& violations) {
  Update(source, rules, target, violations).Apply(mask);
}

}  // namespace okr
