#include "cli/resources/message_reader.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "cli/resources/kinds.h"
#include "cli/text/words.h"
#include "google/api/field_behavior.pb.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"

namespace okr::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool HasBehavior(const FieldDescriptor& field, google::api::FieldBehavior behavior) {
  const auto& behaviors = field.options().GetRepeatedExtension(google::api::field_behavior);
  return absl::c_linear_search(behaviors, static_cast<int>(behavior));
}

const FieldDescriptor* FindField(const Descriptor& type, const std::string& key) {
  const FieldDescriptor* field = type.FindFieldByName(key);
  return field != nullptr ? field : type.FindFieldByCamelcaseName(key);
}

std::vector<std::string> WritableFields(const Descriptor& type,
                                        const std::set<std::string>& others) {
  std::vector<std::string> names(others.begin(), others.end());
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (!IsOutputOnly(field) && !IsIdentifier(field)) names.push_back(field.name());
  }
  return names;
}

// What all values of the type begin with, e.g. "TEAM_ROLE_".
std::string EnumPrefix(const EnumDescriptor& type) {
  const std::string& first = type.value(0)->name();
  return absl::EndsWith(first, "UNSPECIFIED") ? first.substr(0, first.size() - 11) : "";
}

// The field that stands for its whole message when a sequence is given.
const FieldDescriptor* OnlyRepeatedField(const Descriptor& type) {
  return type.field_count() == 1 && type.field(0)->is_repeated() ? type.field(0) : nullptr;
}

bool IsNumber(const FieldDescriptor& field) {
  return field.cpp_type() != FieldDescriptor::CPPTYPE_STRING &&
         field.cpp_type() != FieldDescriptor::CPPTYPE_BOOL &&
         field.cpp_type() != FieldDescriptor::CPPTYPE_ENUM;
}

}  // namespace

bool IsOutputOnly(const FieldDescriptor& field) {
  return HasBehavior(field, google::api::OUTPUT_ONLY);
}
bool IsIdentifier(const FieldDescriptor& field) {
  return HasBehavior(field, google::api::IDENTIFIER);
}

std::string ShortEnumName(const EnumValueDescriptor& value) {
  const std::string prefix = EnumPrefix(*value.type());
  absl::string_view name = value.name();
  absl::ConsumePrefix(&name, prefix);
  return value.number() == 0 && name == "UNSPECIFIED" ? "" : std::string(name);
}

std::vector<std::string> EnumWords(const EnumDescriptor& type) {
  std::vector<std::string> words;
  for (int i = 0; i < type.value_count(); ++i) {
    const std::string word = ShortEnumName(*type.value(i));
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

YAML::Node ParseYaml(const std::string& text, SourceErrors* errors) {
  if (const auto wrong = FindWrongByte(text)) {
    const auto line = std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(*wrong), '\n');
    errors->Add(static_cast<int>(line) + 1, 1, "this line is no UTF-8 text");
    return YAML::Node(YAML::NodeType::Undefined);
  }
  try {
    return YAML::Load(text);
  } catch (const YAML::Exception& exception) {
    errors->Add(exception.mark.line + 1, exception.mark.column + 1,
                absl::StrCat("this is no YAML: ", exception.msg));
    return YAML::Node(YAML::NodeType::Undefined);
  }
}

void MessageReader::Fail(const YAML::Node& node, absl::string_view text) {
  const YAML::Mark mark = node.IsDefined() ? node.Mark() : YAML::Mark::null_mark();
  errors_.Add(mark.is_null() ? 0 : mark.line + 1, mark.is_null() ? 0 : mark.column + 1, text);
}

std::vector<std::string> MessageReader::Read(const YAML::Node& node,
                                             const std::set<std::string>& others,
                                             Message* message) {
  std::vector<std::string> read;
  if (!node.IsMap()) {
    Fail(node, "keys and values are expected here");
    return read;
  }
  const Descriptor& type = *message->GetDescriptor();
  std::set<std::string> seen;
  for (const auto& entry : node) {
    const std::string key = entry.first.Scalar();
    if (!seen.insert(key).second)
      Fail(entry.first, absl::StrCat("\"", key, "\" stands here twice"));
    if (others.contains(key)) continue;
    const FieldDescriptor* field = FindField(type, key);
    if (field == nullptr) {
      Fail(entry.first, absl::StrCat("\"", key, "\" is unknown here",
                                     DidYouMean(key, WritableFields(type, others))));
      continue;
    }
    if (IsOutputOnly(*field) || IsIdentifier(*field)) {
      if (options_.skip_output_only) continue;
      Fail(entry.first, absl::StrCat("\"", key, "\" is set by the service, not by a file"));
      continue;
    }
    ReadField(entry.second, *field, message);
    read.push_back(field->name());
  }
  return read;
}

void MessageReader::ReadField(const YAML::Node& node, const FieldDescriptor& field,
                              Message* message) {
  if (field.is_repeated()) return ReadRepeated(node, field, message);
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    return ReadMessage(node, message->GetReflection()->MutableMessage(message, &field));
  }
  ReadScalar(node, field, /*add=*/false, message);
}

