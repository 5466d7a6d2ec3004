// One write request, on its way through a batch.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/store/view.h"
#include "google/protobuf/message.h"

namespace okr::store {

// Where in the log a write stands: the consistency token of its answer.
struct LogPosition {
  int64_t epoch = 0;
  int32_t shard = 0;
  int64_t position = 0;
};

struct Command {
  std::string organization;  // Its id.
  std::string method;        // For the record of request ids, e.g. "CreateObjective".
  std::string request_id;    // Chosen by the client; empty: the batch makes one.
  std::string digest;  // SHA-256 of caller, method and request: what makes two requests the same.
  std::string actor;   // For the events, unless `decide` knows better: see View::set_actor.
  std::string traceparent;  // For the events.
  absl::Time deadline = absl::InfiniteFuture();
  absl::Time submitted;        // Set by the writer.
  bool validate_only = false;  // Decide and answer, but change nothing.

  // Pure: decides by what `view` shows, changes it, and fills the response. May run several times,
  // each time with an empty response. Must not block.
  std::function<absl::Status(View& view, google::protobuf::Message& response)> decide;
  // The answer to fill; must live until `done` was called.
  google::protobuf::Message* response = nullptr;
  // Called exactly once, on a thread of the store; must not block. `position` is set if events were
  // written.
  std::function<void(absl::Status status, std::optional<LogPosition> position)> done;
};

}  // namespace okr::store
