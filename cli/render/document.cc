#include "cli/render/document.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/util/json_util.h"
#include "yaml-cpp/yaml.h"

namespace okr::cli {
namespace {

using Json = nlohmann::ordered_json;

Json ToJson(const google::protobuf::Message& message, Format format) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = format == Format::kYaml;
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(message, &text, options).ok()) {
    return Json::object();
  }
  return Json::parse(text);
}

// Whether a YAML reader would take the plain text for something else than a text.
bool NeedsQuotes(const std::string& text) {
  if (text.empty()) return true;
  try {
    const YAML::Node node = YAML::Load(text);
    if (!node.IsScalar() || node.Scalar() != text || node.IsNull()) return true;
    double number = 0;
    bool truth = false;
    return YAML::convert<double>::decode(node, number) || YAML::convert<bool>::decode(node, truth);
  } catch (const YAML::Exception&) {
    return true;
  }
}

void EmitText(const std::string& text, YAML::Emitter& out) {
  const size_t line_break = text.find('\n');
  const bool ends_in_one =
      !text.empty() && text.back() == '\n' && (text.size() == 1 || text[text.size() - 2] != '\n');
  if (line_break != std::string::npos && ends_in_one && text[0] != ' ' && text[0] != '\n') {
    out << YAML::Literal << text.substr(0, text.size() - 1);
  } else if (line_break != std::string::npos || NeedsQuotes(text)) {
    out << YAML::DoubleQuoted << text;
  } else {
    out << text;
  }
}

void Emit(const Json& json, YAML::Emitter& out) {
  if (json.is_object()) {
    out << YAML::BeginMap;
    for (const auto& [key, value] : json.items()) {
      out << YAML::Key << key << YAML::Value;
      Emit(value, out);
    }
    out << YAML::EndMap;
  } else if (json.is_array()) {
    out << YAML::BeginSeq;
    for (const Json& item : json) Emit(item, out);
    out << YAML::EndSeq;
  } else if (json.is_string()) {
    EmitText(json.get<std::string>(), out);
  } else {
    out << json.dump();
  }
}

std::string Render(const Json& json, Format format) {
  if (format == Format::kJson) return json.dump(2) + "\n";
  YAML::Emitter out;
  Emit(json, out);
  return absl::StrCat(out.c_str(), "\n");
}

}  // namespace

std::string RenderDocument(const google::protobuf::Message& message, Format format) {
  return Render(ToJson(message, format), format);
}

std::string RenderDocuments(const std::vector<const google::protobuf::Message*>& messages,
                            Format format) {
  Json array = Json::array();
  for (const auto* message : messages) array.push_back(ToJson(*message, format));
  return Render(array, format);
}

std::string RenderStreamItem(const google::protobuf::Message& message, Format format) {
  if (format == Format::kYaml) return absl::StrCat("---\n", RenderDocument(message, format));
  return ToJson(message, format).dump() + "\n";
}

}  // namespace okr::cli
