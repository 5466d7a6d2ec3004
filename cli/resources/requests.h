// The standard methods of any kind of resource, built by their names.
#pragma once

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "cli/resources/kinds.h"
#include "google/protobuf/message.h"

namespace okr::cli {

enum class Verb { kCreate, kGet, kList, kUpdate, kDelete };

// An empty request, e.g. CreateObjectiveRequest; null where the suite has no such method.
std::unique_ptr<google::protobuf::Message> NewRequest(Verb verb, Kind kind);

// An empty resource.
std::unique_ptr<google::protobuf::Message> NewResource(Kind kind);

// Sets a string field; the field must exist.
void SetText(google::protobuf::Message* message, const std::string& field, absl::string_view text);
bool HasField(const google::protobuf::Message& message, const std::string& field);
std::string GetText(const google::protobuf::Message& message, const std::string& field);

// The field of a Create or Update request that holds the resource, e.g. "key_result".
std::string ResourceField(Kind kind);

// CreateXRequest for a resource of this name. A name that ends in "/" leaves the id to the service.
std::unique_ptr<google::protobuf::Message> CreateRequest(Kind kind, absl::string_view name,
                                                         const google::protobuf::Message& resource);
// UpdateXRequest of these fields; the resource carries name and etag.
std::unique_ptr<google::protobuf::Message> UpdateRequest(Kind kind,
                                                         const google::protobuf::Message& resource,
                                                         const std::vector<std::string>& fields);
std::unique_ptr<google::protobuf::Message> GetRequest(Kind kind, absl::string_view name);

}  // namespace okr::cli
