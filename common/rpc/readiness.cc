#include "common/rpc/readiness.h"

#include <utility>

#include "common/log/logger.h"

namespace okr::rpc {

Readiness::Readiness(std::vector<Check> checks, absl::Duration interval, OnChange on_change)
    : checks_(std::move(checks)),
      interval_(interval),
      on_change_(std::move(on_change)),
      last_(checks_.size()) {}

Readiness::~Readiness() { Stop(); }

void Readiness::Start() {
  Round();
  thread_ = std::thread([this] { Run(); });
}

void Readiness::Stop() {
  stopping_.Set();
  if (thread_.joinable()) thread_.join();
}

void Readiness::Run() {
  while (!stopping_.WaitFor(interval_)) Round();
}

std::vector<Readiness::State> Readiness::states() const {
  const absl::Status not_asked = absl::UnavailableError("was not asked yet");
  const std::lock_guard lock(mutex_);
  std::vector<State> states;
  for (size_t i = 0; i < checks_.size(); ++i) {
    states.push_back({.name = checks_[i].name, .status = asked_ ? last_[i] : not_asked});
  }
  return states;
}

void Readiness::Tell(const Check& check, const absl::Status& before, const absl::Status& now) {
  // The same trouble in other words is no news.
  if (now.code() == before.code()) return;
  if (now.ok()) {
    log::Info("ready again", {{"check", check.name}});
  } else {
    log::Warning("not ready", {{"check", check.name}, {"why", now.message()}});
  }
}

void Readiness::Round() {
  bool ready = true;
  for (size_t i = 0; i < checks_.size(); ++i) {
    absl::Status now = checks_[i].check();
    ready = ready && now.ok();
    absl::Status before;
    {
      const std::lock_guard lock(mutex_);
      before = std::exchange(last_[i], now);
    }
    Tell(checks_[i], before, now);
  }
  {
    const std::lock_guard lock(mutex_);
    asked_ = true;
  }
  if (told_ && ready == ready_) return;
  told_ = true;
  ready_ = ready;
  log::Info(ready ? "serving" : "not serving");
  on_change_(ready);
}

}  // namespace okr::rpc
