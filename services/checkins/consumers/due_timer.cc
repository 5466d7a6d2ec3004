#include "services/checkins/consumers/due_timer.h"

#include <algorithm>
#include <future>
#include <map>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/failpoint/failpoint.h"
#include "common/log/logger.h"
#include "common/postgres/sqlstate.h"
#include "common/status/macros.h"
#include "google/protobuf/empty.pb.h"
#include "services/checkins/store/tracking.h"

namespace okr::checkins {
namespace {

// Of one look into the database; Stop may take as long.
constexpr absl::Duration kBudget = absl::Seconds(3);

// What a command is refused with that finds nothing left to do: nothing is written then.
absl::Status AllDone() { return absl::CancelledError("another timer was first"); }

// Whether there is such a row. Its time may have come by its column alone, because something that
// it depends on has changed; so it is looked at whatever its body says.
absl::StatusOr<bool> LookAtOne(store::View& view, const KeyResultName& name) {
  OKR_ASSIGN_OR_RETURN(const auto due, view.Find(DueStates(), name.relative()));
  if (!due) return false;
  OKR_RETURN_IF_ERROR(LookAt(view, name, *due));
  return true;
}

absl::Status LookAtEach(store::View& view, const std::vector<KeyResultName>& names) {
  for (const KeyResultName& name : names) WantSubjects(view, name);
  // Each asks for its own rows of the next round, before one is missing for good.
  absl::Status missing;
  bool any = false;
  for (const KeyResultName& name : names) {
    const absl::StatusOr<bool> looked = LookAtOne(view, name);
    missing.Update(looked.status());
    any = any || (looked.ok() && *looked);
  }
  OKR_RETURN_IF_ERROR(missing);
  return any ? absl::OkStatus() : AllDone();
}

// A command that is on its way.
struct Pending {
  google::protobuf::Empty response;
  std::promise<absl::Status> outcome;
};

std::unique_ptr<store::Command> MakeCommand(const std::string& organization,
                                            std::vector<KeyResultName> names, Pending& pending) {
  auto command = std::make_unique<store::Command>();
  command->organization = organization;
  command->method = "checkins.DueTimer";
  command->decide = [names = std::move(names)](store::View& view, google::protobuf::Message&) {
    return LookAtEach(view, names);
  };
  command->response = &pending.response;
  command->done = [&pending](absl::Status status, const std::optional<store::LogPosition>&) {
    pending.outcome.set_value(std::move(status));
  };
  return command;
}

}  // namespace

DueTimer::~DueTimer() { Stop(); }

void DueTimer::Start() {
  thread_ = std::thread([this] { Run(); });
}

void DueTimer::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
}

void DueTimer::Wake() {
  std::lock_guard lock(mutex_);
  woken_ = true;
  changed_.notify_all();
}

void DueTimer::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    woken_ = false;
    lock.unlock();
    const absl::StatusOr<int> turn = Turn();
    if (!turn.ok()) Warn(turn.status());
    lock.lock();
    changed_.wait_for(lock, absl::ToChronoMilliseconds(options_.interval),
                      [this] { return stopping_ || woken_; });
  }
}

void DueTimer::Warn(const absl::Status& error) {
  if (const auto suppressed = log_limit_.Allow()) {
    log::Warning("due check-ins cannot be looked at",
                 {{"error", postgres::LogDetailOf(error)}, {"suppressed", *suppressed}});
  }
}

absl::StatusOr<int> DueTimer::Turn() {
  int looked_at = 0;
  absl::Status first_error;
  ToLookAt after;
  const absl::Time now = clock_.Now();
  while (true) {
    OKR_ASSIGN_OR_RETURN(
        const std::vector<ToLookAt> rows,
        lists_.DueStatesToLookAt(now, after, options_.page, absl::Now() + kBudget));
    if (!rows.empty()) failpoint::Reach(failpoint::FailPoint::kDueFound);
    first_error.Update(LookAtAll(rows));
    if (!rows.empty()) failpoint::Reach(failpoint::FailPoint::kDueTold);
    looked_at += static_cast<int>(rows.size());
    if (rows.size() < static_cast<size_t>(options_.page)) break;
    after = rows.back();
  }
  if (!first_error.ok()) return first_error;
  return looked_at;
}

absl::Status DueTimer::LookAtAll(const std::vector<ToLookAt>& rows) {
  std::map<std::string, std::vector<KeyResultName>> by_organization;
  for (const ToLookAt& row : rows) {
    OKR_ASSIGN_OR_RETURN(KeyResultName name,
                         KeyResultName::FromRelative(row.organization_id, row.name));
    by_organization[row.organization_id].push_back(std::move(name));
  }
  std::vector<std::unique_ptr<Pending>> pending;
  for (auto& [organization, names] : by_organization) {
    for (size_t begin = 0; begin < names.size(); begin += options_.at_once) {
      const size_t end = std::min(names.size(), begin + options_.at_once);
      pending.push_back(std::make_unique<Pending>());
      writer_.Submit(MakeCommand(organization,
                                 {names.begin() + static_cast<ptrdiff_t>(begin),
                                  names.begin() + static_cast<ptrdiff_t>(end)},
                                 *pending.back()));
    }
  }
  absl::Status first_error;
  for (const std::unique_ptr<Pending>& one : pending) {
    const absl::Status status = one->outcome.get_future().get();
    if (!absl::IsCancelled(status)) first_error.Update(status);
  }
  return first_error;
}

}  // namespace okr::checkins
