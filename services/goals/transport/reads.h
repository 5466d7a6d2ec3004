// What the reading RPCs need, and what they have in common.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/store/reader.h"
#include "common/store/reads.h"
#include "services/goals/transport/actor.h"
#include "services/goals/transport/caller_cache.h"

namespace okr::goals::transport {

// All must outlive the server.
struct ReadDeps {
  store::Reads* reads = nullptr;
  store::Reader* reader = nullptr;
  CallerCache* callers = nullptr;
  const paging::PageTokenCodec* pages = nullptr;
};

// Who reads: members need not be people of the organization for that. PERMISSION_DENIED for a
// deactivated person.
absl::StatusOr<Actor> FindReader(store::View& view, const rpc::Call& call);
// The same, where there is no View yet. Blocks.
absl::StatusOr<Actor> FindReader(const ReadDeps& deps, const rpc::Call& call,
                                 const std::string& organization);

// What page of a list is asked for.
struct PageRequest {
  std::string parent;
  std::string filter;  // All other fields that choose what is listed.
  int size = 0;
  std::string token;
};
struct Page {
  std::vector<store::ListedRow> rows;
  std::string next_token;  // Empty on the last page.
};

// Checks size and token too: INVALID_FIELDS.
absl::Status CheckPage(const ReadDeps& deps, const rpc::Call& call, const PageRequest& request);
// `query` says what to list; where and how much is the request's. Blocks.
absl::StatusOr<Page> ReadPage(const ReadDeps& deps, const rpc::Call& call,
                              const std::string& organization, const store::TableBase& table,
                              store::ListQuery query, const PageRequest& request);

}  // namespace okr::goals::transport
