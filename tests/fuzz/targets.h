// The fuzz targets, one for each parser that meets bytes from outside. Each takes any input, and
// ends the process if what the parser promises does not hold. No target keeps a state between two
// inputs, so that a finding is replayed by its input alone.
#pragma once

#include "absl/strings/string_view.h"

namespace okr::fuzz {

void Config(absl::string_view input);         // Flags, environment and secret files.
void ConnectionUrl(absl::string_view input);  // Redis' URL and libpq's conninfo.
void ErrorDetails(absl::string_view input);   // What a server says with a refusal.
void Event(absl::string_view input);          // Entries of streams, payloads, filters.
void Headers(absl::string_view input);        // Consistency tokens, traceparent, authorization.
void Jwks(absl::string_view input);           // Keys of an issuer.
void PageToken(absl::string_view input);
void Plan(absl::string_view input);     // The YAML of okrctl apply.
void Request(absl::string_view input);  // Requests as they come over the wire.
void ResourceName(absl::string_view input);
void Text(absl::string_view input);          // Days, spans and names as people write them; output.
void Token(absl::string_view input);         // JWTs.
void TokenIssuers(absl::string_view input);  // The YAML of --token-issuers-file.
void UpdateMask(absl::string_view input);

}  // namespace okr::fuzz
