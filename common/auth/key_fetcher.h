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

struct KeyLocation {
  std::string location;  // A path, or an http or https URL.
  // Of a URL. Both are read anew each time, as others replace them.
  std::string ca_file;     // PEM: whom to believe; empty: the system's authorities.
  std::string token_file;  // A bearer token to show, over https only; empty: none.
  absl::Duration timeout = absl::Seconds(5);
};
std::unique_ptr<KeyFetcher> MakeKeyFetcher(KeyLocation location);

}  // namespace okr::auth
