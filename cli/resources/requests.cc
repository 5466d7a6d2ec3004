#include "cli/resources/requests.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/field_mask.pb.h"

namespace okr::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::Message;
using google::protobuf::MessageFactory;

constexpr const char* kVerbs[] = {"Create", "Get", "List", "Update", "Delete"};

std::string Capitalized(std::string word) {
  word[0] = absl::ascii_toupper(word[0]);
  return word;
}

std::unique_ptr<Message> NewMessage(const std::string& type) {
  const Descriptor* descriptor = DescriptorPool::generated_pool()->FindMessageTypeByName(type);
  if (descriptor == nullptr) return nullptr;
  return std::unique_ptr<Message>(
      MessageFactory::generated_factory()->GetPrototype(descriptor)->New());
}

// "okr.goals.v1.KeyResult" has the package "okr.goals.v1" and the short name "KeyResult".
std::string PackageOf(Kind kind) {
  const std::string& message = InfoOf(kind).message;
  return message.substr(0, message.rfind('.'));
}
std::string TypeOf(Kind kind) {
  const std::string& message = InfoOf(kind).message;
  return message.substr(message.rfind('.') + 1);
}

Message* MutableMessage(Message* message, const std::string& field) {
  return message->GetReflection()->MutableMessage(message,
                                                  message->GetDescriptor()->FindFieldByName(field));
}

}  // namespace

std::unique_ptr<Message> NewRequest(Verb verb, Kind kind) {
  const std::string subject =
      verb == Verb::kList ? Capitalized(InfoOf(kind).collection) : TypeOf(kind);
  return NewMessage(
      absl::StrCat(PackageOf(kind), ".", kVerbs[static_cast<size_t>(verb)], subject, "Request"));
}

std::unique_ptr<Message> NewResource(Kind kind) { return NewMessage(InfoOf(kind).message); }

void SetText(Message* message, const std::string& field, absl::string_view text) {
  message->GetReflection()->SetString(message, message->GetDescriptor()->FindFieldByName(field),
                                      std::string(text));
}

bool HasField(const Message& message, const std::string& field) {
  return message.GetDescriptor()->FindFieldByName(field) != nullptr;
}

std::string GetText(const Message& message, const std::string& field) {
  return message.GetReflection()->GetString(message,
                                            message.GetDescriptor()->FindFieldByName(field));
}

std::string ResourceField(Kind kind) {
  std::string field = InfoOf(kind).singular;
  for (char& c : field) {
    if (c == '-') c = '_';
  }
  return field;
}

std::unique_ptr<Message> CreateRequest(Kind kind, absl::string_view name, const Message& resource) {
  auto request = NewRequest(Verb::kCreate, kind);
  SetText(request.get(), "parent", ParentOf(name));
  SetText(request.get(), absl::StrCat(ResourceField(kind), "_id"), IdOf(name));
  Message* sent = MutableMessage(request.get(), ResourceField(kind));
  sent->CopyFrom(resource);
  SetText(sent, "name", "");
  return request;
}

std::unique_ptr<Message> UpdateRequest(Kind kind, const Message& resource,
                                       const std::vector<std::string>& fields) {
  auto request = NewRequest(Verb::kUpdate, kind);
  MutableMessage(request.get(), ResourceField(kind))->CopyFrom(resource);
  auto* mask =
      dynamic_cast<google::protobuf::FieldMask*>(MutableMessage(request.get(), "update_mask"));
  for (const std::string& field : fields) mask->add_paths(field);
  return request;
}

std::unique_ptr<Message> GetRequest(Kind kind, absl::string_view name) {
  auto request = NewRequest(Verb::kGet, kind);
  SetText(request.get(), "name", name);
  return request;
}

}  // namespace okr::cli
