#include "services/goals/consumers/score_summaries.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/names/names.h"
#include "common/postgres/params.h"
#include "common/status/macros.h"
#include "goals_sql.h"
#include "okr/events/v1/payloads.pb.h"

namespace okr::goals {
namespace {

constexpr postgres::Statement kUpsert{"goals.upsert_score_summaries", sql::kUpsertScoreSummaries};

absl::Status Unreadable(const events::v1::Event& event) {
  return absl::InvalidArgumentError(
      absl::StrCat("the data of a ", event.type(), " cannot be read"));
}

// Of okr.scoring.v1.KeyResultScore or ObjectiveScore.
template <typename Score>
v1::ScoreSummary SummaryOfScore(const Score& score) {
  v1::ScoreSummary summary;
  if (score.has_progress()) summary.set_progress(score.progress());
  if (score.has_score()) summary.set_score(score.score());
  summary.set_status(score.status());
  summary.set_score_state(score.state());
  *summary.mutable_update_time() = score.update_time();
  return summary;
}

absl::StatusOr<std::optional<SummaryRow>> OfKeyResult(const events::v1::Event& event) {
  events::v1::KeyResultScoreEvent payload;
  if (!event.data().UnpackTo(&payload)) return Unreadable(event);
  OKR_ASSIGN_OR_RETURN(const auto name, KeyResultName::Parse(payload.score().key_result()));
  return SummaryRow{.name = std::string(name.relative()),
                    .version = event.subject_version(),
                    .summary = SummaryOfScore(payload.score())};
}

absl::StatusOr<std::optional<SummaryRow>> OfObjective(const events::v1::Event& event) {
  events::v1::ObjectiveScoreEvent payload;
  if (!event.data().UnpackTo(&payload)) return Unreadable(event);
  OKR_ASSIGN_OR_RETURN(const auto name, ObjectiveName::Parse(payload.score().objective()));
  return SummaryRow{.name = std::string(name.relative()),
                    .version = event.subject_version(),
                    .summary = SummaryOfScore(payload.score())};
}

// The newest of each name.
absl::StatusOr<std::map<std::string, SummaryRow>> NewestOf(
    absl::Span<const events::v1::Event> events) {
  std::map<std::string, SummaryRow> rows;
  for (const events::v1::Event& event : events) {
    OKR_ASSIGN_OR_RETURN(std::optional<SummaryRow> row, SummaryOf(event));
    if (!row) continue;
    SummaryRow& newest = rows[row->name];
    if (row->version >= newest.version) newest = *std::move(row);
  }
  return rows;
}

void EnqueueUpsert(postgres::Transaction& transaction, absl::string_view organization,
                   const std::map<std::string, SummaryRow>& rows) {
  if (rows.empty()) return;
  postgres::Params params;
  params.Text(organization);
  params.TextArray(rows, [](const auto& row) -> absl::string_view { return row.first; });
  params.Int64Array(rows, [](const auto& row) { return row.second.version; });
  std::vector<std::string> bodies;
  for (const auto& [name, row] : rows) bodies.push_back(row.summary.SerializeAsString());
  params.BytesArray(bodies);
  transaction.Enqueue(kUpsert, params);
}

}  // namespace

absl::StatusOr<std::optional<SummaryRow>> SummaryOf(const events::v1::Event& event) {
  if (event.type() == "okr.scoring.v1.KeyResultScoreChanged" ||
      event.type() == "okr.scoring.v1.KeyResultStatusChanged") {
    return OfKeyResult(event);
  }
  if (event.type() == "okr.scoring.v1.ObjectiveScoreChanged" ||
      event.type() == "okr.scoring.v1.ObjectiveStatusChanged") {
    return OfObjective(event);
  }
  return std::optional<SummaryRow>();
}

absl::Status ScoreSummaries::Apply(postgres::Transaction& transaction,
                                   absl::Span<const events::v1::Event> events) {
  return events::ForEachOrganization(
      transaction, events,
      [&](absl::string_view organization, absl::Span<const events::v1::Event> run) -> absl::Status {
        OKR_ASSIGN_OR_RETURN(const auto rows, NewestOf(run));
        EnqueueUpsert(transaction, organization, rows);
        return absl::OkStatus();
      });
}

}  // namespace okr::goals
