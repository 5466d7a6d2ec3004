// What all commands share: settings, who calls, how answers are shown.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/app/command.h"
#include "cli/client/client.h"
#include "cli/config/credentials.h"
#include "cli/config/settings.h"
#include "cli/render/document.h"
#include "cli/render/table.h"
#include "cli/resources/kinds.h"
#include "cli/resources/message_reader.h"
#include "cli/text/dates.h"
#include "common/clock/clock.h"
#include "common/ids/uuid.h"

namespace okr::cli {

// Where a process stands; a test gives its own.
struct Surroundings {
  std::map<std::string, std::string> environment;
  std::string directory;
  std::ostream* out = nullptr;
  std::ostream* err = nullptr;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  const Clock* clock = &SystemClock::Get();
  std::function<void(absl::Duration)> sleep = absl::SleepFor;
};

// Not thread-safe.
class Session {
 public:
  explicit Session(Surroundings surroundings);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Adds the flags that every command has.
  void AddGlobalFlags(Command root);
  // `action` runs if `command` was given, after all flags are read.
  void OnRun(Command command, std::function<absl::Status()> action);
  // Reads the settings, then runs what was given.
  absl::Status Run();

  const Settings& settings() const { return settings_; }
  const std::string& settings_path() const { return settings_path_; }
  const Credentials& credentials();
  Client& client();
  Format format() const { return format_; }
  bool colours() const;
  std::ostream& out() { return *surroundings_.out; }
  std::ostream& err() { return *surroundings_.err; }
  bool shows_progress() const { return surroundings_.err_is_terminal; }
  absl::Time Now() const { return surroundings_.clock->Now(); }
  std::string NewRequestId() { return ids_.Next().ToString(); }

  // "organizations/x"; a usage error if none is known.
  absl::StatusOr<std::string> Organization() const;
  // Its id may be given by a file only; then all calls are for that one.
  void UseOrganization(absl::string_view id) { settings_.organization = std::string(id); }
  // See ResolveName; what is no name is a usage error.
  absl::StatusOr<std::string> Name(absl::string_view text, const std::vector<Kind>& kinds) const;
  absl::StatusOr<std::string> Name(absl::string_view text, Kind kind) const {
    return Name(text, std::vector<Kind>{kind});
  }
  // Of this machine: now and its time zone.
  Moment moment() const;
  // Reads `text` as a time; a usage error names `flag`.
  absl::StatusOr<absl::Time> TimeOf(absl::string_view flag, absl::string_view text) const;
  // The same, where a day alone means the end of it.
  absl::StatusOr<absl::Time> EndOf(absl::string_view flag, absl::string_view text) const;

  // One resource: in table form its fields.
  void Show(const google::protobuf::Message& message);
  // As JSON or YAML; false for the table form, which the caller then makes.
  bool ShowDocument(const google::protobuf::Message& message);
  bool ShowDocuments(const std::vector<std::unique_ptr<google::protobuf::Message>>& messages);
  void ShowTable(const Table& table, absl::string_view if_empty);
  // A line for people: not where a program reads JSON or YAML.
  void Say(absl::string_view line);

 private:
  absl::Status ReadFlags();

  const Surroundings surroundings_;
  UuidGenerator ids_;
  Settings settings_;
  std::string settings_path_;
  std::map<std::string, std::string> flags_;  // By the setting's key.
  CallerFlags caller_;
  std::string format_name_ = "table";
  Format format_ = Format::kTable;
  std::function<absl::Status()> action_;
  std::unique_ptr<Credentials> credentials_;
  std::unique_ptr<ConsistencyMemory> memory_;
  std::unique_ptr<Client> client_;
};

}  // namespace okr::cli
