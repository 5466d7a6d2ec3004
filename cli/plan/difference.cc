#include "cli/plan/difference.h"

#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/message_differencer.h"

namespace okr::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool SameScalar(const Message& a, const Message& b, const FieldDescriptor& field) {
  google::protobuf::util::MessageDifferencer differencer;
  return differencer.CompareWithFields(a, b, {&field}, {&field});
}

bool ListContains(const Message& have, const Message& wanted, const FieldDescriptor& field) {
  const auto& reflection = *wanted.GetReflection();
  const int size = reflection.FieldSize(wanted, &field);
  if (reflection.FieldSize(have, &field) != size) return false;
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
    google::protobuf::util::MessageDifferencer differencer;
    differencer.set_repeated_field_comparison(google::protobuf::util::MessageDifferencer::AS_SET);
    return differencer.CompareWithFields(have, wanted, {&field}, {&field});
  }
  for (int i = 0; i < size; ++i) {
    bool found = false;
    for (int j = 0; j < size && !found; ++j) {
      found = Contains(reflection.GetRepeatedMessage(have, &field, j),
                       reflection.GetRepeatedMessage(wanted, &field, i));
    }
    if (!found) return false;
  }
  return true;
}

bool FieldContains(const Message& have, const Message& wanted, const FieldDescriptor& field) {
  if (field.is_repeated()) return ListContains(have, wanted, field);
  const auto& reflection = *wanted.GetReflection();
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    const bool wants = reflection.HasField(wanted, &field);
    if (wants != reflection.HasField(have, &field)) return false;
    return !wants ||
           Contains(reflection.GetMessage(have, &field), reflection.GetMessage(wanted, &field));
  }
  return SameScalar(have, wanted, field);
}

}  // namespace

bool Contains(const Message& have, const Message& wanted) {
  std::vector<const FieldDescriptor*> fields;
  wanted.GetReflection()->ListFields(wanted, &fields);
  for (const FieldDescriptor* field : fields) {
    if (!FieldContains(have, wanted, *field)) return false;
  }
  return true;
}

std::vector<std::string> DifferingFields(const Message& have, const Message& wanted,
                                         const std::vector<std::string>& fields) {
  std::vector<std::string> differing;
  for (const std::string& name : fields) {
    const FieldDescriptor* field = wanted.GetDescriptor()->FindFieldByName(name);
    if (field != nullptr && !FieldContains(have, wanted, *field)) differing.push_back(name);
  }
  return differing;
}

}  // namespace okr::cli
