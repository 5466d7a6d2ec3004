#include "services/scoring/consumers/sweeper.h"

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/events/handler.h"
#include "common/failpoint/failpoint.h"
#include "common/log/logger.h"
#include "common/postgres/params.h"
#include "common/postgres/sqlstate.h"
#include "common/projection/tables.h"
#include "common/status/macros.h"
#include "okr/events/v1/payloads.pb.h"
#include "services/scoring/consumers/statements.h"
#include "services/scoring/store/names.h"
#include "services/scoring/store/recompute.h"
#include "services/scoring/store/tables.h"

namespace okr::scoring {
namespace {

using failpoint::FailPoint;

constexpr absl::Duration kBudget = absl::Seconds(10);

// The beginning of the next day, while the cycle runs.
std::optional<absl::Time> NextTime(const ::okr::Organization* organization,
                                   const ::okr::Cycle* cycle, absl::Time now) {
  if (organization == nullptr || cycle == nullptr) return std::nullopt;
  if (cycle->state != ::okr::CycleState::kActive) return std::nullopt;
  const absl::TimeZone zone = ZoneOf(*organization);
  return StartOfDay(absl::ToCivilDay(now, zone) + 1, zone);
}

// What comes after the last page.
struct End {
  std::optional<absl::Time> next_time;  // When to begin anew.
  bool is_final = false;                // The scores do not change any more.
};

// The close is complete once goals has closed the cycle and all its check-ins are counted.
absl::Status FinishCycle(store::View& view, const std::string& cycle_name, End& end) {
  const auto organization = view.Find(projection::Organizations(), "");
  const auto cycle = view.Find(projection::Cycles(), cycle_name);
  const auto state = view.Find(tables::CycleStates(), cycle_name);
  OKR_RETURN_IF_ERROR(organization.status());
  OKR_RETURN_IF_ERROR(cycle.status());
  OKR_RETURN_IF_ERROR(state.status());
  end.next_time = NextTime(organization->value, cycle->value, view.now());
  stored::CycleState scored;
  if (*state) scored = **state;
  const bool sealed = scored.sealed() || failpoint::Planted(failpoint::Fault::kSealIgnored);
  end.is_final =
      *cycle && (*cycle)->state == ::okr::CycleState::kClosed && sealed && !scored.scored();
  if (!end.is_final) return absl::OkStatus();
  failpoint::Reach(FailPoint::kFinalDecided);
  scored.set_scored(true);
  okr::events::v1::CycleScoredEvent payload;
  payload.set_cycle((*cycle)->name.ToString());
  const int64_t version = view.Put(tables::CycleStates(), cycle_name, std::move(scored));
  view.Emit("okr.scoring.v1.CycleScored", payload.cycle(), version, payload);
  return absl::OkStatus();
}

}  // namespace

struct Sweeper::Page {
  Touched touched;
  std::string last;  // Name.
  bool is_last = false;
};

Sweeper::Sweeper(SweeperOptions options, const ScoreDeps& deps)
    : options_(std::move(options)), deps_(deps) {}

Sweeper::~Sweeper() { Stop(); }

void Sweeper::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Sweeper::Stop() {
  stopper_.Stop();
  if (thread_.joinable()) thread_.join();
}

void Sweeper::Run() {
  store::Session session(options_.database, SystemClock::Get());
  while (!stopper_.stopped()) {
    absl::StatusOr<bool> more = false;
    if (auto connection = session.Get(); connection.ok()) {
      more = RunOnce(**connection);
    } else {
      more = connection.status();
    }
    if (!more.ok() && log_limit_.Allow()) {
      log::Warning("a sweep waits", {{"error", postgres::LogDetailOf(more.status())}});
    }
    if (!more.ok() || !*more) stopper_.Wait(options_.poll_interval);
  }
}

absl::StatusOr<bool> Sweeper::RunOnce(postgres::Connection& connection) {
  OKR_ASSIGN_OR_RETURN(
      const postgres::Result due,
      connection.Execute(kFindDueSweep, postgres::Params().Timestamp(deps_.clock.Now()),
                         absl::Now() + kBudget));
  if (due.rows() == 0) return false;
  const Sweep sweep{.shard = due.GetInt32(0, 0),
                    .organization = std::string(due.GetText(0, 1)),
                    .cycle = std::string(due.GetText(0, 2))};
  absl::Status status = RunPage(connection, sweep);
  if (status.ok()) return true;
  if (!events::IsTransient(status)) {
    log::Error("a cycle cannot be evaluated", {{"organization", sweep.organization},
                                               {"cycle", sweep.cycle},
                                               {"error", postgres::LogDetailOf(status)}});
    OKR_RETURN_IF_ERROR(Postpone(connection, sweep));
  }
  return status;
}

absl::StatusOr<std::optional<Sweeper::Page>> Sweeper::ReadPage(postgres::Transaction& transaction,
                                                               const Sweep& sweep,
                                                               absl::Time now) const {
  OKR_ASSIGN_OR_RETURN(const postgres::Result claimed,
                       transaction.Execute(kClaimSweep, postgres::Params()
                                                            .Int32(sweep.shard)
                                                            .Text(sweep.organization)
                                                            .Text(sweep.cycle)
                                                            .Timestamp(now)));
  // Another replica was faster.
  if (claimed.rows() == 0) return std::optional<Page>();
  OKR_ASSIGN_OR_RETURN(const postgres::Result names,
                       transaction.Execute(kNextOfCycle, postgres::Params()
                                                             .Text(sweep.organization)
                                                             .Text(sweep.cycle)
                                                             .Text(claimed.GetText(0, 0))
                                                             .Int64(options_.page)));
  Page page{.is_last = names.rows() < options_.page};
  for (int i = 0; i < names.rows(); ++i) {
    page.last = std::string(names.GetText(i, 0));
    (IsKeyResult(page.last) ? page.touched.key_results : page.touched.objectives).insert(page.last);
  }
  return std::optional(std::move(page));
}

absl::Status Sweeper::RunPage(postgres::Connection& connection, const Sweep& sweep) {
  const absl::Time now = deps_.clock.Now();
  auto transaction = postgres::Transaction::Begin(connection, absl::Now() + kBudget);
  transaction.SwitchOrganization(sweep.organization);
  // As all who change scores: first the book, then the rest.
  transaction.Enqueue(kLockBook, postgres::Params().Text(sweep.organization));
  OKR_ASSIGN_OR_RETURN(const std::optional<Page> page, ReadPage(transaction, sweep, now));
  if (!page) return absl::OkStatus();
  failpoint::Reach(FailPoint::kSweepClaimed);

  End end;
  std::map<std::string, ScoreWork> work;
  work[sweep.organization].decide = [&](store::View& view) -> absl::Status {
    OKR_RETURN_IF_ERROR(Recompute(view, sweep.organization, page->touched));
    return page->is_last ? FinishCycle(view, sweep.cycle, end) : absl::OkStatus();
  };
  OKR_ASSIGN_OR_RETURN(const std::optional<store::LogPosition> written,
                       ChangeScores(transaction, deps_, now, work));
  postgres::Params params;
  params.Int32(sweep.shard).Text(sweep.organization).Text(sweep.cycle);
  if (page->is_last && !end.next_time) {
    transaction.Enqueue(kEndSweep, params);
  } else {
    transaction.Enqueue(kMoveSweep, params.Timestamp(page->is_last ? *end.next_time : now)
                                        .Text(page->is_last ? "" : page->last));
  }
  failpoint::ReachAfter(FailPoint::kSweepMoved,
                        [&transaction] { transaction.Flush().IgnoreError(); });
  OKR_RETURN_IF_ERROR(transaction.Commit());
  failpoint::Reach(FailPoint::kSweepCommitted);
  if (end.is_final) failpoint::Reach(FailPoint::kFinalCommitted);
  if (written && deps_.committed) deps_.committed(*written);
  return absl::OkStatus();
}

absl::Status Sweeper::Postpone(postgres::Connection& connection, const Sweep& sweep) {
  const absl::Time later = deps_.clock.Now() + options_.after_failure;
  return connection
      .Execute(kMoveSweep,
               postgres::Params()
                   .Int32(sweep.shard)
                   .Text(sweep.organization)
                   .Text(sweep.cycle)
                   .Timestamp(later)
                   .Text(""),
               absl::Now() + kBudget)
      .status();
}

}  // namespace okr::scoring
