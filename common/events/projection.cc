#include "common/events/projection.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/events/statements.h"
#include "common/failpoint/failpoint.h"
#include "common/status/macros.h"
#include "okr/events/v1/payloads.pb.h"

namespace okr::events {
namespace {

namespace v1 = ::okr::events::v1;

std::string RelativeName(absl::string_view name) {
  size_t slash = name.find('/');
  if (slash != absl::string_view::npos) slash = name.find('/', slash + 1);
  return slash == absl::string_view::npos ? std::string() : std::string(name.substr(slash + 1));
}

template <typename Resource>
ProjectionRow PlainRow(const Resource& resource, int64_t version) {
  return {.name = RelativeName(resource.name()),
          .version = version,
          .body = resource.SerializeAsString()};
}

// `row` becomes that of the resource `get` finds in a payload of type `Payload`. False if the event
// carries another type.
template <typename Payload, typename Get>
absl::StatusOr<bool> TakeRow(const v1::Event& event, Get get, std::optional<ProjectionRow>& row) {
  if (!event.data().Is<Payload>()) return false;
  Payload payload;
  if (!event.data().UnpackTo(&payload)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the payload of event ", event.id(), " cannot be read"));
  }
  row = RowOf(get(payload), event.subject_version());
  return true;
}

// Newest first within a name, names in order: each name's first is kept, and rows are locked in one
// order by all.
void KeepNewest(std::vector<ProjectionRow>& rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const ProjectionRow& a, const ProjectionRow& b) {
    return a.name != b.name ? a.name < b.name : a.version > b.version;
  });
  const auto same = [](const ProjectionRow& a, const ProjectionRow& b) { return a.name == b.name; };
  rows.erase(std::unique(rows.begin(), rows.end(), same), rows.end());
}

// As it is, but for a planted fault: then without its last clause, which compares the versions.
postgres::Statement UpsertStatement() {
  if (!failpoint::Planted(failpoint::Fault::kProjectionVersionIgnored)) return kUpsertProjection;
  return {"events.upsert_projection_blindly",
          kUpsertProjection.text.substr(0, kUpsertProjection.text.find("WHERE"))};
}

}  // namespace

ProjectionRow RowOf(const okr::directory::v1::Organization& organization, int64_t version) {
  return PlainRow(organization, version);
}

ProjectionRow RowOf(const okr::directory::v1::Person& person, int64_t version) {
  ProjectionRow row = PlainRow(person, version);
  row.lookup = person.subject();
  return row;
}

ProjectionRow RowOf(const okr::directory::v1::Team& team, int64_t version) {
  ProjectionRow row = PlainRow(team, version);
  row.deleted = team.has_delete_time();
  return row;
}

ProjectionRow RowOf(const okr::directory::v1::Cycle& cycle, int64_t version) {
  return PlainRow(cycle, version);
}

ProjectionRow RowOf(const okr::goals::v1::Objective& objective, int64_t version) {
  ProjectionRow row = PlainRow(objective, version);
  row.deleted = objective.has_delete_time();
  row.cycle = RelativeName(objective.cycle());
  return row;
}

ProjectionRow RowOf(const okr::goals::v1::KeyResult& key_result, int64_t version) {
  ProjectionRow row = PlainRow(key_result, version);
  row.deleted = key_result.has_delete_time();
  row.cycle = RelativeName(key_result.cycle());
  return row;
}

absl::StatusOr<std::optional<ProjectionRow>> RowOf(const v1::Event& event) {
  std::optional<ProjectionRow> row;
  const auto organization = [](const auto& payload) { return payload.organization(); };
  OKR_ASSIGN_OR_RETURN(bool found, TakeRow<v1::OrganizationEvent>(event, organization, row));
  if (found) return row;
  const auto person = [](const auto& payload) { return payload.person(); };
  OKR_ASSIGN_OR_RETURN(found, TakeRow<v1::PersonEvent>(event, person, row));
  if (found) return row;
  const auto team = [](const auto& payload) { return payload.team(); };
  OKR_ASSIGN_OR_RETURN(found, TakeRow<v1::TeamEvent>(event, team, row));
  if (found) return row;
  const auto cycle = [](const auto& payload) { return payload.cycle(); };
  OKR_ASSIGN_OR_RETURN(found, TakeRow<v1::CycleEvent>(event, cycle, row));
  if (found) return row;
  const auto objective = [](const auto& payload) { return payload.objective(); };
  OKR_ASSIGN_OR_RETURN(found, TakeRow<v1::ObjectiveEvent>(event, objective, row));
  if (found) return row;
  const auto key_result = [](const auto& payload) { return payload.key_result(); };
  OKR_ASSIGN_OR_RETURN(found, TakeRow<v1::KeyResultEvent>(event, key_result, row));
  return row;
}

void UpsertProjection(postgres::Transaction& transaction, absl::string_view organization_id,
                      std::vector<ProjectionRow> rows) {
  if (rows.empty()) return;
  KeepNewest(rows);
  transaction.Enqueue(UpsertStatement(), postgres::Params()
                                             .Text(organization_id)
                                             .TextArray(rows, &ProjectionRow::name)
                                             .Int64Array(rows, &ProjectionRow::version)
                                             .BoolArray(rows, &ProjectionRow::deleted)
                                             .TextArray(rows, &ProjectionRow::lookup)
                                             .TextArray(rows, &ProjectionRow::cycle)
                                             .BytesArray(rows, &ProjectionRow::body));
}

}  // namespace okr::events
