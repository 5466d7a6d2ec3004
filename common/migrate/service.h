// The schema of one service: its names, and the migrations that make it.
#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace okr::migrate {

// One numbered file, "0001_event_log.sql". Files are append-only: what was once released is never
// changed or removed. Each runs in one transaction of its own, so it must not hold BEGIN, COMMIT or
// CREATE INDEX CONCURRENTLY.
//
// Programs of older versions keep running while a newer schema is rolled out. A migration that
// takes something away from them says so with a line "-- compatible-from: N": programs whose newest
// migration is below N cannot work with it. Without the line every older program can.
struct Migration {
  int number = 0;
  std::string name;      // "event_log"
  std::string text;      // With the variables replaced.
  std::string checksum;  // SHA-256 of the file, in hexadecimal digits.
  int compatible_from = 0;
};

// Of the service "goals": schema okr_goals and the roles okr_goals_runtime (row-level security
// forced, owns nothing), okr_goals_relay (reads the log) and okr_goals_migrate (owner).
struct Names {
  std::string schema;
  std::string runtime_role;
  std::string relay_role;
  std::string migrate_role;
};
Names NamesOf(absl::string_view service);

struct Service {
  std::string name;
  Names names;
  std::vector<Migration> migrations;  // By number, from 1 without gaps.

  // What a program built with these migrations wants; 0 without migrations.
  int version() const { return static_cast<int>(migrations.size()); }
};

// A file's name without ending, and its text; as kAllFiles of okr_embed_sql holds them.
using File = std::pair<absl::string_view, absl::string_view>;

// How many shards a log has unless chosen otherwise at installation; never changed afterwards.
inline constexpr int kDefaultShards = 8;

// Replaces ${schema}, ${runtime_role}, ${relay_role}, ${migrate_role} and ${shards} in the texts.
// INVALID_ARGUMENT for a wrong name, a gap, a repeated number or an unknown variable.
absl::StatusOr<Service> MakeService(absl::string_view name, std::span<const File> files,
                                    int shards = kDefaultShards);

}  // namespace okr::migrate
