#include "common/rpc/consistency_token.h"

#include "common/testing/status_matchers.h"

namespace okr::rpc {
namespace {

TEST(ConsistencyTokens, ReadsWhatItWrites) {
  const std::vector<ConsistencyToken> tokens = {
      {.source = "goals", .epoch = 1'700'000'000, .shard = 3, .position = 41},
      {.source = "scoring", .epoch = 1'700'000'001, .shard = 0, .position = 0}};
  EXPECT_EQ(FormatConsistencyTokens(tokens), "goals:1700000000:3:41,scoring:1700000001:0:0");
  ASSERT_OK_AND_ASSIGN(const auto read, ParseConsistencyTokens(FormatConsistencyTokens(tokens)));
  EXPECT_EQ(read, tokens);
}

TEST(ConsistencyTokens, AnEmptyTextHasNone) {
  ASSERT_OK_AND_ASSIGN(const auto tokens, ParseConsistencyTokens(""));
  EXPECT_TRUE(tokens.empty());
}

TEST(ConsistencyTokens, RefusesOtherForms) {
  for (const char* text :
       {"goals", "goals:1:2", "goals:1:2:3:4", ":1:2:3", "goals:x:2:3", "goals:1:-2:3",
        "goals:1:2:-3", "Goals:1:2:3", "goals:1:2:3,", "goals:+1:2:3", "goals: 1:2:3"}) {
    EXPECT_THAT(ParseConsistencyTokens(text), testing::NamesField("okr-consistency-token")) << text;
  }
}

TEST(ConsistencyTokens, RefusesMoreThan64) {
  std::vector<ConsistencyToken> tokens(64, {.source = "goals"});
  EXPECT_OK(ParseConsistencyTokens(FormatConsistencyTokens(tokens)));
  tokens.push_back({.source = "goals"});
  EXPECT_FALSE(ParseConsistencyTokens(FormatConsistencyTokens(tokens)).ok());
}

}  // namespace
}  // namespace okr::rpc
