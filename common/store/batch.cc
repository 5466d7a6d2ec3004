#include "common/store/batch.h"

#include <algorithm>
#include <map>
#include <thread>
#include <utility>

#include "common/failpoint/failpoint.h"
#include "common/postgres/params.h"
#include "common/postgres/sqlstate.h"
#include "common/status/macros.h"
#include "common/store/batch_spans.h"
#include "common/store/errors.h"
#include "common/store/log_writer.h"
#include "common/store/positions_apart.h"
#include "okr_store_sql.h"

namespace okr::store {
namespace {

using failpoint::FailPoint;
using failpoint::Fault;

constexpr postgres::Statement kFindRequests{"store.find_requests", sql::kFindRequests};
constexpr postgres::Statement kClaimRequests{"store.claim_requests", sql::kClaimRequests};

// Commands that walk a graph ask for its next level in each round.
constexpr int kMaxRounds = 200;

bool IsUniqueViolation(const absl::Status& status) {
  return postgres::SqlStateOf(status) == "23505";
}

}  // namespace

// A command with what became of it in the present attempt.
struct Batch::Member {
  std::unique_ptr<Command> command;
  std::string request_id;

  absl::Status status;
  bool settled = false;                       // The store has decided, whatever the command would.
  std::optional<Foresight::Keys> first_rows;  // What the command asked for first.
  Wanted later_rows;              // And those it was foreseen to need, or asked for later.
  bool was_surprised = false;     // It asked for rows that were not foreseen.
  Member* merged_into = nullptr;  // The same request, earlier in the batch.
  std::vector<Event> events;
  std::string actor;

  void Reset() {
    status = absl::OkStatus();
    settled = false;
    merged_into = nullptr;
    first_rows.reset();
    later_rows = Wanted();
    was_surprised = false;
    events.clear();
  }
  void Settle(absl::Status outcome) {
    status = std::move(outcome);
    settled = true;
  }
  // Carried out now, so that it must be recorded.
  bool accepted() const { return !settled && merged_into == nullptr && status.ok(); }
  bool writes() const { return accepted() && !command->validate_only; }
};

// One try to carry out some members in one transaction.
class Batch::Attempt {
 public:
  // `repeated`: an earlier attempt may have been committed, so that all request ids must be looked
  // for.
  Attempt(Batch& batch, absl::Span<Member*> members, absl::Time deadline, bool repeated)
      : connection_(batch.connection_),
        options_(batch.options_),
        deps_(batch.deps_),
        organization_(members.front()->command->organization),
        members_(members),
        deadline_(deadline),
        repeated_(repeated),
        now_(batch.deps_.clock.Now()),
        base_(organization_),
        current_(organization_) {}

  absl::Status Run() {
    for (Member* member : members_) member->Reset();
    Merge();
    OKR_RETURN_IF_ERROR(Begin());
    failpoint::Reach(FailPoint::kBatchBegun);
    Wanted wanted = Decide();
    for (int round = 1; !wanted.empty(); ++round) {
      if (round > kMaxRounds) return error::TooManyRounds();
      OKR_RETURN_IF_ERROR(Load(wanted));
      wanted = Decide();
    }
    failpoint::Reach(FailPoint::kBatchDecided);
    LearnFromSurprises();
    OKR_RETURN_IF_ERROR(TakeOwnRefusals());
    return Write();
  }

  const std::optional<LogPosition>& position() const { return position_; }

 private:
  void Merge();
  absl::Status Begin();
  std::vector<absl::string_view> RequestIdsToFind() const;
  void EnqueueFindRequests(const std::vector<absl::string_view>& ids);
  absl::Status TakeRequests(const postgres::Result& result);
  Wanted Decide();
  void DecideOne(Member& member, Wanted& wanted);
  void Foresee(Member& member, const Wanted& asked, Wanted& wanted);
  void LearnFromSurprises();
  absl::Status Load(const Wanted& wanted);
  absl::Status TakeOwnRefusals();
  absl::Status Write();
  void EnqueueClaims();
  absl::Status EnqueueAppend(const std::vector<LogEntry>& entries);
  std::vector<LogEntry> LogEntries() const;

