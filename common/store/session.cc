#include "common/store/session.h"

#include <utility>

namespace okr::store {
namespace {

constexpr absl::Duration kPause = absl::Milliseconds(200);

}  // namespace

absl::StatusOr<postgres::Connection*> Session::Get() {
  if (connection_ != nullptr && !connection_->broken() && connection_->CheckAlive()) {
    return connection_.get();
  }
  if (clock_.Now() < retry_time_) return failure_;
  absl::StatusOr<std::unique_ptr<postgres::Connection>> opened =
      postgres::Connection::Open(options_);
  if (!opened.ok()) {
    failure_ = opened.status();
    retry_time_ = clock_.Now() + kPause;
    return failure_;
  }
  connection_ = *std::move(opened);
  return connection_.get();
}

}  // namespace okr::store
