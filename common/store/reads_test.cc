#include "common/store/reads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/store/reader.h"
#include "common/store/test_support.h"
#include "common/store/writer.h"

namespace okr::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ReadsTest : public ::testing::Test {
 protected:
  ReadsTest() {
    Writer writer({.database = database_.runtime(), .threads = 1}, deps_);
    for (const char* name : {"notes/a", "notes/b", "notes/c", "other/a"}) {
      TestCommand command(Write(name, std::string(name) == "notes/b" ? "blue:x" : "red:x"));
      writer.Submit(command.Take());
      EXPECT_OK(command.Get().status);
    }
  }
  std::vector<std::string> List(const ListQuery& query, const std::string& organization = "acme") {
    auto rows = reads_.List(organization, absl::Now() + absl::Seconds(10), Notes(), query);
    EXPECT_OK(rows);
    std::vector<std::string> names;
    for (const ListedRow& row : *rows) names.push_back(row.name);
    return names;
  }

  NotesDatabase database_;
  UuidGenerator ids_;
  BatchDeps deps_{.clock = SystemClock::Get(), .ids = ids_, .committed = {}};
  postgres::ConnectionPool pool_{{.connection = database_.runtime(), .size = 2, .max_idle = 2}};
  Reads reads_{pool_, SystemClock::Get()};
};

TEST_F(ReadsTest, ListsByPrefixInTheOrderOfNames) {
  EXPECT_THAT(List({.prefix = "notes/"}), ElementsAre("notes/a", "notes/b", "notes/c"));
  EXPECT_THAT(List({}), ElementsAre("notes/a", "notes/b", "notes/c", "other/a"));
}

TEST_F(ReadsTest, ListsPageByPage) {
  EXPECT_THAT(List({.prefix = "notes/", .limit = 2}), ElementsAre("notes/a", "notes/b"));
  EXPECT_THAT(List({.prefix = "notes/", .after = "notes/b", .limit = 2}), ElementsAre("notes/c"));
}

TEST_F(ReadsTest, ListsByIndexColumn) {
  EXPECT_THAT(List({.filters = {{"color", std::string("blue")}}}), ElementsAre("notes/b"));
}

TEST_F(ReadsTest, ListsNothingOfAnotherOrganization) { EXPECT_THAT(List({}, "other"), IsEmpty()); }

TEST_F(ReadsTest, AViewReadsWithoutLocks) {
  std::string seen;
  EXPECT_OK(reads_.With("acme", absl::Now() + absl::Seconds(10), [&](View& view) {
    auto found = view.Find(Notes(), "notes/b");
    if (!found.ok()) return found.status();
    seen = **found;
    return absl::OkStatus();
  }));
  EXPECT_EQ(seen, "blue:x");
}

TEST_F(ReadsTest, AReaderAnswersEachRequestOnce) {
  static constexpr postgres::Statement kRead{"test.read",
                                             "SELECT name, body, NULL::bytea FROM notes WHERE "
                                             "organization_id = $1 AND name = ANY($2::text[])"};
  Reader reader({.database = database_.runtime()});
  std::vector<std::promise<absl::StatusOr<std::optional<ReadRow>>>> answers(40);
  for (size_t i = 0; i < answers.size(); ++i) {
    reader.Submit({.organization = "acme",
                   .statement = kRead,
                   .name = i % 2 == 0 ? "notes/a" : "notes/none",
                   .done = [&answers, i](auto row) { answers[i].set_value(std::move(row)); }});
  }
  for (size_t i = 0; i < answers.size(); ++i) {
    const auto row = answers[i].get_future().get();
    ASSERT_OK(row);
    if (i % 2 == 0) {
      EXPECT_THAT(**row, ElementsAre(std::optional<std::string>("red:x"), std::nullopt));
    } else {
      EXPECT_FALSE(row->has_value());
    }
  }
}

}  // namespace
}  // namespace okr::store
