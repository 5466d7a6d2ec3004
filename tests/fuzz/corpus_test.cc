// Replays what fuzzing has found, in every ordinary build.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/fuzz/targets.h"

namespace okr::fuzz {
namespace {

struct Target {
  const char* name;  // Of the folder of its corpus.
  void (*run)(absl::string_view input);
};

std::ostream& operator<<(std::ostream& out, const Target& target) { return out << target.name; }

class Corpus : public ::testing::TestWithParam<Target> {};

TEST_P(Corpus, Holds) {
  const std::filesystem::path folder = std::filesystem::path("tests/fuzz/corpus") / GetParam().name;
  size_t inputs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    SCOPED_TRACE(entry.path().string());
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string input((std::istreambuf_iterator<char>(file)),
                            std::istreambuf_iterator<char>());
    GetParam().run(input);
    ++inputs;
  }
  EXPECT_GT(inputs, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Fuzz, Corpus,
    ::testing::Values(Target{"config", Config}, Target{"connection_url", ConnectionUrl},
                      Target{"error_details", ErrorDetails}, Target{"event", Event},
                      Target{"headers", Headers}, Target{"jwks", Jwks},
                      Target{"page_token", PageToken}, Target{"plan", Plan},
                      Target{"request", Request}, Target{"resource_name", ResourceName},
                      Target{"text", Text}, Target{"token", Token},
                      Target{"token_issuers", TokenIssuers}, Target{"update_mask", UpdateMask}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace okr::fuzz
