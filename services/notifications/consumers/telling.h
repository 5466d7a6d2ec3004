// What one event makes this service tell, decided over a View.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/resources/resources.h"
#include "common/status/macros.h"
#include "common/store/view.h"
#include "okr/events/v1/event.pb.h"
#include "services/notifications/domain/notification.h"
#include "services/notifications/domain/texts.h"

namespace okr::notifications {

// What is told, and of what.
struct News {
  Kind kind = Kind::kUnspecified;
  std::string subject;               // Full name.
  std::map<PersonName, Text> texts;  // For each who is told.
};

// A key result with the objective that it belongs to.
struct KnownKeyResult {
  const KeyResult* key_result = nullptr;
  const Objective* objective = nullptr;
};

// Of one event; not thread-safe. Passes on what the View says when rows were not loaded yet, see
// store::View.
class Telling {
 public:
  // `view` and `event` must outlive it; `create_time` is that of what is told.
  Telling(store::View& view, const okr::events::v1::Event& event, absl::Time create_time);

  const okr::events::v1::Event& event() const { return event_; }
  store::View& view() { return view_; }
  // INVALID_ARGUMENT if the event carries another payload.
  template <typename Payload>
  absl::StatusOr<Payload> Read() const {
    Payload payload;
    if (event_.data().UnpackTo(&payload)) return payload;
    return WrongPayload(Payload::descriptor()->full_name());
  }

  // By relative name; null, and remembered as unknown, if the projection has none.
  template <typename T>
  absl::StatusOr<const T*> Find(const store::Table<T>& table, absl::string_view name) {
    OKR_ASSIGN_OR_RETURN(const store::Found<T> found, view_.Find(table, name));
    if (!found) unknown_.insert(std::string(name));
    return found.value;
  }
  // Nothing if one of the two is not known, was deleted or retired.
  absl::StatusOr<std::optional<KnownKeyResult>> FindKeyResult(const KeyResultName& name);
  absl::StatusOr<const Objective*> FindObjective(const ObjectiveName& name);
  // Those who stand for an owner and may see `objective`.
  absl::StatusOr<std::vector<PersonName>> Audience(const Owner& owner, const Objective& objective);

  // Who caused the event; until it is set, the actor of the event if that is a person.
  void set_actor(std::optional<PersonName> actor) { actor_ = std::move(actor); }
  // Full name; empty if it is no person.
  std::string actor() const { return actor_ ? actor_->ToString() : ""; }

  // Puts it into the inboxes, but for those who did it themselves, who are deactivated, and who
  // were told already.
  absl::Status Tell(const News& news);

  // Relative names of what the event speaks of and the projection does not have.
  const std::set<std::string>& unknown() const { return unknown_; }
  // Of each notification that was put into an inbox.
  const std::vector<Kind>& told() const { return told_; }

 private:
  absl::Status WrongPayload(absl::string_view expected) const;
  NotificationName NameFor(const PersonName& person, Kind kind) const;
  void Put(const PersonName& person, const News& news, const Text& text);

  store::View& view_;
  const okr::events::v1::Event& event_;
  const absl::Time create_time_;
  std::optional<PersonName> actor_;
  std::set<std::string> unknown_;
  std::vector<Kind> told_;
};

}  // namespace okr::notifications
