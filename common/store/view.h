// What one command sees of the store while it decides, and what it wants changed.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/store/table.h"
#include "common/store/working_set.h"
#include "google/protobuf/message.h"

namespace okr::store {

// A row as a command sees it; false if there is none.
template <typename T>
struct Found {
  const T* value = nullptr;
  int64_t version = 0;

  explicit operator bool() const { return value != nullptr; }
  const T& operator*() const { return *value; }
  const T* operator->() const { return value; }
};

// A row of a selection.
template <typename T>
struct Selected {
  std::string name;
  const T* value = nullptr;
  int64_t version = 0;
};

// What a command tells the log.
struct Event {
  std::string type;     // e.g. "okr.goals.v1.ObjectiveCreated".
  std::string subject;  // Full resource name.
  int64_t subject_version = 0;
  std::string data;  // A serialized google.protobuf.Any.
  bool is_private =
      false;  // Shown to services only: about a private objective, or somebody's own affair.
};

// Changes stay in the view until the batch takes them, so that a refused command leaves nothing.
// Pointers that Find and Select give are valid until the next Put or Erase of that row. Names are
// relative. Not thread-safe.
//
// A row that was not loaded yet makes Find and Select fail; the command must pass that error on,
// and is run again when the rows are there. A command that needs several rows asks for them with
// Want first, which saves rounds.
class View {
 public:
  // `now` is one for the whole batch.
  View(const WorkingSet& base, absl::Time now) : base_(base), now_(now) {}

  absl::Time now() const { return now_; }

  // Notes that the row will be needed.
  void Want(const TableBase& table, absl::string_view name);
  void WantSelection(const TableBase& table, absl::string_view column, const ColumnValue& value);

  template <typename T>
  absl::StatusOr<Found<T>> Find(const Table<T>& table, absl::string_view name) {
    absl::StatusOr<const Row*> row = FindRow(table, name);
    if (!row.ok()) return std::move(row).status();
    return Found<T>{static_cast<const T*>((*row)->value.get()), (*row)->version};
  }

  // All rows whose index column has the value, in the order of names; sees the changes of earlier
  // commands.
  template <typename T>
  absl::StatusOr<std::vector<Selected<T>>> Select(const Table<T>& table, absl::string_view column,
                                                  const ColumnValue& value) {
    absl::StatusOr<std::vector<std::pair<std::string, Row>>> rows =
        SelectRows(table, column, value);
    if (!rows.ok()) return std::move(rows).status();
    std::vector<Selected<T>> selected;
    for (auto& [name, row] : *rows) {
      selected.push_back({std::move(name), static_cast<const T*>(row.value.get()), row.version});
    }
    return selected;
  }

  // Writes a row and gives its new version. The row must have been looked for with Find or Select
  // before, or be `fresh`: of a name that nobody can have used.
  template <typename T>
  int64_t Put(const Table<T>& table, absl::string_view name, T value, bool fresh = false) {
    return PutRow(table, name, std::make_shared<const T>(std::move(value)), fresh);
  }
  // Removes a row for good.
  void Erase(const TableBase& table, absl::string_view name);

  // Appends an event to the log, after those of earlier commands.
  void Emit(absl::string_view type, absl::string_view subject, int64_t subject_version,
            const google::protobuf::Message& payload, bool is_private = false);

  // Who acts, for the events: a person's name, once it is known.
  void set_actor(std::string actor) { actor_ = std::move(actor); }
  const std::string& actor() const { return actor_; }

  // For the batch.
  const Wanted& wanted() const { return wanted_; }
  bool misses_rows() const { return misses_; }
  Rows& changes() { return changes_; }
  std::vector<Event>& events() { return events_; }

 private:
  absl::StatusOr<const Row*> FindRow(const TableBase& table, absl::string_view name);
  absl::StatusOr<std::vector<std::pair<std::string, Row>>> SelectRows(const TableBase& table,
                                                                      absl::string_view column,
                                                                      const ColumnValue& value);
  int64_t PutRow(const TableBase& table, absl::string_view name, std::shared_ptr<const void> value,
                 bool fresh);
  const Row* Known(const TableBase& table, const std::string& name) const;

  const WorkingSet& base_;
  const absl::Time now_;
  Wanted wanted_;
  bool misses_ = false;
  Rows changes_;
  std::vector<Event> events_;
  std::string actor_;
};

}  // namespace okr::store
