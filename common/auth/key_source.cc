#include "common/auth/key_source.h"

#include <utility>

#include "absl/time/clock.h"
#include "common/log/logger.h"

namespace okr::auth {

KeySource::KeySource(std::unique_ptr<KeyFetcher> fetcher, Options options)
    : fetcher_(std::move(fetcher)), options_(std::move(options)), log_limit_(absl::Minutes(1)) {
  if (fetcher_->IsLocal()) Refresh().IgnoreError();  // Refresh writes the log.
  if (options_.background) thread_ = std::thread([this] { Run(); });
}

KeySource::~KeySource() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::shared_ptr<const KeySet> KeySource::keys() const {
  const std::lock_guard lock(mutex_);
  return keys_;
}

bool KeySource::RefreshForUnknownKey(absl::Time now) {
  {
    const std::lock_guard lock(mutex_);
    if (requested_) return true;
    const absl::Duration pause =
        fetcher_->IsLocal() ? options_.look_interval : options_.retry_interval;
    if (now < last_unknown_ + pause) return false;
    last_unknown_ = now;
    if (!fetcher_->IsLocal()) {
      requested_ = true;
      wake_.notify_all();
      return true;
    }
  }
  Refresh().IgnoreError();
  return false;
}

absl::Status KeySource::Refresh() {
  const std::lock_guard refreshing(refresh_mutex_);
  stamp_ = fetcher_->Stamp();  // Before the reading, so that a change meanwhile is seen later.
  auto jwks = fetcher_->Fetch();
  absl::Status status = jwks.ok() ? Adopt(*jwks) : jwks.status();
  {
    const std::lock_guard lock(mutex_);
    requested_ = false;
    next_refresh_ =
        absl::Now() + (status.ok() ? options_.refresh_interval : options_.retry_interval);
  }
  if (status.ok()) return status;
  if (const auto suppressed = log_limit_.Allow()) {
    log::Warning(
        "cannot read the keys of an issuer; those known before stay",
        {{"issuer", options_.issuer}, {"error", status.message()}, {"suppressed", *suppressed}});
  }
  return status;
}

absl::Status KeySource::Adopt(const std::string& jwks) {
  if (jwks == text_ && !text_.empty()) return absl::OkStatus();
  auto parsed = KeySet::Parse(jwks);
  if (!parsed.ok()) return parsed.status();
  text_ = jwks;
  auto keys = std::make_shared<const KeySet>(*std::move(parsed));
  {
    const std::lock_guard lock(mutex_);
    keys_ = std::move(keys);
  }
  if (options_.on_change) options_.on_change();
  return absl::OkStatus();
}

void KeySource::RefreshIfDue(absl::Time now) {
  bool due = false;
  {
    const std::lock_guard lock(mutex_);
    due = requested_ || now >= next_refresh_;
  }
  if (!due && fetcher_->IsLocal()) {
    const std::string stamp = fetcher_->Stamp();
    const std::lock_guard refreshing(refresh_mutex_);
    due = stamp != stamp_;
  }
  if (due) Refresh().IgnoreError();
}

void KeySource::Run() {
  while (true) {
    RefreshIfDue(absl::Now());
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, absl::ToChronoMilliseconds(options_.look_interval),
                   [this] { return stopping_ || requested_; });
    if (stopping_) return;
  }
}

}  // namespace okr::auth
