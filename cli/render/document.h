// Resources as JSON and YAML.
#pragma once

#include <string>
#include <vector>

#include "google/protobuf/message.h"

namespace okr::cli {

enum class Format { kTable, kJson, kYaml };

// JSON: proto3 JSON, indented. YAML: the same with the fields' own names, as files for apply and
// create have them. Ends in '\n'.
std::string RenderDocument(const google::protobuf::Message& message, Format format);
// An array of them.
std::string RenderDocuments(const std::vector<const google::protobuf::Message*>& messages,
                            Format format);
// One line of JSON, for streams; a document that begins with "---" for YAML.
std::string RenderStreamItem(const google::protobuf::Message& message, Format format);

}  // namespace okr::cli
