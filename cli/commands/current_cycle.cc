#include "cli/commands/current_cycle.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/render/errors.h"
#include "common/status/macros.h"
#include "okr/directory/v1/directory_service.pb.h"

namespace okr::cli {

absl::StatusOr<std::string> CycleOrCurrent(const std::string& text, Session& session) {
  if (!text.empty()) return session.Name(text, Kind::kCycle);
  directory::v1::ListCyclesRequest request;
  OKR_ASSIGN_OR_RETURN(*request.mutable_parent(), session.Organization());
  OKR_ASSIGN_OR_RETURN(const auto cycles, session.client().ListAll(&request));
  std::vector<std::string> active;
  std::vector<std::string> all;
  for (const auto& item : cycles) {
    const auto& cycle = dynamic_cast<const directory::v1::Cycle&>(*item);
    all.push_back(IdOf(cycle.name()));
    if (cycle.state() == directory::v1::CYCLE_STATE_ACTIVE) active.push_back(cycle.name());
  }
  if (active.size() == 1) return active[0];
  return UsageError(absl::StrCat("which cycle? Use --cycle with one of: ",
                                 all.empty() ? "(there are none)" : absl::StrJoin(all, ", ")));
}

}  // namespace okr::cli
