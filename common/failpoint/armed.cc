#include "common/failpoint/armed.h"

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/log/logger.h"
#include "common/status/macros.h"

namespace okr::failpoint::internal {
namespace {

template <typename Table>
std::string NamesOf(const Table& table) {
  return absl::StrJoin(table, ", ", [](std::string* out, const auto& row) {
    out->append(row.name.data(), row.name.size());
  });
}

template <typename Table>
auto Find(const Table& table, absl::string_view name, absl::string_view variable)
    -> absl::StatusOr<decltype(table.front().id)> {
  for (const auto& row : table) {
    if (row.name == name) return row.id;
  }
  return absl::InvalidArgumentError(
      absl::StrCat(variable, " is \"", name, "\"; expected one of ", NamesOf(table)));
}

absl::string_view Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// What is armed, and how often its point was reached.
struct State {
  const absl::StatusOr<Armed> armed = Parse(Variable(kFailPointVariable), Variable(kFaultVariable));
  std::atomic<int64_t> arrivals{0};
};

// Never freed: threads may be looking at it.
std::atomic<State*>& OfThisProcess() {
  static std::atomic<State*> state(new State);
  return state;
}

const absl::StatusOr<Armed>& Now() { return OfThisProcess().load()->armed; }

}  // namespace

absl::StatusOr<Armed> Parse(absl::string_view fail_point, absl::string_view fault) {
  Armed armed;
  if (!fail_point.empty()) {
    const size_t colon = fail_point.find(':');
    const absl::string_view name = fail_point.substr(0, colon);
    OKR_ASSIGN_OR_RETURN(armed.point, Find(kFailPoints, name, kFailPointVariable));
    if (colon != absl::string_view::npos &&
        (!absl::SimpleAtoi(fail_point.substr(colon + 1), &armed.at) || armed.at < 1)) {
      return absl::InvalidArgumentError(absl::StrCat(kFailPointVariable, " is \"", fail_point,
                                                     "\"; expected a count from 1 after the ':'"));
    }
  }
  if (!fault.empty()) {
    OKR_ASSIGN_OR_RETURN(armed.fault, Find(kFaults, fault, kFaultVariable));
  }
  return armed;
}

void ReadAgain() { OfThisProcess().store(new State); }

absl::Status Arm() {
  const absl::StatusOr<Armed>& armed = Now();
  OKR_RETURN_IF_ERROR(armed.status());
  if (!armed->point && !armed->fault) return absl::OkStatus();
  log::Warning("this process is made to fail, for a test",
               {{"fail_point", armed->point ? RowOf(*armed->point).name : ""},
                {"at", armed->at},
                {"fault", armed->fault ? RowOf(*armed->fault).name : ""}});
  return absl::OkStatus();
}

bool IsDue(FailPoint point) {
  State& state = *OfThisProcess().load();
  const absl::StatusOr<Armed>& armed = state.armed;
  return armed.ok() && armed->point == point && ++state.arrivals == armed->at;
}

bool IsPlanted(Fault fault) {
  const absl::StatusOr<Armed>& armed = Now();
  return armed.ok() && armed->fault == fault;
}

void Die() {
  kill(getpid(), SIGKILL);
  // The signal ends all threads, this one perhaps a moment later.
  while (true) pause();
}

}  // namespace okr::failpoint::internal
