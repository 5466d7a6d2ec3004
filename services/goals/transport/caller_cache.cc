#include "services/goals/transport/caller_cache.h"

#include <memory>

#include "common/resources/messages.h"
#include "common/status/macros.h"
#include "services/goals/domain/errors.h"
#include "services/goals/transport/statements.h"

namespace okr::goals::transport {
namespace {

constexpr size_t kMaxEntries = 100'000;

}  // namespace

void CallerCache::Find(const rpc::Call& call, const std::string& organization,
                       std::function<void(absl::StatusOr<Actor>)> done) {
  if (call.principal.is_everywhere()) return done(Actor{.principal = call.principal});
  Key key(organization, call.principal.subject);
  if (auto person = Known(key, call.now)) {
    return done(Actor{.principal = call.principal, .person = std::move(person)});
  }
  reader_.Submit({.organization = organization,
                  .statement = kFindPeopleBySubject,
                  .name = call.principal.subject,
                  .deadline = call.deadline,
                  .done = [this, key = std::move(key), &call, done = std::move(done)](
                              absl::StatusOr<std::optional<store::ReadRow>> row) {
                    if (!row.ok()) return done(row.status());
                    auto person = Take(key, call.now, *row);
                    if (!person.ok()) return done(person.status());
                    done(Actor{.principal = call.principal, .person = *std::move(person)});
                  }});
}

std::optional<PersonName> CallerCache::Known(const Key& key, absl::Time now) {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(key);
  if (entry == entries_.end() || entry->second.expiry <= now) return std::nullopt;
  return entry->second.person;
}

absl::StatusOr<std::optional<PersonName>> CallerCache::Take(
    const Key& key, absl::Time now, const std::optional<store::ReadRow>& row) {
  if (!row) return std::optional<PersonName>();
  directory::v1::Person message;
  message.ParseFromString(row->at(0).value_or(""));
  OKR_ASSIGN_OR_RETURN(Person person, FromProto(message));
  if (person.state == PersonState::kDeactivated) {
    return error::Denied("active people",
                         "do this; the caller is deactivated, which an administrator can change");
  }
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= kMaxEntries) entries_.clear();
  entries_[key] = {.person = person.name, .expiry = now + kLifetime};
  return std::optional<PersonName>(std::move(person.name));
}

}  // namespace okr::goals::transport
