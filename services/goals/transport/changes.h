// What the commands have in common: finding what they are about, and telling what became of it.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/resources/resources.h"
#include "common/store/view.h"
#include "okr/directory/v1/resources.pb.h"
#include "okr/goals/v1/resources.pb.h"
#include "services/goals/transport/actor.h"

namespace okr::goals::transport {

// ABORTED / ETAG_MISMATCH unless `sent` is empty or that of the version.
absl::Status CheckEtag(absl::string_view name, absl::string_view sent, int64_t version);

// Notes what the finding below will need, before it is known who acts: that saves a round.
void WantObjective(store::View& view, const ObjectiveName& name);
void WantKeyResult(store::View& view, const KeyResultName& name);

// A live objective that the actor may see, and its cycle.
struct FoundObjective {
  Objective objective;
  int64_t version = 0;
  Cycle cycle;
};
// NOT_FOUND also if it is deleted or not to be seen. What `name` is must be found out before.
absl::StatusOr<FoundObjective> FindObjective(store::View& view, const Actor& actor,
                                             const ObjectiveName& name);

struct FoundKeyResult {
  KeyResult key_result;
  int64_t version = 0;
  Objective objective;
  Cycle cycle;
};
absl::StatusOr<FoundKeyResult> FindKeyResult(store::View& view, const Actor& actor,
                                             const KeyResultName& name);

// Each stores the next state, appends its event ("ObjectiveUpdated", without the package) and gives
// the new version. Events of a private objective and its key results are private.
int64_t Store(store::View& view, absl::string_view event, const Objective& next,
              const std::string& event_parent = "");
int64_t Store(store::View& view, absl::string_view event, const Objective& objective,
              const KeyResult& next);

// The same, and fills the answer.
absl::Status Store(store::View& view, const Actor& actor, absl::string_view event,
                   const Objective& next, v1::Objective& response,
                   const std::string& event_parent = "");
absl::Status Store(store::View& view, const Actor& actor, absl::string_view event,
                   const Objective& objective, const KeyResult& next, v1::KeyResult& response);
void Store(store::View& view, absl::string_view event, const Organization& next,
           directory::v1::Organization& response);
void Store(store::View& view, absl::string_view event, const Person& next,
           directory::v1::Person& response);
void Store(store::View& view, absl::string_view event, const Team& next,
           directory::v1::Team& response);
void Store(store::View& view, absl::string_view event, const Cycle& next,
           directory::v1::Cycle& response);

// The answer of a call that changes nothing.
absl::Status Show(store::View& view, const Actor& actor, const Objective& objective,
                  int64_t version, v1::Objective& response);
absl::Status Show(store::View& view, const Actor& actor, const Objective& objective,
                  const KeyResult& key_result, int64_t version, v1::KeyResult& response);
void Show(const Organization& organization, int64_t version, directory::v1::Organization& response);
void Show(const Person& person, int64_t version, directory::v1::Person& response);
void Show(const Team& team, int64_t version, directory::v1::Team& response);
void Show(const Cycle& cycle, int64_t version, directory::v1::Cycle& response);

}  // namespace okr::goals::transport