  postgres::Connection& connection_;
  const BatchOptions& options_;
  const BatchDeps& deps_;
  const std::string organization_;
  const absl::Span<Member*> members_;
  const absl::Time deadline_;
  const bool repeated_;
  const absl::Time now_;
  WorkingSet base_;     // As the database has it.
  WorkingSet current_;  // With the changes of the commands that were accepted so far.
  std::optional<LogPosition> position_;
};

void Batch::Attempt::Merge() {
  std::map<absl::string_view, Member*> first;
  for (Member* member : members_) {
    const auto [at, is_first] = first.try_emplace(member->request_id, member);
    if (is_first) continue;
    if (at->second->command->digest == member->command->digest) {
      member->merged_into = at->second;
    } else {
      member->Settle(error::RequestIdReused(member->request_id));
    }
  }
}

// Goes out together with the first rows that the commands ask for.
absl::Status Batch::Attempt::Begin() {
  const Wanted wanted = Decide();
  connection_.Enqueue(postgres::kBegin);
  connection_.Enqueue(postgres::kSwitchOrganization, postgres::Params().Text(organization_));
  const std::vector<absl::string_view> ids = RequestIdsToFind();
  if (!ids.empty()) {
    EnqueueFindRequests(ids);
  }
  base_.EnqueueLoads(wanted, true, connection_);
  OKR_ASSIGN_OR_RETURN(const std::vector<postgres::Result> results, connection_.Flush(deadline_));
  size_t index = 2;
  if (!ids.empty()) OKR_RETURN_IF_ERROR(TakeRequests(results[index++]));
  return base_.TakeLoads(wanted, results, index);
}

std::vector<absl::string_view> Batch::Attempt::RequestIdsToFind() const {
  std::vector<absl::string_view> ids;
  for (const Member* member : members_) {
    const bool may_be_known = repeated_ || !member->command->request_id.empty();
    if (may_be_known && !member->settled) ids.emplace_back(member->request_id);
  }
  return ids;
}

void Batch::Attempt::EnqueueFindRequests(const std::vector<absl::string_view>& ids) {
  connection_.Enqueue(kFindRequests, postgres::Params()
                                         .Text(organization_)
                                         .TextArray(ids)
                                         .Int32(LogShardOf(organization_, options_.shards)));
}

absl::Status Batch::Attempt::TakeRequests(const postgres::Result& result) {
  std::map<absl::string_view, int> rows;
  for (int i = 0; i < result.rows(); ++i) rows[result.GetText(i, 0)] = i;
  for (Member* member : members_) {
    const auto row = rows.find(member->request_id);
    if (row == rows.end() || member->settled || member->merged_into != nullptr) continue;
    if (result.GetBytes(row->second, 1) != member->command->digest) {
      member->Settle(error::RequestIdReused(member->request_id));
      continue;
    }
    const absl::string_view response = result.GetBytes(row->second, 2);
    if (!member->command->response->ParseFromArray(response.data(),
                                                   static_cast<int>(response.size()))) {
      return absl::InternalError("a stored response cannot be read");
    }
    // Who has the answer may ask others for what it speaks of.
    position_ = PositionIn(result, organization_, options_.shards, row->second, 3);
    member->Settle(absl::OkStatus());
  }
  return absl::OkStatus();
}

Wanted Batch::Attempt::Decide() {
  Wanted wanted;
  current_ = base_;
  for (Member* member : members_) {
    if (!member->settled && member->merged_into == nullptr) DecideOne(*member, wanted);
  }
  return wanted;
}

void Batch::Attempt::DecideOne(Member& member, Wanted& wanted) {
  Command& command = *member.command;
  command.response->Clear();
  View view(failpoint::Planted(Fault::kFoldMissing) ? base_ : current_, now_);
  member.status = command.decide(view, *command.response);
  member.events = std::move(view.events());
  member.actor = view.actor().empty() ? command.actor : view.actor();
  if (view.misses_rows()) {
    wanted.Add(view.wanted());
    if (deps_.foresight != nullptr) Foresee(member, view.wanted(), wanted);
    return;
  }
  if (!member.writes()) return;
  for (auto& [table, rows] : view.changes()) {
    for (auto& [name, row] : rows) current_.Set(*table, name, std::move(row));
  }
}

// With the first rows of a command those come that it will ask for next.
void Batch::Attempt::Foresee(Member& member, const Wanted& asked, Wanted& wanted) {
  if (!member.first_rows) {
    member.first_rows = Foresight::KeysOf(organization_, member.command->method, asked);
    deps_.foresight->Recall(*member.first_rows, member.later_rows);
    wanted.Add(member.later_rows);
  } else {
    member.later_rows.Add(asked);
    member.was_surprised = true;
  }
}

void Batch::Attempt::LearnFromSurprises() {
  for (const Member* member : members_) {
    if (member->was_surprised) deps_.foresight->Learn(*member->first_rows, member->later_rows);
  }
}

absl::Status Batch::Attempt::Load(const Wanted& wanted) {
  base_.EnqueueLoads(wanted, true, connection_);
  OKR_ASSIGN_OR_RETURN(const std::vector<postgres::Result> results, connection_.Flush(deadline_));
  size_t index = 0;
  return base_.TakeLoads(wanted, results, index);
}

// What a repeated request is refused for may be what it did itself a moment ago at another replica,
// after its id was looked for here: then it gets that answer.
absl::Status Batch::Attempt::TakeOwnRefusals() {
  std::vector<absl::string_view> ids;
  for (const Member* member : members_) {
    const bool refused = !member->settled && member->merged_into == nullptr && !member->status.ok();
    if (refused && !member->command->request_id.empty()) ids.emplace_back(member->request_id);
  }
  if (ids.empty()) return absl::OkStatus();
  EnqueueFindRequests(ids);
  OKR_ASSIGN_OR_RETURN(const std::vector<postgres::Result> results, connection_.Flush(deadline_));
  return TakeRequests(results.front());
}

absl::Status Batch::Attempt::Write() {
  if (std::none_of(members_.begin(), members_.end(), [](const Member* m) { return m->writes(); })) {
    return connection_.Rollback(deadline_);
  }
  if (!failpoint::Planted(Fault::kRequestIdNotClaimed)) EnqueueClaims();
  current_.EnqueueWrites(connection_);
  const std::vector<LogEntry> entries = LogEntries();
  if (!entries.empty()) OKR_RETURN_IF_ERROR(EnqueueAppend(entries));
  failpoint::ReachAfter(FailPoint::kBatchWritten,
                        [this] { connection_.Flush(deadline_).status().IgnoreError(); });
  connection_.Enqueue(postgres::kCommit);
  OKR_ASSIGN_OR_RETURN(const std::vector<postgres::Result> results, connection_.Flush(deadline_));
  failpoint::Reach(FailPoint::kBatchCommitted);
  if (!entries.empty()) {
    position_ = PositionIn(results[results.size() - 2], organization_, options_.shards);
  }
  return absl::OkStatus();
}

void Batch::Attempt::EnqueueClaims() {
  std::vector<const Member*> claims;
  for (const Member* member : members_) {
    if (member->writes()) claims.push_back(member);
  }
  std::sort(claims.begin(), claims.end(),
            [](const Member* a, const Member* b) { return a->request_id < b->request_id; });
  using View = absl::string_view;
  postgres::Params params;
  params.Text(organization_);
  params.TextArray(claims, [](const Member* m) -> View { return m->request_id; });
  params.TextArray(claims, [](const Member* m) -> View { return m->command->method; });
  params.BytesArray(claims, [](const Member* m) -> View { return m->command->digest; });
  params.BytesArray(claims,
                    [](const Member* m) { return m->command->response->SerializeAsString(); });
  connection_.Enqueue(kClaimRequests, params);
}

absl::Status Batch::Attempt::EnqueueAppend(const std::vector<LogEntry>& entries) {
  postgres::Statement statement = AppendStatement();
  postgres::Params params = AppendParams(organization_, options_.shards, now_, entries, deps_.ids);
  if (failpoint::Planted(Fault::kPositionNotLast)) {
    OKR_ASSIGN_OR_RETURN(statement, TakePositionsApart(connection_.options(), organization_,
                                                       options_.shards, entries.size(), params));
  }
  connection_.Enqueue(statement, params);
  return absl::OkStatus();
}

std::vector<LogEntry> Batch::Attempt::LogEntries() const {
  std::vector<LogEntry> entries;
  for (const Member* member : members_) {
    if (!member->writes()) continue;
    for (const Event& event : member->events) {
      entries.push_back({.event = event,
                         .actor = member->actor,
                         .request_id = member->request_id,
                         .traceparent = member->command->traceparent});
    }
  }
  return entries;
}

Batch::Batch(postgres::Connection& connection, const BatchOptions& options, const BatchDeps& deps)
    : connection_(connection), options_(options), deps_(deps) {}

void Batch::Run(std::vector<std::unique_ptr<Command>> commands) {
  const absl::Time now = deps_.clock.Now();
  std::vector<std::unique_ptr<Member>> all;
  std::vector<Member*> members;
  for (std::unique_ptr<Command>& command : commands) {
    if (command->deadline <= now) {
      command->done(error::DeadlinePassedInQueue(), std::nullopt);
      continue;
    }
    auto member = std::make_unique<Member>();
    member->request_id =
        command->request_id.empty() ? deps_.ids.Next().ToString() : command->request_id;
    member->command = std::move(command);
    members.push_back(member.get());
    all.push_back(std::move(member));
  }
  if (!members.empty()) RunMembers(absl::MakeSpan(members), now + options_.budget);
}

void Batch::RunMembers(absl::Span<Member*> members, absl::Time deadline) {
  const absl::Time start = deps_.clock.Now();
  const absl::Status status = RunWithRetries(members, deadline);
  if (deps_.tracer != nullptr) Trace(members, start, status);
  if (status.ok()) return;
  const bool splits = members.size() > 1 && !failpoint::Planted(Fault::kBatchErrorFailsNeighbours);
  if (postgres::IsRefused(status) && splits) {
    const size_t half = members.size() / 2;
    RunMembers(members.subspan(0, half), deadline);
    RunMembers(members.subspan(half), deadline);
    return;
  }
  for (Member* member : members) member->command->done(status, std::nullopt);
}

// Done has been called for every member if this is OK, and for none otherwise.
absl::Status Batch::RunWithRetries(absl::Span<Member*> members, absl::Time deadline) {
  absl::Status status;
  for (int attempt = 0; attempt < options_.max_attempts; ++attempt) {
    if (attempt > 0 && deps_.repeats != nullptr) deps_.repeats->Add();
    if (attempt > 0 && connection_.broken()) OKR_RETURN_IF_ERROR(connection_.Reset());
    Attempt run(*this, members, deadline, attempt > 0);
    status = run.Run();
    if (status.ok()) {
      if (run.position() && deps_.committed) deps_.committed(*run.position());
      if (run.position()) failpoint::Reach(FailPoint::kBatchTold);
      Finish(members, run.position());
      return status;
    }
    if (!connection_.broken()) connection_.Rollback(deadline).IgnoreError();
    const bool again = postgres::IsRetryable(status) || postgres::IsConnectionLost(status) ||
                       postgres::IsOutcomeUnknown(status) || IsUniqueViolation(status);
    if (!again || deps_.clock.Now() >= deadline) return status;
  }
  // A unique violation that stays is the fault of one member: let the batch be split.
  return IsUniqueViolation(status) || postgres::IsConnectionLost(status) ? status
                                                                         : error::StillColliding();
}

void Batch::Trace(absl::Span<Member*> members, absl::Time start, const absl::Status& status) const {
  BatchSpans spans(*deps_.tracer, members.front()->command->organization, start, deps_.clock.Now(),
                   status);
  for (const Member* member : members) {
    spans.Add(member->command->traceparent, status.ok() ? member->status : status,
              member->events.size());
  }
  spans.End();
}

void Batch::Finish(absl::Span<Member*> members, const std::optional<LogPosition>& position) {
  for (Member* member : members) {
    Member* first = member->merged_into;
    if (first == nullptr) continue;
    member->status = first->status;
    if (first->status.ok()) member->command->response->CopyFrom(*first->command->response);
  }
  for (Member* member : members) member->command->done(member->status, position);
}

}  // namespace okr::store
