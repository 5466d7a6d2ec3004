#include "common/service/housekeeping.h"

#include <chrono>
#include <memory>

#include "common/failpoint/failpoint.h"
#include "common/log/logger.h"
#include "common/postgres/params.h"
#include "common/postgres/sqlstate.h"
#include "common/postgres/statement.h"
#include "common/status/macros.h"

namespace okr::service {
namespace {

constexpr auto kInterval = std::chrono::hours(1);
constexpr absl::Duration kBudget = absl::Seconds(10);
constexpr postgres::Statement kForgetRequests{"service.forget_requests",
                                              "SELECT forget_requests($1)"};

}  // namespace

void Housekeeping::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Housekeeping::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Housekeeping::Run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, kInterval, [this] { return stopping_; })) {
    lock.unlock();
    if (const absl::Status status = Work(); !status.ok()) {
      log::Warning("old request ids could not be forgotten; next try in an hour",
                   {{"error", postgres::LogDetailOf(status)}});
    }
    lock.lock();
  }
}

absl::Status Housekeeping::Work() {
  OKR_ASSIGN_OR_RETURN(const std::unique_ptr<postgres::Connection> connection,
                       postgres::Connection::Open(database_));
  failpoint::Reach(failpoint::FailPoint::kHousekeepingBegun);
  OKR_RETURN_IF_ERROR(connection
                          ->Execute(kForgetRequests,
                                    postgres::Params().Timestamp(clock_.Now() - kKeepRequests),
                                    absl::Now() + kBudget)
                          .status());
  failpoint::Reach(failpoint::FailPoint::kHousekeepingDone);
  return absl::OkStatus();
}

}  // namespace okr::service
