// A small HTTP client for ports of this machine.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace okr::testing {

struct HttpAnswer {
  int status = 0;
  std::string head;  // The first line and the headers.
  std::string body;
};

// UNAVAILABLE if nobody answers within `patience`.
absl::StatusOr<HttpAnswer> HttpRequest(int port, const std::string& method, const std::string& path,
                                       absl::Duration patience = absl::Seconds(10));
absl::StatusOr<HttpAnswer> HttpGet(int port, const std::string& path,
                                   absl::Duration patience = absl::Seconds(10));

// The port that a service told last in its log; 0 if it told none.
int AdminPortIn(absl::string_view log);

}  // namespace okr::testing
