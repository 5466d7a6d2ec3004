// A table of notes, a database for it, and commands that wait for their outcome.
#pragma once

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/clock/clock.h"
#include "common/ids/digest.h"
#include "common/ids/uuid.h"
#include "common/migrate/migrated_database.h"
#include "common/postgres/connection.h"
#include "common/postgres/params.h"
#include "common/postgres/sqlstate.h"
#include "common/store/batch.h"
#include "common/store/table.h"
#include "common/testing/status_matchers.h"
#include "google/protobuf/wrappers.pb.h"
#include "store_test_migrations.h"

namespace okr::store {

using google::protobuf::StringValue;

// A note is "color:text"; its color is an index column.
inline const Table<std::string>& Notes() {
  static const auto& table = *new Table<std::string>(
      {.name = "notes", .rank = 1, .columns = {{.name = "color"}}},
      {.parse = [](absl::string_view body) -> absl::StatusOr<std::string> {
         return std::string(body);
       },
       .serialize = [](const std::string& note, int64_t) { return note; },
       .columns =
           [](const std::string& note) {
             return std::vector<ColumnValue>{note.substr(0, note.find(':'))};
           }});
  return table;
}

struct Outcome {
  absl::Status status;
  std::optional<LogPosition> position;
  std::string response;
};

// A command whose outcome can be waited for.
class TestCommand {
 public:
  using Decide = std::function<absl::Status(View& view, StringValue& response)>;

  explicit TestCommand(Decide decide, std::string request_id = "",
                       const std::string& body = "body") {
    command_ = std::make_unique<Command>();
    command_->organization = "acme";
    command_->method = "Test";
    command_->request_id = std::move(request_id);
    command_->digest = Sha256(body).ToBytes();
    command_->actor = "people/ann";
    command_->response = &response_;
    command_->decide = [decide = std::move(decide)](View& view,
                                                    google::protobuf::Message& response) {
      return decide(view, static_cast<StringValue&>(response));
    };
    command_->done = [this](absl::Status status, std::optional<LogPosition> position) {
      outcome_.set_value({std::move(status), position, response_.value()});
    };
  }

  Command& command() { return *command_; }
  std::unique_ptr<Command> Take() { return std::move(command_); }
  // Waits; once.
  Outcome Get() { return outcome_.get_future().get(); }

 private:
  std::unique_ptr<Command> command_;
  StringValue response_;
  std::promise<Outcome> outcome_;
};

// Writes a note, answers with its version, and emits an event.
inline TestCommand::Decide Write(std::string name, std::string note) {
  return [name = std::move(name), note = std::move(note)](View& view, StringValue& response) {
    auto found = view.Find(Notes(), name);
    if (!found.ok()) return found.status();
    const int64_t version = view.Put(Notes(), name, note);
    response.set_value(absl::StrCat(note, " v", version));
    view.Emit("test.NoteWritten", absl::StrCat("organizations/acme/", name), version, response);
    return absl::OkStatus();
  };
}

inline TestCommand::Decide Refuse() {
  return [](View& view, StringValue&) {
    view.Put(Notes(), "refused", std::string("red:refused"), /*fresh=*/true);
    return absl::FailedPreconditionError("refused");
  };
}

// A fresh database with the notes in it, and connections to it.
class NotesDatabase {
 public:
  NotesDatabase() {
    auto service = migrate::MakeService("notes", test_migrations::kAllFiles);
    auto database = testing::MakeMigratedDatabase(*service);
    if (!database.ok()) {
      ADD_FAILURE() << database.status();
      std::abort();
    }
    database_ = *std::move(database);
  }

  postgres::Options runtime() const { return {.conninfo = database_.runtime}; }
  postgres::Options relay() const { return {.conninfo = database_.relay}; }
  std::unique_ptr<postgres::Connection> Connect() const {
    return postgres::Connection::Open(runtime()).value();
  }
  // Whatever row-level security would hide.
  std::vector<std::string> Query(const std::string& sql) const {
    auto connection = postgres::Connection::Open({.conninfo = database_.superuser}).value();
    const std::string text = "SELECT x::text FROM (" + sql + ") AS q(x)";
    auto result = connection->Execute({"", text}, {}, absl::Now() + absl::Seconds(10));
    if (!result.ok())
      return {std::string(result.status().message()), postgres::LogDetailOf(result.status())};
    std::vector<std::string> values;
    for (int i = 0; i < result->rows(); ++i)
      values.emplace_back(result->IsNull(i, 0) ? "NULL" : std::string(result->GetText(i, 0)));
    return values;
  }
  std::vector<std::string> Notes() const {
    return Query(
        "SELECT name || '=' || convert_from(body, 'UTF8') || ' v' || version FROM okr_notes.notes "
        "ORDER BY 1");
  }
  std::vector<std::string> Events() const {
    return Query(
        "SELECT position || ' ' || subject || ' v' || subject_version FROM okr_notes.event_log "
        "ORDER BY shard, position");
  }

 private:
  testing::MigratedDatabase database_;
};

}  // namespace okr::store
