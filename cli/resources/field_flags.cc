#include "cli/resources/field_flags.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "cli/resources/message_reader.h"

namespace okr::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

bool IsScalarMessage(const Descriptor& type) {
  return type.full_name() == "google.type.Date" ||
         type.full_name() == "google.protobuf.Timestamp" ||
         type.full_name() == "google.protobuf.Duration";
}

std::string HelpOf(const FieldDescriptor& field, const std::string& path, bool is_list) {
  std::string help = absl::StrReplaceAll(path, {{".", " "}, {"_", " "}});
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
    absl::StrAppend(&help, ": ", absl::StrJoin(EnumWords(*field.enum_type()), ", "));
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && is_list) {
    absl::StrAppend(&help, ", as YAML, several times for several");
  } else if (is_list) {
    absl::StrAppend(&help, ", several times for several");
  }
  return help;
}

// What is no YAML is a text, and refused where it is read if no text is wanted.
YAML::Node ParseItem(const std::string& text) {
  try {
    return YAML::Load(text);
  } catch (const YAML::Exception&) {
    return YAML::Node(text);
  }
}

// Sets the value at the path, and makes the mappings on the way.
void Set(YAML::Node node, const std::vector<std::string>& path, size_t depth,
         const YAML::Node& value) {
  if (depth + 1 == path.size()) {
    node[path[depth]] = value;
    return;
  }
  if (!node[path[depth]].IsMap()) node[path[depth]] = YAML::Node(YAML::NodeType::Map);
  Set(node[path[depth]], path, depth + 1, value);
}

}  // namespace

void FieldFlags::AddTo(Command command, const Descriptor& type,
                       const std::set<std::string>& left_out) {
  AddFields(command, type, "", left_out);
}

void FieldFlags::AddFields(Command command, const Descriptor& type, const std::string& prefix,
                           const std::set<std::string>& left_out) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    const std::string path = prefix + field.name();
    if (IsOutputOnly(field) || IsIdentifier(field) || left_out.contains(path)) continue;
    const Descriptor* inner = field.message_type();
    if (field.is_repeated() || inner == nullptr || IsScalarMessage(*inner)) {
      AddFlag(command, field, path, field.is_repeated());
    } else if (inner->field_count() == 1 && inner->field(0)->is_repeated()) {
      AddFlag(command, *inner->field(0), path, true);
    } else {
      AddFields(command, *inner, path + ".", left_out);
    }
  }
}

void FieldFlags::AddFlag(Command command, const FieldDescriptor& field, const std::string& path,
                         bool is_list) {
  auto& flag = flags_.emplace_back(std::make_unique<Flag>());
  flag->path = path;
  flag->is_list = is_list;
  flag->is_message = is_list && field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
  command.TakeAll(absl::StrCat("--", absl::StrReplaceAll(path, {{".", "-"}, {"_", "-"}})),
                  &flag->values, HelpOf(field, path, is_list));
}

YAML::Node FieldFlags::Over(const YAML::Node& base) const {
  YAML::Node node =
      base.IsDefined() && base.IsMap() ? YAML::Clone(base) : YAML::Node(YAML::NodeType::Map);
  for (const auto& flag : flags_) {
    if (flag->values.empty()) continue;
    YAML::Node value;
    for (const std::string& text : flag->values) {
      const YAML::Node item = flag->is_message ? ParseItem(text) : YAML::Node(text);
      if (flag->is_list) {
        value.push_back(item);
      } else {
        value = item;
      }
    }
    Set(node, absl::StrSplit(flag->path, '.'), 0, value);
  }
  return node;
}

}  // namespace okr::cli