void MessageReader::ReadRepeated(const YAML::Node& node, const FieldDescriptor& field,
                                 Message* message) {
  const auto& reflection = *message->GetReflection();
  reflection.ClearField(message, &field);
  if (node.IsNull()) return;
  if (!node.IsSequence()) {
    Fail(node, absl::StrCat("\"", field.name(), "\" is a list: write - before each, or [a, b]"));
    return;
  }
  for (const YAML::Node& item : node) {
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      ReadMessage(item, reflection.AddMessage(message, &field));
    } else {
      ReadScalar(item, field, /*add=*/true, message);
    }
  }
}

void MessageReader::ReadMessage(const YAML::Node& node, Message* message) {
  if (ReadWellKnown(node, message)) return;
  const Descriptor& type = *message->GetDescriptor();
  const FieldDescriptor* only = OnlyRepeatedField(type);
  if (only != nullptr && node.IsSequence()) return ReadRepeated(node, *only, message);
  if (node.IsScalar() && only == nullptr) return ReadField(node, *type.field(0), message);
  Read(node, {}, message);
}

void MessageReader::ReadScalar(const YAML::Node& node, const FieldDescriptor& field, bool add,
                               Message* message) {
  if (!node.IsScalar()) {
    Fail(node, absl::StrCat("\"", field.name(), "\" is a single value"));
    return;
  }
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING)
    return ReadText(node, field, add, message);
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) return ReadEnum(node, field, add, message);
  if (IsNumber(field)) return ReadNumber(node, field, add, message);
  bool value = false;
  if (!YAML::convert<bool>::decode(node, value)) {
    Fail(node,
         absl::StrCat("\"", field.name(), "\" is true or false, not \"", node.Scalar(), "\""));
    return;
  }
  message->GetReflection()->SetBool(message, &field, value);
}

void MessageReader::ReadText(const YAML::Node& node, const FieldDescriptor& field, bool add,
                             Message* message) {
  std::string text = node.Scalar();
  const std::vector<Kind>& kinds = ReferencedKinds(field);
  if (!kinds.empty() && !text.empty()) {
    auto name = ResolveName(text, kinds, options_.organization);
    if (!name.ok()) return Fail(node, name.status().message());
    text = *std::move(name);
  }
  const auto& reflection = *message->GetReflection();
  if (add) {
    reflection.AddString(message, &field, text);
  } else {
    reflection.SetString(message, &field, text);
  }
}

void MessageReader::ReadNumber(const YAML::Node& node, const FieldDescriptor& field, bool add,
                               Message* message) {
  const auto& reflection = *message->GetReflection();
  const std::string& text = node.Scalar();
  double real = 0;
  int32_t whole = 0;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_DOUBLE:
      if (!absl::SimpleAtod(text, &real) || !std::isfinite(real)) break;
      return reflection.SetDouble(message, &field, real);
    case FieldDescriptor::CPPTYPE_INT32:
      if (!absl::SimpleAtoi(text, &whole)) break;
      return add ? reflection.AddInt32(message, &field, whole)
                 : reflection.SetInt32(message, &field, whole);
    default:
      break;
  }
  Fail(node, absl::StrCat("\"", field.name(), "\" is a number, not \"", text, "\""));
}

void MessageReader::ReadEnum(const YAML::Node& node, const FieldDescriptor& field, bool add,
                             Message* message) {
  const EnumDescriptor& type = *field.enum_type();
  std::string word = absl::AsciiStrToUpper(node.Scalar());
  for (char& c : word) {
    if (c == '-' || c == ' ') c = '_';
  }
  const EnumValueDescriptor* value = type.FindValueByName(absl::StrCat(EnumPrefix(type), word));
  if (value == nullptr) value = type.FindValueByName(word);
  if (value == nullptr || (value->number() == 0 && ShortEnumName(*value).empty())) {
    Fail(node, absl::StrCat("\"", field.name(), "\" is one of ",
                            absl::StrJoin(EnumWords(type), ", "), "; not \"", node.Scalar(), "\""));
    return;
  }
  message->GetReflection()->SetEnum(message, &field, value);
}

bool MessageReader::ReadWellKnown(const YAML::Node& node, Message* message) {
  const std::string& type = message->GetDescriptor()->full_name();
  if (type != "google.type.Date" && type != "google.protobuf.Timestamp" &&
      type != "google.protobuf.Duration") {
    return false;
  }
  if (type == "google.type.Date" && node.IsMap()) return false;  // As proto JSON writes it.
  if (!node.IsScalar()) {
    Fail(node, "a day, time or span of time is expected here");
    return true;
  }
  absl::Status status;
  if (auto* date = dynamic_cast<google::type::Date*>(message)) {
    const auto day = ParseDay(node.Scalar(), options_.moment.today);
    status = day.status();
    if (day.ok()) {
      date->set_year(static_cast<int>(day->year()));
      date->set_month(day->month());
      date->set_day(day->day());
    }
  } else if (auto* stamp = dynamic_cast<google::protobuf::Timestamp*>(message)) {
    const auto time = ParseTime(node.Scalar(), options_.moment);
    status = time.status();
    if (time.ok()) {
      stamp->set_seconds(absl::ToUnixSeconds(*time));
      const absl::Duration rest = *time - absl::FromUnixSeconds(stamp->seconds());
      stamp->set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(rest)));
    }
  } else if (auto* duration = dynamic_cast<google::protobuf::Duration*>(message)) {
    const auto span = ParseSpan(node.Scalar());
    status = span.status();
    if (span.ok()) duration->set_seconds(absl::ToInt64Seconds(*span));
  }
  if (!status.ok()) Fail(node, status.message());
  return true;
}

}  // namespace okr::cli
