// What the fuzz targets share: a check that ends the process, and inputs that are cut into values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// Ends the process unless `condition` holds, and says what was checked. `detail` is any text.
#define OKR_FUZZ_CHECK(condition, detail)                                          \
  do {                                                                             \
    if (!(condition)) ::okr::fuzz::Fail(__FILE__, __LINE__, #condition, (detail)); \
  } while (false)

namespace okr::fuzz {

[[noreturn]] void Fail(const char* file, int line, absl::string_view what,
                       absl::string_view detail);

// Cuts an input into values. Inputs are lines, so that seeds can be read and dictionaries help.
class Input {
 public:
  explicit Input(absl::string_view bytes) : rest_(bytes) {}

  bool empty() const { return rest_.empty(); }
  // Up to the next line feed, which is taken too.
  absl::string_view Line();
  // Up to `separator`, which is taken too.
  absl::string_view Until(absl::string_view separator);
  absl::string_view Rest() const { return rest_; }
  // The bytes of the next line as a number below `limit`, which is not 0.
  size_t Number(size_t limit);

 private:
  absl::string_view rest_;
};

std::vector<std::string> Lines(absl::string_view text);

// Checks that `status` is INVALID_ARGUMENT / INVALID_FIELDS, and that all its violations name a
// field and say something. With `field` they are all of this one.
void CheckNamesFields(const absl::Status& status, absl::string_view field = "");

}  // namespace okr::fuzz
