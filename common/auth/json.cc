#include "common/auth/json.h"

#include <jansson.h>

#include <cstdlib>

namespace okr::auth {

void JsonObject::Release::operator()(json_t* json) const { json_decref(json); }

std::optional<JsonObject> JsonObject::Parse(absl::string_view text) {
  json_t* json = json_loadb(text.data(), text.size(), JSON_REJECT_DUPLICATES, nullptr);
  if (json == nullptr) return std::nullopt;
  JsonObject object(json);
  if (!json_is_object(json)) return std::nullopt;
  return object;
}

bool JsonObject::Has(const char* key) const { return json_object_get(json_.get(), key) != nullptr; }

std::optional<std::string> JsonObject::GetString(const char* key) const {
  const json_t* value = json_object_get(json_.get(), key);
  if (!json_is_string(value)) return std::nullopt;
  return std::string(json_string_value(value), json_string_length(value));
}

std::optional<double> JsonObject::GetNumber(const char* key) const {
  const json_t* value = json_object_get(json_.get(), key);
  if (!json_is_number(value)) return std::nullopt;
  return json_number_value(value);
}

std::optional<std::vector<std::string>> JsonObject::GetStrings(const char* key) const {
  if (std::optional<std::string> one = GetString(key)) return {{*std::move(one)}};
  const json_t* array = json_object_get(json_.get(), key);
  if (!json_is_array(array)) return std::nullopt;
  std::vector<std::string> texts;
  for (size_t i = 0; i < json_array_size(array); ++i) {
    const json_t* value = json_array_get(array, i);
    if (!json_is_string(value)) return std::nullopt;
    texts.emplace_back(json_string_value(value), json_string_length(value));
  }
  return texts;
}

std::optional<std::vector<JsonObject>> JsonObject::GetObjects(const char* key) const {
  const json_t* array = json_object_get(json_.get(), key);
  if (!json_is_array(array)) return std::nullopt;
  std::vector<JsonObject> objects;
  for (size_t i = 0; i < json_array_size(array); ++i) {
    json_t* value = json_array_get(array, i);
    if (json_is_object(value)) objects.push_back(JsonObject(json_incref(value)));
  }
  return objects;
}

std::string JsonObject::ToText() const {
  const std::unique_ptr<char, decltype(&std::free)> text(json_dumps(json_.get(), JSON_COMPACT),
                                                         &std::free);
  return text == nullptr ? "" : text.get();
}

}  // namespace okr::auth
