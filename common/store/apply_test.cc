#include "common/store/apply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/postgres/transaction.h"
#include "common/status/macros.h"
#include "common/store/test_support.h"

namespace okr::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ApplyTest : public ::testing::Test {
 protected:
  // Adds "+" to the note, or begins it.
  static absl::Status Extend(View& view, absl::string_view name) {
    OKR_ASSIGN_OR_RETURN(const auto found, view.Find(Notes(), name));
    const int64_t version = view.Put(Notes(), name, (found ? *found : std::string("red:")) + "+");
    StringValue payload;
    view.Emit("test.NoteWritten", absl::StrCat("organizations/acme/", name), version, payload);
    return absl::OkStatus();
  }
  postgres::Transaction Begin() {
    auto transaction = postgres::Transaction::Begin(*connection_, absl::Now() + absl::Seconds(10));
    transaction.SwitchOrganization("acme");
    return transaction;
  }
  // Extends the notes in one transaction.
  std::optional<LogPosition> Run(const std::vector<std::string>& names) {
    postgres::Transaction transaction = Begin();
    auto events = store::Apply(transaction, "acme", absl::Now(), [&](View& view) {
      for (const std::string& name : names) OKR_RETURN_IF_ERROR(Extend(view, name));
      return absl::OkStatus();
    });
    EXPECT_OK(events);
    Append append{.organization = "acme"};
    for (Event& event : *events) append.entries.push_back({.event = std::move(event)});
    auto position = AppendEvents(transaction, 8, absl::Now(), {append}, ids_);
    EXPECT_OK(position);
    EXPECT_OK(transaction.Commit());
    return *position;
  }

  NotesDatabase database_;
  std::unique_ptr<postgres::Connection> connection_ = database_.Connect();
  UuidGenerator ids_;
};

TEST_F(ApplyTest, WritesRowsAndEventsOfOneTransaction) {
  Run({"notes/a"});
  EXPECT_EQ(Run({"notes/a", "notes/b"})->position, 3);
  EXPECT_THAT(database_.Notes(), ElementsAre("notes/a=red:++ v2", "notes/b=red:+ v1"));
  EXPECT_THAT(database_.Events(),
              ElementsAre("1 organizations/acme/notes/a v1", "2 organizations/acme/notes/a v2",
                          "3 organizations/acme/notes/b v1"));
}

TEST_F(ApplyTest, SeesWhatTheTransactionWroteBefore) {
  postgres::Transaction transaction = Begin();
  transaction.Enqueue({"", "INSERT INTO notes VALUES ('acme', 'notes/a', 7, 'red:x', 'red')"});
  ASSERT_OK(store::Apply(transaction, "acme", absl::Now(),
                         [](View& view) { return Extend(view, "notes/a"); }));
  ASSERT_OK(transaction.Commit());
  EXPECT_THAT(database_.Notes(), ElementsAre("notes/a=red:x+ v8"));
}

TEST_F(ApplyTest, WritesNothingWhenTheDecisionFails) {
  {
    postgres::Transaction transaction = Begin();
    EXPECT_FALSE(store::Apply(transaction, "acme", absl::Now(), [](View& view) {
                   OKR_RETURN_IF_ERROR(Extend(view, "notes/a"));
                   return absl::FailedPreconditionError("no");
                 }).ok());
  }
  EXPECT_THAT(database_.Notes(), IsEmpty());
}

TEST_F(ApplyTest, AppendsNothingWithoutEvents) {
  postgres::Transaction transaction = Begin();
  ASSERT_OK_AND_ASSIGN(const auto position,
                       AppendEvents(transaction, 8, absl::Now(), {{.organization = "acme"}}, ids_));
  EXPECT_FALSE(position.has_value());
}

}  // namespace
}  // namespace okr::store
