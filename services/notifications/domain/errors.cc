#include "services/notifications/domain/errors.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"

namespace okr::notifications::error {

absl::Status NotFound(absl::string_view name) {
  return MakeError(absl::StatusCode::kNotFound,
                   absl::StrCat(name, " does not exist; ListNotifications gives those that do"),
                   {.reason = "RESOURCE_NOT_FOUND", .metadata = {{"name", std::string(name)}}});
}

}  // namespace okr::notifications::error
