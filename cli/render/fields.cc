#include "cli/render/fields.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "cli/render/status.h"
#include "cli/resources/kinds.h"
#include "cli/text/numbers.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"

namespace okr::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool IsShare(const FieldDescriptor& field) {
  return absl::EndsWith(field.name(), "progress") || absl::EndsWith(field.name(), "score") ||
         field.name() == "confidence";
}

std::string MessageText(const Message& message);

// One value; `index` is -1 for a field that is not repeated.
std::string ValueText(const Message& m, const FieldDescriptor& field, int index) {
  const auto& r = *m.GetReflection();
  const bool one = index < 0;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return ShortName(one ? r.GetString(m, &field) : r.GetRepeatedString(m, &field, index));
    case FieldDescriptor::CPPTYPE_ENUM:
      return Word(*field.enum_type(),
                  one ? r.GetEnumValue(m, &field) : r.GetRepeatedEnumValue(m, &field, index));
    case FieldDescriptor::CPPTYPE_BOOL:
      return r.GetBool(m, &field) ? "yes" : "no";
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return IsShare(field) ? TwoDecimals(r.GetDouble(m, &field))
                            : Shortest(r.GetDouble(m, &field));
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(one ? r.GetInt32(m, &field) : r.GetRepeatedInt32(m, &field, index));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(r.GetInt64(m, &field));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return MessageText(one ? r.GetMessage(m, &field) : r.GetRepeatedMessage(m, &field, index));
    default:
      return "";
  }
}

bool IsWellKnown(const Message& message) {
  const std::string& type = message.GetDescriptor()->full_name();
  return type == "google.protobuf.Timestamp" || type == "google.protobuf.Duration" ||
         type == "google.type.Date";
}

std::string ValuesText(const Message& m, const FieldDescriptor& field) {
  if (!field.is_repeated()) return ValueText(m, field, -1);
  std::vector<std::string> texts;
  for (int i = 0; i < m.GetReflection()->FieldSize(m, &field); ++i) {
    texts.push_back(ValueText(m, field, i));
  }
  return absl::StrJoin(texts, ", ");
}

std::string MessageText(const Message& message) {
  if (const auto* time = dynamic_cast<const google::protobuf::Timestamp*>(&message)) {
    return TimeText(time->seconds());
  }
  if (const auto* span = dynamic_cast<const google::protobuf::Duration*>(&message)) {
    return absl::FormatDuration(absl::Seconds(span->seconds()));
  }
  if (const auto* date = dynamic_cast<const google::type::Date*>(&message)) {
    return absl::StrFormat("%04d-%02d-%02d", date->year(), date->month(), date->day());
  }
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  std::vector<std::string> texts;
  for (const FieldDescriptor* field : fields) texts.push_back(ValuesText(message, *field));
  return absl::StrJoin(texts, " ");
}

bool IsSet(const Message& m, const FieldDescriptor& field) {
  return field.is_repeated() ? m.GetReflection()->FieldSize(m, &field) > 0
                             : m.GetReflection()->HasField(m, &field);
}

void Flatten(const Message& message, const std::string& prefix,
             std::vector<std::pair<std::string, std::string>>* texts) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string path = absl::StrCat(prefix, field->name());
    if (!field->is_repeated() && field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      const Message& value = message.GetReflection()->GetMessage(message, field);
      if (!IsWellKnown(value)) {
        Flatten(value, path + ".", texts);
        continue;
      }
    }
    texts->emplace_back(path, ValuesText(message, *field));
  }
}

}  // namespace

std::string TimeText(int64_t unix_seconds) {
  return absl::FormatTime("%Y-%m-%d %H:%M UTC", absl::FromUnixSeconds(unix_seconds),
                          absl::UTCTimeZone());
}

std::string FieldText(const Message& message, absl::string_view path) {
  const size_t dot = path.find('.');
  const FieldDescriptor* field =
      message.GetDescriptor()->FindFieldByName(std::string(path.substr(0, dot)));
  if (field == nullptr || !IsSet(message, *field)) return "";
  if (dot == path.npos) return ValuesText(message, *field);
  return FieldText(message.GetReflection()->GetMessage(message, field), path.substr(dot + 1));
}

std::vector<std::pair<std::string, std::string>> AllFieldTexts(const Message& message) {
  std::vector<std::pair<std::string, std::string>> texts;
  Flatten(message, "", &texts);
  return texts;
}

}  // namespace okr::cli
