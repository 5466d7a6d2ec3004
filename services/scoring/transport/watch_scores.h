// WatchScores: the service's own log as a stream of scores.
#pragma once

#include <memory>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "common/events/log_feed.h"
#include "common/rpc/pool.h"
#include "common/rpc/stream_call.h"
#include "common/store/reads.h"
#include "okr/events/v1/event.pb.h"
#include "okr/scoring/v1/scoring_service.pb.h"
#include "services/scoring/transport/visibility.h"

namespace okr::scoring {

// What a change shows to one reader; nothing if it is not for them. `objective` is null if there is
// none any more. For events that are marked private.
std::optional<v1::WatchScoresResponse> ShownTo(const Viewer& viewer,
                                               const ::okr::Objective* objective,
                                               const ::okr::KeyResult* key_result,
                                               v1::WatchScoresResponse change);

// Thread-safe; must outlive the server. All that it is given must outlive it.
class ScoreWatch {
 public:
  using Call = rpc::StreamCall<v1::WatchScoresRequest, v1::WatchScoresResponse>;

  ScoreWatch(events::LogFeed& feed, store::Reads& reads) : feed_(feed), reads_(reads) {}

  void Watch(const std::shared_ptr<Call>& call);

 private:
  using Done = std::function<void(bool ok)>;

  void Deliver(const std::shared_ptr<Call>& call, const events::Delivery& delivery,
               const Done& done);
  // Looks whether the reader may see a score that is not for everybody.
  void DeliverPrivate(const std::shared_ptr<Call>& call, v1::WatchScoresResponse change,
                      const Done& done);

  events::LogFeed& feed_;
  store::Reads& reads_;
  rpc::Pool looking_{{.threads = 2, .queue = 10'000}};
};

}  // namespace okr::scoring
