// A directory that goes away with its owner.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace okr::testing {

// Short enough for the path of a unix socket, whatever TMPDIR says.
class TempDirectory {
 public:
  // Owned by `user` if one is named, else by ourselves.
  static absl::StatusOr<std::unique_ptr<TempDirectory>> Make(const std::string& user = "");
  ~TempDirectory();
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  const std::string& path() const { return path_; }

 private:
  explicit TempDirectory(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace okr::testing
