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

void Readiness::Round() {
  bool ready = true;
  for (size_t i = 0; i < checks_.size(); ++i) {
    absl::Status now = checks_[i].check();
    ready = ready && now.ok();
    // The same trouble in other words is no news.
    if (now.code() != last_[i].code()) {
      if (now.ok()) {
        log::Info("ready again", {{"check", checks_[i].name}});
      } else {
        log::Warning("not ready", {{"check", checks_[i].name}, {"why", now.message()}});
      }
    }
    last_[i] = std::move(now);
  }
  if (told_ && ready == ready_) return;
  told_ = true;
  ready_ = ready;
  log::Info(ready ? "serving" : "not serving");
  on_change_(ready);
}

}  // namespace okr::rpc
