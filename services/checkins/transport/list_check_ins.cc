#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/paging/page_size.h"
#include "common/paging/page_token.h"
#include "common/status/macros.h"
#include "services/checkins/transport/methods.h"
#include "services/checkins/transport/reading.h"

namespace okr::checkins {
namespace {

// What is asked for, checked.
struct Query {
  ObjectiveName objective;
  std::optional<KeyResultName> key_result;  // Absent: all of the objective.
  int page_size = 0;
  CheckInKey after;
};

paging::PageScope ScopeOf(const v1::ListCheckInsRequest& request) {
  return {.method = "okr.checkins.v1.CheckinsService/ListCheckIns", .parent = request.parent()};
}

std::string WriteToken(const paging::PageTokenCodec& codec, const v1::ListCheckInsRequest& request,
                       const CheckInKey& last) {
  return codec.Encode(ScopeOf(request), {absl::StrCat(last.effective_time),
                                         absl::StrCat(last.create_time), last.name});
}

CheckInKey ReadKey(const paging::PageKey& texts) {
  CheckInKey key;
  if (texts.size() != 3 || !absl::SimpleAtoi(texts[0], &key.effective_time) ||
      !absl::SimpleAtoi(texts[1], &key.create_time)) {
    return {};
  }
  key.name = texts[2];
  return key;
}

void ReadParent(const std::string& parent, Query& query, Violations& violations) {
  const auto pattern = ParentPattern<KeyResultName>::Parse(parent);
  violations.AddFrom("", pattern.status());
  if (!pattern.ok()) return;
  if (!pattern->id(1)) {
    violations.Add("parent", absl::StrCat("is \"", parent, "\"; name one objective"));
    return;
  }
  query.objective = ObjectiveName(OrganizationName(pattern->organization_id()), *pattern->id(1));
  query.key_result = pattern->exact();
}

absl::StatusOr<Query> Parse(const paging::PageTokenCodec& codec,
                            const v1::ListCheckInsRequest& request) {
  Query query;
  Violations violations;
  ReadParent(request.parent(), query, violations);
  const auto page_size = paging::EffectivePageSize(request.page_size());
  violations.AddFrom("", page_size.status());
  const auto last = codec.Decode(ScopeOf(request), request.page_token());
  violations.AddFrom("", last.status());
  OKR_RETURN_IF_ERROR(violations.ToStatus());
  query.page_size = *page_size;
  if (*last) query.after = ReadKey(**last);
  return query;
}

absl::Status RequireParent(const TransportDeps& deps, const rpc::Call& call, const Query& query,
                           const std::string& parent) {
  const std::string organization(query.objective.organization_id());
  return deps.reads.With(organization, call.deadline, [&](store::View& view) {
    if (query.key_result) return RequireKeyResult(view, call.principal, *query.key_result, parent);
    return RequireObjective(view, call.principal, query.objective, query.objective.ToString());
  });
}

}  // namespace

absl::StatusOr<v1::ListCheckInsResponse> ListCheckIns(const TransportDeps& deps,
                                                      const rpc::Call& call,
                                                      const v1::ListCheckInsRequest& request) {
  const paging::PageTokenCodec& codec = deps.page_tokens;
  OKR_ASSIGN_OR_RETURN(const Query query, Parse(codec, request));
  OKR_RETURN_IF_ERROR(RequireParent(deps, call, query, request.parent()));
  const int limit = query.page_size + 1;
  OKR_ASSIGN_OR_RETURN(
      std::vector<ListedCheckIn> listed,
      query.key_result ? deps.lists.CheckInsOf(*query.key_result, query.after, limit, call.deadline)
                       : deps.lists.CheckInsOf(query.objective, query.after, limit, call.deadline));
  v1::ListCheckInsResponse response;
  if (static_cast<int>(listed.size()) == limit) {
    listed.pop_back();
    response.set_next_page_token(WriteToken(codec, request, listed.back().key));
  }
  for (ListedCheckIn& one : listed) *response.add_check_ins() = std::move(one.check_in);
  return response;
}

}  // namespace okr::checkins
