// The log of another service, asked for over gRPC.
#pragma once

#include <memory>

#include "common/events/log_source.h"
#include "common/rpc/channel.h"

namespace okr::events {

class RpcLogSource final : public LogSource {
 public:
  // `channel` must show a SERVICE token for all organizations.
  explicit RpcLogSource(std::shared_ptr<rpc::Channel> channel) : channel_(std::move(channel)) {}

  absl::StatusOr<Page> ListEvents(int32_t shard, const LogPosition& after, int limit) override;
  using LogSource::GetHead;
  absl::StatusOr<LogPosition> GetHead(int32_t shard, const TraceContext& trace) override;

 private:
  const std::shared_ptr<rpc::Channel> channel_;
};

}  // namespace okr::events
