#include "common/testing/temp_directory.h"

#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace okr::testing {

absl::StatusOr<std::unique_ptr<TempDirectory>> TempDirectory::Make(const std::string& user) {
  std::string path = "/tmp/okr-test-XXXXXX";
  if (mkdtemp(path.data()) == nullptr) {
    return absl::InternalError(absl::StrCat("mkdtemp: ", std::strerror(errno)));
  }
  auto directory = std::unique_ptr<TempDirectory>(new TempDirectory(path));
  if (user.empty()) return directory;
  const passwd* const entry = getpwnam(user.c_str());
  if (entry == nullptr) return absl::NotFoundError(absl::StrCat("there is no user ", user));
  if (chown(path.c_str(), entry->pw_uid, entry->pw_gid) != 0) {
    return absl::InternalError(absl::StrCat("chown: ", std::strerror(errno)));
  }
  return directory;
}

TempDirectory::~TempDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace okr::testing
