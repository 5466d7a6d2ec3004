// Every reason that the tree's code gives to an error is one that the contract knows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <okr/errors/v1/error_reason.pb.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

namespace okr::rpc {
namespace {

bool IsOurSource(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  const bool is_code = path.extension() == ".cc" || path.extension() == ".h";
  return is_code && name.find("_test") == std::string::npos;
}

std::set<std::string> ReasonsIn(const std::filesystem::path& path) {
  std::ifstream file(path);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  static const std::regex pattern("\\.reason = \"([A-Z_]+)\"");
  std::set<std::string> reasons;
  for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it) {
    reasons.insert((*it)[1]);
  }
  return reasons;
}

// Reasons that do not leave the process: grpc_status.cc replaces them.
const std::set<std::string> kInternal = {"ALREADY_EXISTS", "CONSTRAINT_VIOLATED", "INVALID_VALUE",
                                         "SCHEMA_VERSION_MISMATCH", "TRANSACTION_CONFLICT"};

TEST(ErrorReasons, AreAllInTheContract) {
  size_t files = 0;
  for (const char* root : {"common", "services"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
      if (!IsOurSource(entry.path())) continue;
      ++files;
      for (const std::string& reason : ReasonsIn(entry.path())) {
        okr::errors::v1::ErrorReason value{};
        EXPECT_TRUE(kInternal.count(reason) > 0 ||
                    okr::errors::v1::ErrorReason_Parse("ERROR_REASON_" + reason, &value))
            << reason << " in " << entry.path();
      }
    }
  }
  EXPECT_GT(files, 50u);  // It looked in the right place.
}

}  // namespace
}  // namespace okr::rpc
