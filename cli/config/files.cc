#include "cli/config/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "cli/render/errors.h"

namespace okr::cli {
namespace {

std::string ReadAll(std::istream& in) {
  return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

absl::Status CannotWrite(const std::string& path) {
  return UsageError(absl::StrCat("cannot write ", path, ": ", std::strerror(errno)));
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  if (path == "-") return ReadAll(std::cin);
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return UsageError(absl::StrCat("cannot read ", path, ": it is a folder"));
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) return UsageError(absl::StrCat("cannot read ", path, ": ", std::strerror(errno)));
  return ReadAll(in);
}

absl::Status WriteFile(const std::string& path, absl::string_view content, mode_t mode) {
  std::error_code ignored;
  const auto folder = std::filesystem::path(path).parent_path();
  if (!folder.empty()) std::filesystem::create_directories(folder, ignored);
  const std::string fresh = absl::StrCat(path, ".", getpid(), ".new");
  const int file = open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (file < 0) return CannotWrite(path);
  const bool whole =
      write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size());
  if (close(file) != 0 || !whole || std::rename(fresh.c_str(), path.c_str()) != 0) {
    const absl::Status failure = CannotWrite(path);
    unlink(fresh.c_str());
    return failure;
  }
  return absl::OkStatus();
}

}  // namespace okr::cli
