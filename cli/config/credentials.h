// Who calls: the token of a call.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "cli/config/settings.h"
#include "common/clock/clock.h"

namespace okr::cli {

// What the command line says of the caller.
struct CallerFlags {
  std::string as;    // A person's id: a development token is made for the call.
  std::string role;  // Of that token; MEMBER if empty.
  std::string token_file;
  std::string environment_token;  // OKRCTL_TOKEN.
};

class Credentials {
 public:
  // `clock` must outlive it.
  Credentials(Settings settings, CallerFlags flags, const Clock& clock)
      : settings_(std::move(settings)), flags_(std::move(flags)), clock_(clock) {}

  // The token to call with, the first of: --as, --token-file, OKRCTL_TOKEN, the file's token or
  // token_file, its development.as. Empty if there is none of them.
  absl::StatusOr<std::string> Token() const;

  // Whether somebody said who calls, other than by development.as.
  bool is_explicit() const;
  bool has_development_key() const { return !settings_.development_key_dir.empty(); }

  // A token of the development issuer. `organization` is an id.
  absl::StatusOr<std::string> Mint(absl::string_view subject, absl::string_view role,
                                   absl::string_view organization, absl::Duration ttl) const;

 private:
  const Settings settings_;
  const CallerFlags flags_;
  const Clock& clock_;
};

}  // namespace okr::cli
