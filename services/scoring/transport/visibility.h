// Which objectives a caller may see, and which scores.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/auth/principal.h"
#include "common/names/names.h"
#include "common/resources/resources.h"
#include "common/store/view.h"

namespace okr::scoring {

// Who reads.
struct Viewer {
  auth::Principal principal;
  std::optional<PersonName> person;
};

// PERMISSION_DENIED if the caller's person is deactivated.
absl::StatusOr<Viewer> FindViewer(store::View& view, const auth::Principal& principal);

// Whether the viewer may see that the objective exists.
bool MaySee(const Viewer& viewer, const ::okr::Objective& objective);
// Whether the viewer may see what it scored.
bool MaySeeScore(const Viewer& viewer, const ::okr::Objective& objective);
// Who answers for a key result sees its score too.
bool MaySeeScore(const Viewer& viewer, const ::okr::Objective& objective,
                 const ::okr::KeyResult& key_result);

// NOT_FOUND naming `asked_for` if there is no such objective, it is deleted, or the viewer may not
// see it. Fails while rows are missing, as View::Find.
absl::StatusOr<const ::okr::Objective*> FindObjective(store::View& view, const Viewer& viewer,
                                                      const ObjectiveName& name,
                                                      absl::string_view asked_for);
absl::StatusOr<const ::okr::KeyResult*> FindKeyResult(store::View& view, const KeyResultName& name);

}  // namespace okr::scoring
