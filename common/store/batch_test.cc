#include "common/store/batch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <mutex>
#include <thread>

#include "common/postgres/sqlstate.h"
#include "common/store/test_support.h"
#include "common/store/writer.h"

namespace okr::store {
namespace {

using okr::testing::HasCode;
using okr::testing::HasReason;
using okr::testing::IsOk;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class BatchTest : public ::testing::Test {
 protected:
  // Runs the commands as one batch and gives their outcomes.
  std::vector<Outcome> Run(std::deque<TestCommand>& commands) {
    std::vector<std::unique_ptr<Command>> batch;
    for (TestCommand& command : commands) batch.push_back(command.Take());
    Batch(*connection_, options_, deps_).Run(std::move(batch));
    std::vector<Outcome> outcomes;
    for (TestCommand& command : commands) outcomes.push_back(command.Get());
    return outcomes;
  }
  Outcome RunOne(TestCommand::Decide decide, std::string request_id = "",
                 std::string body = "body") {
    std::deque<TestCommand> commands;
    commands.emplace_back(std::move(decide), std::move(request_id), std::move(body));
    return Run(commands).front();
  }

  NotesDatabase database_;
  std::unique_ptr<postgres::Connection> connection_ = database_.Connect();
  UuidGenerator ids_;
  std::mutex mutex_;  // Guards committed_: a writer has several threads.
  std::vector<int64_t> committed_;
  BatchOptions options_;
  BatchDeps deps_{
      .clock = SystemClock::Get(), .ids = ids_, .committed = [this](const LogPosition& at) {
        const std::lock_guard lock(mutex_);
        committed_.push_back(at.position);
      }};
};

TEST_F(BatchTest, WritesRowEventAndAnswerTogether) {
  const Outcome outcome = RunOne(Write("notes/a", "red:one"));
  ASSERT_OK(outcome.status);
  EXPECT_EQ(outcome.response, "red:one v1");
  EXPECT_EQ(outcome.position->position, 1);
  EXPECT_THAT(database_.Notes(), ElementsAre("notes/a=red:one v1"));
  EXPECT_THAT(database_.Events(), ElementsAre("1 organizations/acme/notes/a v1"));
  EXPECT_THAT(committed_, ElementsAre(1));
}

TEST_F(BatchTest, DropsCommandsWhoseDeadlineHasPassed) {
  std::deque<TestCommand> commands;
  commands.emplace_back(Write("notes/late", "red:late"));
  commands.emplace_back(Write("notes/a", "red:one"));
  commands[0].command().deadline = absl::Now() - absl::Seconds(1);
  const auto outcomes = Run(commands);
  EXPECT_THAT(outcomes[0].status, HasReason("DEADLINE_EXCEEDED"));
  EXPECT_OK(outcomes[1].status);
  EXPECT_THAT(database_.Notes(), ElementsAre("notes/a=red:one v1"));
}

TEST_F(BatchTest, FoldsCommandsOnOneRow) {
  std::deque<TestCommand> commands;
  for (int i = 1; i <= 3; ++i) commands.emplace_back(Write("notes/a", absl::StrCat("red:", i)));
  const auto outcomes = Run(commands);
  EXPECT_EQ(outcomes[0].response, "red:1 v1");
  EXPECT_EQ(outcomes[2].response, "red:3 v3");
  EXPECT_THAT(database_.Notes(), ElementsAre("notes/a=red:3 v3"));
  EXPECT_THAT(database_.Events(),
              ElementsAre("1 organizations/acme/notes/a v1", "2 organizations/acme/notes/a v2",
                          "3 organizations/acme/notes/a v3"));
}

TEST_F(BatchTest, ARefusedCommandFailsAloneAndLeavesNothing) {
  std::deque<TestCommand> commands;
  commands.emplace_back(Write("notes/a", "red:one"));
  commands.emplace_back(Refuse());
  commands.emplace_back(Write("notes/b", "red:two"));
  const auto outcomes = Run(commands);
  EXPECT_OK(outcomes[0].status);
  EXPECT_THAT(outcomes[1].status, HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_OK(outcomes[2].status);
  EXPECT_THAT(database_.Notes(), ElementsAre("notes/a=red:one v1", "notes/b=red:two v1"));
  EXPECT_THAT(database_.Query("SELECT count(*) FROM okr_notes.requests"), ElementsAre("2"));
}

TEST_F(BatchTest, ABatchOfRefusedCommandsWritesNothing) {
  EXPECT_THAT(RunOne(Refuse(), "r1").status, HasCode(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(database_.Notes(), IsEmpty());
  EXPECT_THAT(committed_, IsEmpty());
  EXPECT_FALSE(connection_->in_transaction());
}

TEST_F(BatchTest, MergesTheSameRequestInOneBatch) {
  std::deque<TestCommand> commands;
  commands.emplace_back(Write("notes/a", "red:one"), "r1");
  commands.emplace_back(Write("notes/a", "red:one"), "r1");
  const auto outcomes = Run(commands);
  EXPECT_EQ(outcomes[0].response, "red:one v1");
  EXPECT_EQ(outcomes[1].response, "red:one v1");
  EXPECT_THAT(database_.Events(), ElementsAre("1 organizations/acme/notes/a v1"));
}

TEST_F(BatchTest, RefusesAnotherBodyUnderTheSameRequestIdInOneBatch) {
  std::deque<TestCommand> commands;
  commands.emplace_back(Write("notes/a", "red:one"), "r1", "one");
  commands.emplace_back(Write("notes/a", "red:two"), "r1", "two");
  const auto outcomes = Run(commands);
  EXPECT_OK(outcomes[0].status);
  EXPECT_THAT(outcomes[1].status, HasReason("REQUEST_ID_REUSED"));
}

TEST_F(BatchTest, ARepeatedRequestGetsTheFirstAnswerAndChangesNothing) {
  const Outcome first = RunOne(Write("notes/a", "red:one"), "r1");
  const Outcome second = RunOne(Write("notes/a", "red:one"), "r1");
  EXPECT_OK(second.status);
  EXPECT_EQ(second.response, first.response);
  EXPECT_THAT(database_.Notes(), ElementsAre("notes/a=red:one v1"));
}

TEST_F(BatchTest, ARepeatedRequestsAnswerIsNotBeforeItsWrite) {
  const Outcome first = RunOne(Write("notes/a", "red:one"), "r1");
  RunOne(Write("notes/b", "red:two"));
  const Outcome second = RunOne(Write("notes/a", "red:one"), "r1");
  ASSERT_TRUE(second.position);
  EXPECT_EQ(second.position->epoch, first.position->epoch);
  EXPECT_EQ(second.position->shard, first.position->shard);
  EXPECT_EQ(second.position->position, 2);
}

TEST_F(BatchTest, RefusesAnotherBodyUnderAStoredRequestId) {
  RunOne(Write("notes/a", "red:one"), "r1", "one");
  EXPECT_THAT(RunOne(Write("notes/a", "red:two"), "r1", "two").status,
              HasReason("REQUEST_ID_REUSED"));
  EXPECT_THAT(database_.Notes(), ElementsAre("notes/a=red:one v1"));
}

TEST_F(BatchTest, ARefusalIsNotRemembered) {
  EXPECT_FALSE(RunOne(Refuse(), "r1").status.ok());
  EXPECT_OK(RunOne(Write("notes/a", "red:one"), "r1").status);
}

// The same request reaches two replicas at once; the second is decided by what the first one did.
TEST_F(BatchTest, ARepeatedRequestIsNotRefusedForWhatItDidItself) {
  const std::unique_ptr<postgres::Connection> other = database_.Connect();
  std::optional<Outcome> first;
  const auto create = [&](View& view, StringValue&) -> absl::Status {
    auto found = view.Find(Notes(), "notes/a");
    if (!found.ok()) return found.status();
    if (!first) {
      TestCommand same(Write("notes/a", "red:one"), "r1");
      std::vector<std::unique_ptr<Command>> batch;
      batch.push_back(same.Take());
      Batch(*other, options_, deps_).Run(std::move(batch));
      first = same.Get();
    }
    return absl::AlreadyExistsError("taken");
  };
  std::deque<TestCommand> commands;
  commands.emplace_back(create, "r1");
  commands.emplace_back(create, "r2");
  commands.emplace_back(Write("notes/b", "red:two"), "r3");
  const auto outcomes = Run(commands);
  ASSERT_OK(first->status);
  EXPECT_OK(outcomes[0].status);
  EXPECT_EQ(outcomes[0].response, first->response);
  EXPECT_THAT(outcomes[1].status, HasCode(absl::StatusCode::kAlreadyExists));
  EXPECT_OK(outcomes[2].status);
  EXPECT_THAT(database_.Notes(), ElementsAre("notes/a=red:one v1", "notes/b=red:two v1"));
}

TEST_F(BatchTest, ValidateOnlyAnswersAndChangesNothing) {
  std::deque<TestCommand> commands;
  commands.emplace_back(Write("notes/a", "red:one"), "r1");
  commands[0].command().validate_only = true;
  EXPECT_EQ(Run(commands)[0].response, "red:one v1");
  EXPECT_THAT(database_.Notes(), IsEmpty());
  EXPECT_OK(RunOne(Write("notes/a", "red:one"), "r1").status);
}

TEST_F(BatchTest, APoisonousCommandFailsAlone) {
  std::deque<TestCommand> commands;
  for (int i = 0; i < 5; ++i) {
    commands.emplace_back(Write(absl::StrCat("notes/", i), i == 3 ? "poison:x" : "red:x"));
  }
  const auto outcomes = Run(commands);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(outcomes[i].status.ok(), i != 3) << outcomes[i].status;
  EXPECT_THAT(database_.Notes(), ElementsAre("notes/0=red:x v1", "notes/1=red:x v1",
                                             "notes/2=red:x v1", "notes/4=red:x v1"));
}

TEST_F(BatchTest, AFailedAttemptLeavesNoHoleInTheLog) {
  std::deque<TestCommand> commands;
  for (int i = 0; i < 4; ++i) {
    commands.emplace_back(Write(absl::StrCat("notes/", i), i == 1 ? "poison:x" : "red:x"));
  }
  Run(commands);
  EXPECT_OK(RunOne(Write("notes/a", "red:one")).status);
  EXPECT_THAT(database_.Events(),
              ElementsAre("1 organizations/acme/notes/0 v1", "2 organizations/acme/notes/2 v1",
                          "3 organizations/acme/notes/3 v1", "4 organizations/acme/notes/a v1"));
}

TEST_F(BatchTest, SelectSeesWhatEarlierCommandsMade) {
  std::deque<TestCommand> commands;
  commands.emplace_back(Write("notes/a", "red:one"));
  commands.emplace_back([](View& view, StringValue& response) {
    auto red = view.Select(Notes(), "color", std::string("red"));
    if (!red.ok()) return red.status();
    for (const auto& note : *red) response.mutable_value()->append(note.name + ";");
    return absl::OkStatus();
  });
  RunOne(Write("notes/z", "red:old"));
  RunOne(Write("notes/y", "blue:old"));
  EXPECT_EQ(Run(commands)[1].response, "notes/a;notes/z;");
}

TEST_F(BatchTest, ErasedRowsAreGone) {
  RunOne(Write("notes/a", "red:one"));
  const Outcome outcome = RunOne([](View& view, StringValue&) {
    if (auto found = view.Find(Notes(), "notes/a"); !found.ok()) return found.status();
    view.Erase(Notes(), "notes/a");
    return absl::OkStatus();
  });
  EXPECT_OK(outcome.status);
  EXPECT_THAT(database_.Notes(), IsEmpty());
}

TEST_F(BatchTest, ALostCommitReplyIsRepeatedAndNothingHappensTwice) {
  metrics::Counter repeats;
  deps_.repeats = &repeats;
  const Outcome outcome = RunOne(Write("notes/a", "fatal:one"));
  EXPECT_OK(outcome.status);
  EXPECT_EQ(repeats.value(), 1);
  EXPECT_THAT(database_.Notes(), ElementsAre("notes/a=fatal:one v1"));
  EXPECT_THAT(database_.Events(), ElementsAre("1 organizations/acme/notes/a v1"));
}

TEST_F(BatchTest, RowsOfAnotherOrganizationAreNotSeen) {
  RunOne(Write("notes/a", "red:one"));
  std::deque<TestCommand> commands;
  commands.emplace_back([](View& view, StringValue& response) {
    auto found = view.Find(Notes(), "notes/a");
    if (!found.ok()) return found.status();
    response.set_value(*found ? "seen" : "not seen");
    return absl::OkStatus();
  });
  commands[0].command().organization = "other";
  EXPECT_EQ(Run(commands)[0].response, "not seen");
}

TEST_F(BatchTest, AnOrganizationThatIsNotSetMatchesNothing) {
  RunOne(Write("notes/a", "red:one"));
  auto count =
      connection_->Execute({"", "SELECT count(*) FROM notes"}, {}, absl::Now() + absl::Seconds(5));
  ASSERT_OK(count);
  EXPECT_EQ(count->GetInt64(0, 0), 0);
}

class WriterTest : public BatchTest {
 protected:
  Writer::Options WriterOptions() { return {.database = database_.runtime(), .threads = 4}; }
};

TEST_F(WriterTest, PositionsOfConcurrentWritersAreContiguous) {
  constexpr int kCommands = 300;
  std::deque<TestCommand> commands;
  {
    Writer first(WriterOptions(), deps_);
    Writer second(WriterOptions(), deps_);
    for (int i = 0; i < kCommands; ++i) {
      commands.emplace_back(Write(absl::StrCat("notes/", i % 7), absl::StrCat("red:", i)));
      (i % 2 == 0 ? first : second).Submit(commands.back().Take());
    }
    for (TestCommand& command : commands) EXPECT_OK(command.Get().status);
  }
  EXPECT_THAT(database_.Query("SELECT count(*) || ' ' || min(position) || ' ' || max(position) "
                              "FROM okr_notes.event_log"),
              ElementsAre("300 1 300"));
  // Every version of every note has its event, in the order of the log.
  EXPECT_THAT(
      database_.Query(
          "SELECT count(*) FROM (SELECT subject_version - row_number() OVER (PARTITION BY subject "
          "ORDER BY position) AS skew FROM okr_notes.event_log) AS v WHERE skew <> 0"),
      ElementsAre("0"));
}

TEST_F(WriterTest, TheSameRequestAtTwoReplicasHappensOnce) {
  Writer first(WriterOptions(), deps_);
  Writer second(WriterOptions(), deps_);
  for (int i = 0; i < 20; ++i) {
    TestCommand one(Write("notes/a", "red:one"), absl::StrCat("r", i));
    TestCommand two(Write("notes/a", "red:one"), absl::StrCat("r", i));
    first.Submit(one.Take());
    second.Submit(two.Take());
    const Outcome a = one.Get();
    const Outcome b = two.Get();
    EXPECT_OK(a.status);
    EXPECT_OK(b.status);
    EXPECT_EQ(a.response, b.response);
  }
  EXPECT_THAT(database_.Notes(), ElementsAre("notes/a=red:one v20"));
}

TEST_F(WriterTest, OfTwoCreationsOfOneNameOneWins) {
  const auto create = [](View& view, StringValue&) {
    auto found = view.Find(Notes(), "notes/new");
    if (!found.ok()) return found.status();
    if (*found) return absl::AlreadyExistsError("taken");
    view.Put(Notes(), "notes/new", std::string("red:new"));
    return absl::OkStatus();
  };
  Writer first(WriterOptions(), deps_);
  Writer second(WriterOptions(), deps_);
  TestCommand one(create);
  TestCommand two(create);
  first.Submit(one.Take());
  second.Submit(two.Take());
  const bool one_won = one.Get().status.ok();
  const bool two_won = two.Get().status.ok();
  EXPECT_NE(one_won, two_won);
}

TEST_F(WriterTest, FailsWithRetryAdviceWhileTheDatabaseIsAway) {
  Writer writer({.database = {.conninfo = "host=/nonexistent dbname=x"}, .threads = 1}, deps_);
  TestCommand command(Write("notes/a", "red:one"));
  writer.Submit(command.Take());
  const absl::Status status = command.Get().status;
  EXPECT_THAT(status, HasReason("DATABASE_UNAVAILABLE"));
  EXPECT_TRUE(DetailsOf(status).retry_delay.has_value());
}

TEST_F(WriterTest, RefusesWorkOnceStopped) {
  Writer writer(WriterOptions(), deps_);
  writer.Stop();
  TestCommand command(Write("notes/a", "red:one"));
  writer.Submit(command.Take());
  EXPECT_THAT(command.Get().status, HasReason("SHUTTING_DOWN"));
}

TEST_F(WriterTest, RefusesWorkWhenTooMuchWaits) {
  Writer::Options options = WriterOptions();
  options.max_waiting = 0;
  Writer writer(options, deps_);
  TestCommand command(Write("notes/a", "red:one"));
  writer.Submit(command.Take());
  EXPECT_THAT(command.Get().status, HasReason("OVERLOADED"));
  EXPECT_EQ(writer.numbers().refused.value(), 1);
}

TEST_F(WriterTest, CountsItsBatches) {
  Writer::Options options = WriterOptions();
  options.threads = 1;
  Writer writer(options, deps_);
  TestCommand first(Write("notes/a", "red:one"));
  TestCommand second(Write("notes/a", "red:two"));
  writer.Submit(first.Take());
  writer.Submit(second.Take());
  EXPECT_OK(first.Get().status);
  EXPECT_OK(second.Get().status);
  writer.Stop();
  const BatchNumbers& numbers = writer.numbers();
  EXPECT_EQ(numbers.size.Take().sum, 2);  // In one batch or two.
  EXPECT_EQ(numbers.wait.Take().counts.back(), 2);
  EXPECT_EQ(numbers.took.Take().counts.back(), numbers.size.Take().counts.back());
  EXPECT_EQ(numbers.repeats.value(), 0);
  EXPECT_EQ(numbers.refused.value(), 0);
  EXPECT_EQ(writer.waiting(), 0);
}

}  // namespace
}  // namespace okr::store
