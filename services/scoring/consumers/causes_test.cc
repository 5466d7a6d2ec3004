#include "services/scoring/consumers/causes.h"

#include <gtest/gtest.h>

namespace okr::scoring {
namespace {

Causes CausesOf(const std::vector<std::pair<std::string, std::string>>& all) {
  Causes causes;
  for (const auto& [subject, traceparent] : all) causes.Add(subject, traceparent);
  return causes;
}

TEST(Causes, TheLastOneThatSpeaksOfTheResourceOrOfOneBeneathIt) {
  const Causes causes = CausesOf({{"o/a/keyResults/k/checkIns/1", "first"},
                                  {"o/a/keyResults/k/checkIns/2", "second"},
                                  {"o/a/keyResults/l", "other"},
                                  {"o/ab/keyResults/k", "neighbour"}});
  EXPECT_EQ(causes.TraceparentOf("o/a/keyResults/k"), "second");
  EXPECT_EQ(causes.TraceparentOf("o/a/keyResults/l"), "other");
  EXPECT_EQ(causes.TraceparentOf("o/a"), "other");
  EXPECT_EQ(causes.TraceparentOf("o/ab"), "neighbour");
}

TEST(Causes, WhatNoneSpeaksOfIsDueToTheLast) {
  const Causes causes = CausesOf({{"o/a", "first"}, {"o/b", "last"}});
  EXPECT_EQ(causes.TraceparentOf("o/above"), "last");
}

TEST(Causes, WithoutCausesThereIsNoTrace) { EXPECT_EQ(Causes().TraceparentOf("o/a"), ""); }

}  // namespace
}  // namespace okr::scoring
