#include "services/checkins/store/lists.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "checkins_sql.h"
#include "common/postgres/params.h"
#include "common/postgres/sqlstate.h"
#include "common/resources/messages.h"
#include "common/status/macros.h"

namespace okr::checkins {
namespace {

constexpr postgres::Statement kListCheckIns{"checkins.list_check_ins", sql::kListCheckIns};
constexpr postgres::Statement kListCheckInsOfObjective{"checkins.list_check_ins_of_objective",
                                                       sql::kListCheckInsOfObjective};
constexpr postgres::Statement kLatestCheckIns{"checkins.latest_check_ins", sql::kLatestCheckIns};
constexpr postgres::Statement kListDue{"checkins.list_due", sql::kListDue};
constexpr postgres::Statement kListDueOfOwners{"checkins.list_due_of_owners",
                                               sql::kListDueOfOwners};
constexpr postgres::Statement kTeamsThatMention{"checkins.teams_that_mention",
                                                sql::kTeamsThatMention};
constexpr postgres::Statement kDueStatesToLookAt{"checkins.due_states_to_look_at",
                                                 sql::kDueStatesToLookAt};

template <typename Message>
absl::StatusOr<Message> Parse(const postgres::Result& result, int row, int column) {
  Message message;
  const absl::string_view body = result.GetBytes(row, column);
  if (message.ParseFromArray(body.data(), static_cast<int>(body.size()))) return message;
  return absl::InternalError("a stored row cannot be read");
}

absl::StatusOr<std::vector<ListedCheckIn>> ReadCheckIns(const postgres::Result& result) {
  std::vector<ListedCheckIn> listed;
  for (int i = 0; i < result.rows(); ++i) {
    OKR_ASSIGN_OR_RETURN(v1::CheckIn check_in, Parse<v1::CheckIn>(result, i, 1));
    listed.push_back({.key = {.effective_time = result.GetInt64(i, 2),
                              .create_time = result.GetInt64(i, 3),
                              .name = std::string(result.GetText(i, 0))},
                      .check_in = std::move(check_in)});
  }
  return listed;
}

absl::StatusOr<ListedDue> ReadDue(const postgres::Result& result, int row) {
  const absl::string_view body = result.GetBytes(row, 1);
  OKR_ASSIGN_OR_RETURN(const auto due, DueStates().Parse(body));
  OKR_ASSIGN_OR_RETURN(const auto key_result, Parse<goals::v1::KeyResult>(result, row, 2));
  OKR_ASSIGN_OR_RETURN(const auto objective, Parse<goals::v1::Objective>(result, row, 3));
  ListedDue listed{.row = *static_cast<const DueRow*>(due.get())};
  OKR_ASSIGN_OR_RETURN(listed.key_result, FromProto(key_result));
  OKR_ASSIGN_OR_RETURN(listed.objective, FromProto(objective));
  listed.key.name = std::string(result.GetText(row, 0));
  if (listed.row.state.due_time) {
    listed.key.due_time = absl::ToUnixMicros(*listed.row.state.due_time);
  }
  return listed;
}

}  // namespace

// A connection that was lost since its last use is worth one more try.
absl::StatusOr<postgres::Result> Lists::Read(const std::string& organization,
                                             const postgres::Statement& statement,
                                             const postgres::Params& params, absl::Time deadline) {
  absl::Status status;
  for (int attempt = 0; attempt < 2; ++attempt) {
    OKR_ASSIGN_OR_RETURN(const postgres::ConnectionPool::Lease connection, pool_.Acquire(deadline));
    connection->Enqueue(postgres::kSwitchOrganization, postgres::Params().Text(organization));
    connection->Enqueue(statement, params);
    absl::StatusOr<std::vector<postgres::Result>> results = connection->Flush(deadline);
    if (results.ok()) return std::move(results->back());
    status = results.status();
    if (!postgres::IsConnectionLost(status)) break;
  }
  return status;
}

absl::StatusOr<std::vector<ListedCheckIn>> Lists::CheckInsOf(const KeyResultName& key_result,
                                                             const CheckInKey& after, int limit,
                                                             absl::Time deadline) {
  postgres::Params params;
  params.Text(key_result.organization_id()).Text(key_result.relative());
  params.Int64(after.effective_time).Int64(after.create_time).Text(after.name).Int64(limit);
  OKR_ASSIGN_OR_RETURN(
      const postgres::Result result,
      Read(std::string(key_result.organization_id()), kListCheckIns, params, deadline));
  return ReadCheckIns(result);
}

absl::StatusOr<std::vector<ListedCheckIn>> Lists::CheckInsOf(const ObjectiveName& objective,
                                                             const CheckInKey& after, int limit,
                                                             absl::Time deadline) {
  postgres::Params params;
  params.Text(objective.organization_id()).Text(absl::StrCat(objective.relative(), "/keyResults/"));
  params.Int64(after.effective_time).Int64(after.create_time).Text(after.name).Int64(limit);
  params.Text(absl::StrCat(objective.relative(), "/keyResults0"));
  OKR_ASSIGN_OR_RETURN(
      const postgres::Result result,
      Read(std::string(objective.organization_id()), kListCheckInsOfObjective, params, deadline));
  return ReadCheckIns(result);
}

absl::StatusOr<std::map<std::string, v1::CheckIn>> Lists::LatestOf(
    const std::string& organization, const std::vector<std::string>& key_results,
    absl::Time deadline) {
  OKR_ASSIGN_OR_RETURN(
      const postgres::Result result,
      Read(organization, kLatestCheckIns,
           postgres::Params().Text(organization).TextArray(key_results), deadline));
  std::map<std::string, v1::CheckIn> latest;
  for (int i = 0; i < result.rows(); ++i) {
    OKR_ASSIGN_OR_RETURN(latest[std::string(result.GetText(i, 0))],
                         Parse<v1::CheckIn>(result, i, 1));
  }
  return latest;
}

absl::StatusOr<std::vector<ListedDue>> Lists::Due(const std::string& organization, absl::Time until,
                                                  const std::vector<std::string>& owners,
                                                  const DueKey& after, int limit,
                                                  absl::Time deadline) {
  postgres::Params params;
  params.Text(organization).Int64(absl::ToUnixMicros(until));
  params.Int64(after.due_time).Text(after.name).Int64(limit);
  if (!owners.empty()) params.TextArray(owners);
  OKR_ASSIGN_OR_RETURN(
      const postgres::Result result,
      Read(organization, owners.empty() ? kListDue : kListDueOfOwners, params, deadline));
  std::vector<ListedDue> listed;
  for (int i = 0; i < result.rows(); ++i) {
    OKR_ASSIGN_OR_RETURN(listed.emplace_back(), ReadDue(result, i));
  }
  return listed;
}

absl::StatusOr<std::vector<TeamName>> Lists::TeamsOf(const PersonName& person,
                                                     absl::Time deadline) {
  const std::string organization(person.organization_id());
  OKR_ASSIGN_OR_RETURN(
      const postgres::Result result,
      Read(organization, kTeamsThatMention,
           postgres::Params().Text(organization).Bytes(person.ToString()), deadline));
  std::vector<TeamName> teams;
  for (int i = 0; i < result.rows(); ++i) {
    OKR_ASSIGN_OR_RETURN(const auto message, Parse<directory::v1::Team>(result, i, 0));
    OKR_ASSIGN_OR_RETURN(const Team team, FromProto(message));
    if (team.has_member(person)) teams.push_back(team.name);
  }
  return teams;
}

absl::StatusOr<std::vector<ToLookAt>> Lists::DueStatesToLookAt(absl::Time until,
                                                               const ToLookAt& after, int limit,
                                                               absl::Time deadline) {
  postgres::Params params;
  params.Int64(absl::ToUnixMicros(until)).Int64(after.fire_time);
  params.Text(after.organization_id).Text(after.name).Int32(limit);
  OKR_ASSIGN_OR_RETURN(const postgres::Result result,
                       Read("", kDueStatesToLookAt, params, deadline));
  std::vector<ToLookAt> rows;
  for (int i = 0; i < result.rows(); ++i) {
    rows.push_back({.fire_time = result.GetInt64(i, 2),
                    .organization_id = std::string(result.GetText(i, 0)),
                    .name = std::string(result.GetText(i, 1))});
  }
  return rows;
}

}  // namespace okr::checkins
