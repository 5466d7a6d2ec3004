// Where an issuer's JWKS comes from.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace okr::auth {

// Thread-safe.
class KeyFetcher {
 public:
  virtual ~KeyFetcher() = default;
  // The text of the JWKS. May block for as long as its time limit.
  virtual absl::StatusOr<std::string> Fetch() = 0;
  // Whether Fetch and Stamp are quick enough for the thread of a call.
  virtual bool IsLocal() const = 0;
  // A local source's text that differs when the content may have changed.
  virtual std::string Stamp() { return ""; }
};

// `location` is a path, or an http or https URL.
std::unique_ptr<KeyFetcher> MakeKeyFetcher(absl::string_view location,
                                           absl::Duration timeout = absl::Seconds(5));

}  // namespace okr::auth
