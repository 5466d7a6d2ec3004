#include "common/events/events_fixture.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "common/postgres/sqlstate.h"
#include "common/status/macros.h"
#include "common/testing/status_matchers.h"

namespace okr::events {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);

constexpr postgres::Statement kAppend{"", R"sql(
WITH head AS (
  UPDATE log_heads SET position = position + cardinality($2::text[]) WHERE shard = $1
  RETURNING shard, epoch, position - cardinality($2::text[]) AS base
)
INSERT INTO event_log
SELECT shard, base + ordinal, epoch, gen_random_uuid(), split_part(subject, '/', 2), type, subject, base + ordinal,
       now(), 'people/ann', 'request', '', private, ''
FROM head, unnest($2::text[], $3::text[], $4::boolean[])
     WITH ORDINALITY AS fresh (subject, type, private, ordinal)
RETURNING position)sql"};

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << path << " cannot be read";
  return text.str();
}

std::string CreateRole(absl::string_view name) {
  return absl::StrCat("DO $$ BEGIN CREATE ROLE ", name,
                      " LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; "
                      "END $$;\n");
}

}  // namespace

std::unique_ptr<ServiceDatabase> ServiceDatabase::Make() {
  auto made = testing::TestDatabase::Make();
  EXPECT_OK(made);
  if (!made.ok()) return nullptr;
  auto database = std::unique_ptr<ServiceDatabase>(new ServiceDatabase(*std::move(made)));
  const std::string migration =
      absl::StrReplaceAll(ReadFile("common/store/migrations/0001_event_log.sql"),
                          {{"${schema}", "public"},
                           {"${runtime_role}", "okr_events_test_runtime"},
                           {"${relay_role}", "okr_events_test_relay"},
                           {"${migrate_role}", "okr_events_test_migrate"},
                           {"${shards}", absl::StrCat(kShards)}});
  for (const char* role :
       {"okr_events_test_runtime", "okr_events_test_relay", "okr_events_test_migrate"}) {
    database->Run(CreateRole(role));
  }
  database->Run(migration);
  return database;
}

postgres::Options ServiceDatabase::Of(absl::string_view role) const {
  return {.conninfo = database_->ConninfoOf(role)};
}

int64_t ServiceDatabase::Append(int32_t shard, const std::vector<NewEvent>& events) {
  auto connection = postgres::Connection::Open({.conninfo = database_->conninfo()});
  EXPECT_OK(connection);
  if (!connection.ok()) return 0;
  const auto rows = (*connection)
                        ->Execute(kAppend,
                                  postgres::Params()
                                      .Int32(shard)
                                      .TextArray(events, &NewEvent::subject)
                                      .TextArray(events, &NewEvent::type)
                                      .BoolArray(events, &NewEvent::is_private),
                                  absl::Now() + kPatience);
  EXPECT_TRUE(rows.ok()) << postgres::LogDetailOf(rows.status());
  return rows.ok() ? rows->GetInt64(rows->rows() - 1, 0) : 0;
}

int64_t ServiceDatabase::AppendMany(int32_t shard, int count) {
  return Append(shard, std::vector<NewEvent>(count));
}

std::vector<std::string> ServiceDatabase::Query(const std::string& sql) {
  Run("SELECT 1");  // Connects.
  const auto rows = connection_->Execute({"", sql}, {}, absl::Now() + kPatience);
  EXPECT_TRUE(rows.ok()) << postgres::LogDetailOf(rows.status());
  std::vector<std::string> lines;
  for (int row = 0; rows.ok() && row < rows->rows(); ++row) {
    lines.emplace_back(rows->GetText(row, 0));
  }
  return lines;
}

void ServiceDatabase::Run(const std::string& sql) {
  if (connection_ == nullptr || connection_->broken()) {
    auto opened = postgres::Connection::Open({.conninfo = database_->conninfo()});
    ASSERT_OK(opened);
    connection_ = *std::move(opened);
  }
  const absl::Status status = connection_->ExecuteScript(sql, absl::Now() + kPatience);
  EXPECT_TRUE(status.ok()) << postgres::LogDetailOf(status);
}

absl::StatusOr<LogSource::Page> DirectLogSource::ListEvents(int32_t shard, const LogPosition& after,
                                                            int limit) {
  if (away) return absl::UnavailableError("the owner is away");
  ++pages;
  const absl::Time deadline = absl::Now() + kPatience;
  OKR_ASSIGN_OR_RETURN(const auto connection, postgres::Connection::Open(database_));
  OKR_ASSIGN_OR_RETURN(const auto heads, ReadHeads(*connection, deadline));
  Page page{.head = heads.at(shard)};
  OKR_ASSIGN_OR_RETURN(
      page.events, ReadLog(*connection, source_,
                           {.shard = shard, .after = after.position, .limit = limit}, deadline));
  return page;
}

absl::StatusOr<LogPosition> DirectLogSource::GetHead(int32_t shard, const TraceContext&) {
  if (away) return absl::UnavailableError("the owner is away");
  OKR_ASSIGN_OR_RETURN(const auto connection, postgres::Connection::Open(database_));
  OKR_ASSIGN_OR_RETURN(const auto heads, ReadHeads(*connection, absl::Now() + kPatience));
  return heads.at(shard);
}

bool Eventually(const std::function<bool()>& condition, absl::Duration patience) {
  const absl::Time deadline = absl::Now() + patience;
  while (!condition()) {
    if (absl::Now() > deadline) return false;
    absl::SleepFor(absl::Milliseconds(5));  // Between two looks.
  }
  return true;
}

}  // namespace okr::events
