#include "common/store/foresight.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/status/macros.h"
#include "common/store/test_support.h"

namespace okr::store {
namespace {

using ::testing::ElementsAre;

Wanted Named(const std::vector<std::string>& names) {
  Wanted wanted;
  wanted.names[&Notes()] = {names.begin(), names.end()};
  return wanted;
}

std::set<std::string> Recalled(const Foresight& foresight, const Foresight::Keys& keys) {
  Wanted wanted;
  foresight.Recall(keys, wanted);
  return wanted.names[&Notes()];
}

TEST(Foresight, RecallsWhatWasNeededLast) {
  Foresight foresight;
  const auto key = Foresight::KeysOf("acme", "Write", Named({"a"}));
  foresight.Learn(key, Named({"b", "c"}));
  EXPECT_THAT(Recalled(foresight, key), ElementsAre("b", "c"));
  foresight.Learn(key, Named({"d"}));
  EXPECT_THAT(Recalled(foresight, key), ElementsAre("d"));
}

TEST(Foresight, KeepsOrganizationsMethodsAndRowsApart) {
  Foresight foresight;
  foresight.Learn(Foresight::KeysOf("acme", "Write", Named({"a"})), Named({"b"}));
  EXPECT_THAT(Recalled(foresight, Foresight::KeysOf("other", "Write", Named({"a"}))),
              ElementsAre());
  EXPECT_THAT(Recalled(foresight, Foresight::KeysOf("acme", "Read", Named({"a"}))), ElementsAre());
  EXPECT_THAT(Recalled(foresight, Foresight::KeysOf("acme", "Write", Named({"x"}))), ElementsAre());
}

TEST(Foresight, AnyRowThatWasMetBeforeTells) {
  Foresight foresight;
  foresight.Learn(Foresight::KeysOf("acme", "Write", Named({"caller", "a"})), Named({"team"}));
  foresight.Learn(Foresight::KeysOf("acme", "Write", Named({"other", "b"})), Named({"cycle"}));
  const auto recalled = [&](const std::vector<std::string>& first) {
    return Recalled(foresight, Foresight::KeysOf("acme", "Write", Named(first)));
  };
  EXPECT_THAT(recalled({"caller", "new"}), ElementsAre("team"));
  EXPECT_THAT(recalled({"caller", "b"}), ElementsAre("cycle", "team"));
  EXPECT_THAT(recalled({"someone", "new"}), ElementsAre());
}

TEST(Foresight, WhatAllCommandsAskForTellsNothing) {
  Foresight foresight;
  foresight.Learn(Foresight::KeysOf("acme", "Write", Named({"", "a"})), Named({"b"}));
  EXPECT_THAT(Recalled(foresight, Foresight::KeysOf("acme", "Write", Named({"", "c"}))),
              ElementsAre());
}

TEST(Foresight, DoesNotRememberLongWalks) {
  Foresight foresight;
  const auto key = Foresight::KeysOf("acme", "Walk", Named({"a"}));
  std::vector<std::string> many;
  for (int i = 0; i < 100; ++i) many.push_back(absl::StrCat("n", i));
  foresight.Learn(key, Named({"b"}));
  foresight.Learn(key, Named(many));
  EXPECT_THAT(Recalled(foresight, key), ElementsAre());
}

TEST(Foresight, ForgetsEverythingWhenFull) {
  Foresight foresight(/*capacity=*/2);
  const auto first = Foresight::KeysOf("acme", "Write", Named({"a"}));
  foresight.Learn(first, Named({"x"}));
  foresight.Learn(Foresight::KeysOf("acme", "Write", Named({"b"})), Named({"x"}));
  foresight.Learn(Foresight::KeysOf("acme", "Write", Named({"c"})), Named({"x"}));
  EXPECT_THAT(Recalled(foresight, first), ElementsAre());
}

// A command that follows a reference: what it needs second, it finds in what it read first.
class ForesightInBatches : public ::testing::Test {
 protected:
  // How often the command was decided, which is one more than the rounds of loading.
  int Follow() {
    int decided = 0;
    TestCommand command([&](View& view, StringValue& response) -> absl::Status {
      ++decided;
      OKR_ASSIGN_OR_RETURN(const auto first, view.Find(Notes(), "first"));
      OKR_ASSIGN_OR_RETURN(const auto second, view.Find(Notes(), first->substr(3)));
      response.set_value(second ? *second : "none");
      return absl::OkStatus();
    });
    std::vector<std::unique_ptr<Command>> batch;
    batch.push_back(command.Take());
    Batch(*connection_, {}, deps_).Run(std::move(batch));
    const Outcome outcome = command.Get();
    EXPECT_OK(outcome.status);
    answer_ = outcome.response;
    return decided;
  }
  void Store(const std::string& name, const std::string& note) {
    TestCommand command(Write(name, note));
    std::vector<std::unique_ptr<Command>> batch;
    batch.push_back(command.Take());
    Batch(*connection_, {}, deps_).Run(std::move(batch));
    EXPECT_OK(command.Get().status);
  }

  NotesDatabase database_;
  std::unique_ptr<postgres::Connection> connection_ = database_.Connect();
  UuidGenerator ids_;
  Foresight foresight_;
  BatchDeps deps_{
      .clock = SystemClock::Get(), .ids = ids_, .committed = nullptr, .foresight = &foresight_};
  std::string answer_;
};

TEST_F(ForesightInBatches, SavesARoundFromTheSecondTimeOn) {
  Store("first", "to: second");
  Store(" second", "red:here");
  EXPECT_EQ(Follow(), 3);
  EXPECT_EQ(Follow(), 2);
  EXPECT_EQ(answer_, "red:here");
}

TEST_F(ForesightInBatches, AWrongGuessCostsARoundAndIsMended) {
  Store("first", "to: second");
  Store(" third", "red:third");
  Follow();
  Store("first", "to: third");
  EXPECT_EQ(Follow(), 3);
  EXPECT_EQ(answer_, "red:third");
  EXPECT_EQ(Follow(), 2);
  EXPECT_EQ(answer_, "red:third");
}

}  // namespace
}  // namespace okr::store
