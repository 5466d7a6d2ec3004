#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/access/access.h"
#include "common/paging/page_size.h"
#include "common/paging/page_token.h"
#include "common/projection/tables.h"
#include "common/resources/messages.h"
#include "common/status/macros.h"
#include "services/checkins/domain/errors.h"
#include "services/checkins/transport/methods.h"
#include "services/checkins/transport/timestamp.h"

namespace okr::checkins {
namespace {

constexpr absl::Duration kFarthest = absl::Hours(31 * 24);

// What is asked for, checked.
struct Query {
  OrganizationName organization;
  Owner owner;  // Empty: of all.
  absl::Time due_before;
  int page_size = 0;
  DueKey after;

  std::string organization_id() const { return std::string(organization.organization_id()); }
  bool is_me() const { return owner.person() != nullptr && owner.person()->id() == "me"; }
};

// Who calls, and whose key results are wanted.
struct Scope {
  std::optional<PersonName> caller;
  std::vector<std::string> owners;  // Relative names; all if empty.
};

paging::PageScope TokenScope(const auth::Principal& principal,
                             const v1::ListDueCheckInsRequest& request) {
  const std::string until =
      request.has_due_before()
          ? absl::StrCat(request.due_before().seconds(), ".", request.due_before().nanos())
          : "";
  return {.method = "okr.checkins.v1.CheckinsService/ListDueCheckIns",
          .parent = request.parent(),
          .filter = absl::StrCat(request.owner(), " ", until),
          .caller = principal.subject};
}

DueKey ReadKey(const paging::PageKey& texts) {
  DueKey key;
  if (texts.size() != 2 || !absl::SimpleAtoi(texts[0], &key.due_time)) return {};
  key.name = texts[1];
  return key;
}

absl::Time ReadDueBefore(const rpc::Call& call, const v1::ListDueCheckInsRequest& request,
                         Violations& violations) {
  if (!request.has_due_before()) return call.now;
  if (!IsTimestamp(request.due_before())) {
    violations.Add("due_before", "is no time from the year 1 to 9999");
    return call.now;
  }
  const absl::Time time = FromTimestamp(request.due_before());
  if (time > call.now + kFarthest) {
    violations.Add("due_before", absl::StrCat("is ", absl::FormatTime(time, absl::UTCTimeZone()),
                                              "; at most 31 days ahead of now are allowed"));
  }
  return time;
}

absl::StatusOr<Query> Parse(const TransportDeps& deps, const rpc::Call& call,
                            const v1::ListDueCheckInsRequest& request) {
  Violations violations;
  const auto organization = OrganizationName::Parse(request.parent(), "parent");
  violations.AddFrom("", organization.status());
  absl::StatusOr<Owner> owner = Owner();
  if (!request.owner().empty()) owner = Owner::Parse(request.owner());
  violations.AddFrom("", owner.status());
  const absl::Time due_before = ReadDueBefore(call, request, violations);
  const auto page_size = paging::EffectivePageSize(request.page_size());
  violations.AddFrom("", page_size.status());
  const auto last =
      deps.page_tokens.Decode(TokenScope(call.principal, request), request.page_token());
  violations.AddFrom("", last.status());
  OKR_RETURN_IF_ERROR(violations.ToStatus());
  return Query{.organization = *organization,
               .owner = *std::move(owner),
               .due_before = due_before,
               .page_size = *page_size,
               .after = *last ? ReadKey(**last) : DueKey()};
}

// The caller; and RESOURCE_NOT_FOUND if the owner does not exist.
absl::Status FindPeople(const Query& query, const auth::Principal& principal, store::View& view,
                        std::optional<PersonName>& caller) {
  access::WantCaller(view, projection::Directory(), principal);
  bool exists = true;
  if (query.is_me()) {
    OKR_ASSIGN_OR_RETURN(caller, access::RequireCaller(view, projection::Directory(), principal));
    return absl::OkStatus();
  }
  if (query.owner.person() != nullptr) {
    OKR_ASSIGN_OR_RETURN(const auto person,
                         view.Find(projection::People(), query.owner.relative()));
    exists = static_cast<bool>(person);
  } else if (query.owner.team() != nullptr) {
    OKR_ASSIGN_OR_RETURN(const auto team, view.Find(projection::Teams(), query.owner.relative()));
    exists = team && !team->times.delete_time;
  }
  if (!exists) return error::NotFound(query.owner.ToString());
  OKR_ASSIGN_OR_RETURN(caller, access::FindCaller(view, projection::Directory(), principal));
  return absl::OkStatus();
}

absl::StatusOr<Scope> FindScope(const TransportDeps& deps, const rpc::Call& call,
                                const Query& query) {
  Scope scope;
  OKR_RETURN_IF_ERROR(deps.reads.With(
      query.organization_id(), call.deadline,
      [&](store::View& view) { return FindPeople(query, call.principal, view, scope.caller); }));
  if (query.is_me()) {
    scope.owners.emplace_back(scope.caller->relative());
    OKR_ASSIGN_OR_RETURN(const std::vector<TeamName> teams,
                         deps.lists.TeamsOf(*scope.caller, call.deadline));
    for (const TeamName& team : teams) scope.owners.emplace_back(team.relative());
  } else if (!query.owner.empty()) {
    scope.owners.push_back(query.owner.relative());
  }
  return scope;
}

// A page of what the caller may see, and one more if there is more.
absl::StatusOr<std::vector<ListedDue>> FindDue(const TransportDeps& deps, const rpc::Call& call,
                                               const Query& query, const Scope& scope) {
  const auto wanted = static_cast<size_t>(query.page_size) + 1;
  std::vector<ListedDue> visible;
  DueKey after = query.after;
  while (visible.size() < wanted) {
    const size_t limit = wanted - visible.size();
    OKR_ASSIGN_OR_RETURN(std::vector<ListedDue> rows,
                         deps.lists.Due(query.organization_id(), query.due_before, scope.owners,
                                        after, static_cast<int>(limit), call.deadline));
    if (!rows.empty()) after = rows.back().key;
    for (ListedDue& row : rows) {
      if (access::MaySee(call.principal, scope.caller, row.objective))
        visible.push_back(std::move(row));
    }
    if (rows.size() < limit) break;
  }
  return visible;
}

v1::DueCheckIn Render(const ListedDue& due, absl::Time now) {
  v1::DueCheckIn message;
  message.set_key_result(due.key_result.name.ToString());
  message.set_title(due.key_result.title);
  message.set_owner(OwnerOf(due.key_result, due.objective).ToString());
  *message.mutable_due_time() = ToTimestamp(*due.row.state.due_time);
  message.set_overdue(now >= due.row.state.overdue_time());
  return message;
}

absl::StatusOr<std::map<std::string, v1::CheckIn>> FindLatest(const TransportDeps& deps,
                                                              const rpc::Call& call,
                                                              const Query& query,
                                                              const std::vector<ListedDue>& due) {
  std::vector<std::string> names;
  for (const ListedDue& one : due) names.push_back(one.key.name);
  return deps.lists.LatestOf(query.organization_id(), names, call.deadline);
}

}  // namespace

absl::StatusOr<v1::ListDueCheckInsResponse> ListDueCheckIns(
    const TransportDeps& deps, const rpc::Call& call, const v1::ListDueCheckInsRequest& request) {
  OKR_ASSIGN_OR_RETURN(const Query query, Parse(deps, call, request));
  OKR_ASSIGN_OR_RETURN(const Scope scope, FindScope(deps, call, query));
  OKR_ASSIGN_OR_RETURN(std::vector<ListedDue> due, FindDue(deps, call, query, scope));
  v1::ListDueCheckInsResponse response;
  if (due.size() > static_cast<size_t>(query.page_size)) {
    due.pop_back();
    response.set_next_page_token(
        deps.page_tokens.Encode(TokenScope(call.principal, request),
                                {absl::StrCat(due.back().key.due_time), due.back().key.name}));
  }
  OKR_ASSIGN_OR_RETURN(auto latest, FindLatest(deps, call, query, due));
  for (const ListedDue& one : due) {
    v1::DueCheckIn& message = *response.add_due_check_ins() = Render(one, call.now);
    const auto last = latest.find(one.key.name);
    if (last != latest.end()) *message.mutable_last_check_in() = std::move(last->second);
  }
  return response;
}

}  // namespace okr::checkins
