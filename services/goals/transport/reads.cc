#include "services/goals/transport/reads.h"

#include <utility>

#include "common/access/access.h"
#include "common/paging/page_size.h"
#include "common/status/macros.h"
#include "services/goals/store/tables.h"

namespace okr::goals::transport {
namespace {

paging::PageScope ScopeOf(const rpc::Call& call, const PageRequest& request) {
  return {.method = std::string(call.method),
          .parent = request.parent,
          .filter = request.filter,
          .caller = call.principal.subject};
}

}  // namespace

absl::StatusOr<Actor> FindReader(store::View& view, const rpc::Call& call) {
  Actor actor{.principal = call.principal};
  if (call.principal.is_everywhere()) return actor;
  OKR_ASSIGN_OR_RETURN(actor.person,
                       access::FindCaller(view, tables::DirectorySeen(), call.principal));
  return actor;
}

absl::StatusOr<Actor> FindReader(const ReadDeps& deps, const rpc::Call& call,
                                 const std::string& organization) {
  absl::StatusOr<Actor> actor = Actor();
  OKR_RETURN_IF_ERROR(
      deps.reads->With(organization, call.deadline, [&](store::View& view) -> absl::Status {
        actor = FindReader(view, call);
        return actor.status();
      }));
  return actor;
}

absl::Status CheckPage(const ReadDeps& deps, const rpc::Call& call, const PageRequest& request) {
  Violations violations;
  violations.AddFrom("", paging::EffectivePageSize(request.size).status());
  violations.AddFrom("", deps.pages->Decode(ScopeOf(call, request), request.token).status());
  return violations.ToStatus();
}

absl::StatusOr<Page> ReadPage(const ReadDeps& deps, const rpc::Call& call,
                              const std::string& organization, const store::TableBase& table,
                              store::ListQuery query, const PageRequest& request) {
  const paging::PageScope scope = ScopeOf(call, request);
  OKR_ASSIGN_OR_RETURN(const int size, paging::EffectivePageSize(request.size));
  OKR_ASSIGN_OR_RETURN(const auto last, deps.pages->Decode(scope, request.token));
  if (last && !last->empty()) query.after = last->front();
  query.limit = static_cast<size_t>(size) + 1;  // One more tells whether there are more.
  Page page;
  OKR_ASSIGN_OR_RETURN(page.rows, deps.reads->List(organization, call.deadline, table, query));
  if (page.rows.size() > static_cast<size_t>(size)) {
    page.rows.pop_back();
    page.next_token = deps.pages->Encode(scope, {page.rows.back().name});
  }
  return page;
}

}  // namespace okr::goals::transport
