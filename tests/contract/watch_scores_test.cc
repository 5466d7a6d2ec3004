// WatchScores: changes as they happen, resumed without gap, and only what the watcher may see.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/company.h"
#include "tests/support/refusals.h"
#include "tests/support/stream.h"

namespace okr::testing {
namespace {

namespace v1 = ::okr::scoring::v1;
using ::testing::ElementsAre;

bool IsHeartBeat(const v1::WatchScoresResponse& response) {
  return response.change_case() == v1::WatchScoresResponse::CHANGE_NOT_SET;
}

class WatchScores : public ::testing::Test {
 protected:
  using Watch = Stream<v1::WatchScoresResponse>;

  void SetUp() override {
    company_.MakeObjective("o");
    company_.MakeObjective("other");
    // Whatever the making of objectives changed is over when this score is there.
    ASSERT_OK(company_.KeyResultScore("zoe", "other"));
  }

  std::unique_ptr<Watch> Start(const std::string& person, const v1::WatchScoresRequest& request) {
    return std::make_unique<Watch>(company_.as(person), [&](grpc::ClientContext* context) {
      return company_.as(person).scoring().WatchScores(context, request);
    });
  }
  // Has begun to watch: the first heart-beat was there.
  std::unique_ptr<Watch> Started(const std::string& person, absl::string_view text) {
    auto watch = Start(person, company_.Parse<v1::WatchScoresRequest>(text));
    const auto first = watch->Next();
    EXPECT_TRUE(first && IsHeartBeat(*first));
    return watch;
  }
  // The next change of the key result of this objective to this progress.
  std::optional<v1::WatchScoresResponse> AwaitProgress(Watch& watch, const std::string& objective,
                                                       double progress) {
    return watch.Next([&](const v1::WatchScoresResponse& response) {
      return response.key_result_score().key_result() == company_.KeyResultOf(objective) &&
             response.key_result_score().progress() == progress;
    });
  }

  Company company_;
};

TEST_F(WatchScores, SeesKeyResultsAndObjectivesChange) {
  const auto watch = Started("zoe", "parent: '$O'");
  ASSERT_OK(company_.CheckIn("ben", "o", 40));
  const auto change = AwaitProgress(*watch, "o", 0.4);
  ASSERT_TRUE(change);
  EXPECT_EQ(change->key_result_score().score(), 0.4);
  EXPECT_FALSE(change->key_result_score().has_progress_explanation());
  EXPECT_NE(change->resume_token(), "");
  const auto objective = watch->Next([&](const v1::WatchScoresResponse& response) {
    return response.objective_score().objective() == company_.Name("objectives/o") &&
           response.objective_score().progress() == 0.4;
  });
  ASSERT_TRUE(objective);
  EXPECT_FALSE(objective->objective_score().has_score_explanation());
}

TEST_F(WatchScores, SeesOnlyTheObjectivesThatAreAskedFor) {
  const auto watch = Started("zoe", "parent: '$O' objectives: '$O/objectives/o'");
  ASSERT_OK(company_.CheckIn("ben", "other", 10));
  ASSERT_OK(company_.CheckIn("ben", "o", 20));
  const auto first = watch->Next([](const auto& response) { return !IsHeartBeat(response); });
  ASSERT_TRUE(first);
  EXPECT_EQ(first->key_result_score().key_result(), company_.KeyResultOf("o"))
      << first->ShortDebugString();
}

TEST_F(WatchScores, GoesOnWithTheChangeAfterTheToken) {
  auto watch = Started("zoe", "parent: '$O' objectives: '$O/objectives/o'");
  ASSERT_OK(company_.CheckIn("ben", "o", 10));
  const auto first = AwaitProgress(*watch, "o", 0.1);
  ASSERT_TRUE(first);
  watch->Cancel();
  // Missed while nobody watched.
  ASSERT_OK(company_.CheckIn("ben", "o", 20));
  ASSERT_OK(company_.KeyResultScore("ben", "o"));  // Or the two may be one change.
  ASSERT_OK(company_.CheckIn("ben", "o", 30));
  auto request =
      company_.Parse<v1::WatchScoresRequest>("parent: '$O' objectives: '$O/objectives/o'");
  request.set_resume_token(first->resume_token());
  watch = Start("zoe", request);
  std::vector<double> seen = {0.1};  // Its status may change after it.
  while (seen.back() != 0.3) {
    const auto next = watch->Next([](const auto& r) { return r.has_key_result_score(); });
    ASSERT_TRUE(next);
    const double progress = next->key_result_score().progress();
    if (seen.back() != progress) seen.push_back(progress);
  }
  EXPECT_THAT(seen, ElementsAre(0.1, 0.2, 0.3));
}

TEST_F(WatchScores, HidesPrivateObjectivesAndThePersonalScores) {
  company_.MakeObjective("secret", "owner: '$O/people/ben' visibility: VISIBILITY_PRIVATE");
  company_.MakeObjective("bens", "owner: '$O/people/ben'");
  const auto strangers = Started("zoe", "parent: '$O'");
  const auto owners = Started("ben", "parent: '$O'");
  ASSERT_OK(company_.CheckIn("ben", "secret", 70));
  ASSERT_OK(company_.KeyResultScore("ben", "secret"));
  ASSERT_OK(company_.CheckIn("ben", "bens", 80));
  EXPECT_TRUE(AwaitProgress(*owners, "secret", 0.7));
  const auto own = AwaitProgress(*owners, "bens", 0.8);
  ASSERT_TRUE(own) << owners->End();
  EXPECT_EQ(own->key_result_score().score(), 0.8);
  bool secret = false;
  const auto seen = strangers->Next([&](const v1::WatchScoresResponse& response) {
    secret = secret || response.ShortDebugString().find("/secret") != std::string::npos;
    return response.key_result_score().key_result() == company_.KeyResultOf("bens") &&
           response.key_result_score().progress() == 0.8;
  });
  ASSERT_TRUE(seen);
  EXPECT_FALSE(secret);
  EXPECT_FALSE(seen->key_result_score().has_score());
  EXPECT_FALSE(seen->key_result_score().has_computed_score());
}

TEST_F(WatchScores, RefusesAllWrongFieldsAtOnce) {
  auto request = company_.Parse<v1::WatchScoresRequest>(
      "parent: 'wrong' objectives: 'wrong' resume_token: 'forged'");
  EXPECT_THAT(WrongFields(Start("zoe", request)->End()),
              ElementsAre("objectives[0]", "parent", "resume_token"));
  request = company_.Parse<v1::WatchScoresRequest>("parent: '$O'");
  for (int i = 0; i < 1001; ++i) request.add_objectives(company_.Name("objectives/o"));
  EXPECT_THAT(WrongFields(Start("zoe", request)->End()), ElementsAre("objectives"));
}

TEST_F(WatchScores, RefusesATokenOfWhatTheLogDoesNotHave) {
  const auto request =
      company_.Parse<v1::WatchScoresRequest>("parent: '$O' resume_token: '1-99999999'");
  EXPECT_THAT(Start("zoe", request)->End(), IsRefused("POSITION_UNKNOWN"));
}

TEST_F(WatchScores, RefusesOtherOrganizations) {
  Company other;
  const auto request = company_.Parse<v1::WatchScoresRequest>("parent: '$O'");
  Watch watch(other.as("admin"), [&](grpc::ClientContext* context) {
    return other.as("admin").scoring().WatchScores(context, request);
  });
  EXPECT_THAT(watch.End(), IsRefused("WRONG_ORGANIZATION"));
}

}  // namespace
}  // namespace okr::testing
