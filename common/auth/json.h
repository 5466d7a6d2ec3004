// The little of JSON that tokens and keys need, over jansson.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

struct json_t;

namespace okr::auth {

// A JSON object. Immutable.
class JsonObject {
 public:
  // Absent unless `text` is one JSON object in valid UTF-8 without repeated keys.
  static std::optional<JsonObject> Parse(absl::string_view text);

  bool Has(const char* key) const;
  // Absent if missing or of another type.
  std::optional<std::string> GetString(const char* key) const;
  std::optional<double> GetNumber(const char* key) const;
  // The texts of an array, or the one of a string (as "aud" is written); absent otherwise.
  std::optional<std::vector<std::string>> GetStrings(const char* key) const;
  // The objects of an array; absent if it is none. Elements that are no objects are left out.
  std::optional<std::vector<JsonObject>> GetObjects(const char* key) const;
  std::string ToText() const;

 private:
  struct Release {
    void operator()(json_t* json) const;
  };
  explicit JsonObject(json_t* owned) : json_(owned, Release()) {}

  std::shared_ptr<json_t> json_;
};

}  // namespace okr::auth
