#include "cli/render/errors.h"

#include <map>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/text/words.h"
#include "common/status/error.h"

namespace okr::cli {
namespace {

constexpr char kUsage[] = "OKRCTL_USAGE";
constexpr char kUnreachable[] = "OKRCTL_UNREACHABLE";
constexpr char kTlsFailed[] = "OKRCTL_TLS_FAILED";
constexpr char kRequestIdUrl[] = "okrctl/request-id";

// What to do, by the reason.
std::string Advice(const std::string& reason) {
  static const auto& advice = *new std::map<std::string, std::string>{
      {"INVALID_FIELDS", "Mend the fields above and try again."},
      {"RESOURCE_NOT_FOUND", "Check the name; \"okrctl list\" shows what is there."},
      {"RESOURCE_ALREADY_EXISTS", "Choose another id, or change it with \"okrctl update\"."},
      {"ETAG_MISMATCH", "Somebody changed it meanwhile: read it again, then repeat."},
      {"CONFLICT", "Others change the same just now: repeat."},
      {"PERMISSION_DENIED", "Ask the owner, a lead of the owning team or an administrator."},
      {"WRONG_ORGANIZATION", "Use --organization with that of your token."},
      {"TOKEN_MISSING",
       "Give a token: --token-file, OKRCTL_TOKEN, or --as PERSON with a development key."},
      {"TOKEN_EXPIRED", "Get a new token."},
      {"TOKEN_NOT_YET_VALID", "Compare the clocks of this machine and the service."},
      {"TOKEN_MALFORMED", "Check the token file: it must hold one signed JWT."},
      {"TOKEN_SIGNATURE_INVALID", "The key is not the issuer's: get a new token."},
      {"TOKEN_ISSUER_UNKNOWN", "The services do not know who made this token."},
      {"TOKEN_AUDIENCE_WRONG", "The token is meant for something else: get one for the suite."},
      {"PERSON_UNKNOWN", "An administrator must add you: okrctl create person."},
      {"CYCLE_STATE", "See the cycle with \"okrctl get cycle\"."},
      {"OBJECTIVE_STATE", "See the objective with \"okrctl get objective\"."},
      {"KEY_RESULT_STATE", "See the key result with \"okrctl get key-result\"."},
      {"SCORES_NOT_FINAL", "Wait until the cycle is closed and scored."},
      {"DEADLINE_EXCEEDED", "Try again; a write may have happened."},
      {kUsage, "See okrctl --help."},
      {kUnreachable,
       "Is it running? \"okrctl health\" asks all services; \"okrctl config show\" "
       "shows the addresses."}};
  const auto found = advice.find(reason);
  return found == advice.end() ? "" : found->second;
}

std::string RetryAdvice(const ErrorDetails& details) {
  if (!details.retry_delay.has_value()) return "";
  return absl::StrCat("Try again in ", absl::FormatDuration(*details.retry_delay), ".");
}

std::string MetadataText(const ErrorDetails& details) {
  return absl::StrJoin(details.metadata, ", ", [](std::string* out, const auto& entry) {
    absl::StrAppend(out, entry.first, " ", OneLine(entry.second));
  });
}

}  // namespace

absl::Status UsageError(absl::string_view message) {
  return MakeError(absl::StatusCode::kInvalidArgument, message, {.reason = kUsage});
}

absl::Status Unreachable(absl::string_view service, absl::string_view address,
                         absl::string_view why) {
  return MakeError(absl::StatusCode::kUnavailable,
                   absl::StrCat("cannot reach ", service, " at ", address, ": ", why),
                   {.reason = kUnreachable});
}

absl::Status TlsFailed(absl::string_view service, absl::string_view address,
                       absl::string_view why) {
  return MakeError(absl::StatusCode::kUnavailable,
                   absl::StrCat("cannot reach ", service, " at ", address, ": ", why),
                   {.reason = kTlsFailed});
}

bool IsTlsFailure(const absl::Status& status) { return ReasonOf(status) == kTlsFailed; }

absl::Status WithRequestId(absl::Status status, absl::string_view request_id) {
  if (!status.ok() && !request_id.empty()) {
    status.SetPayload(kRequestIdUrl, absl::Cord(request_id));
  }
  return status;
}

int ExitCodeOf(const absl::Status& status) {
  if (status.ok()) return kExitOk;
  const std::string reason = ReasonOf(status);
  if (reason == kUsage) return kExitUsage;
  return reason == kUnreachable || reason == kTlsFailed ? kExitUnreachable : kExitRefused;
}

std::string RenderError(const absl::Status& status) {
  const ErrorDetails details = DetailsOf(status);
  const bool local =
      details.reason == kUsage || details.reason == kUnreachable || details.reason == kTlsFailed;
  std::vector<std::string> lines;
  // A file's errors have a line each; what a service says is one.
  lines.push_back(
      absl::StrCat("okrctl: ", local ? std::string(status.message()) : OneLine(status.message())));
  for (const FieldViolation& violation : details.violations) {
    lines.push_back(
        absl::StrCat("  ", OneLine(violation.field), ": ", OneLine(violation.description)));
  }
  if (!local && !details.reason.empty()) {
    const std::string metadata = MetadataText(details);
    lines.push_back(absl::StrCat("reason: ", details.reason,
                                 metadata.empty() ? "" : absl::StrCat(" (", metadata, ")")));
  }
  std::vector<std::string> advice;
  for (const std::string& text : {Advice(details.reason), RetryAdvice(details)}) {
    if (!text.empty()) advice.push_back(text);
  }
  if (!advice.empty()) lines.push_back(absl::StrJoin(advice, " "));
  if (const auto id = status.GetPayload(kRequestIdUrl)) {
    lines.push_back(absl::StrCat("request id: ", std::string(*id)));
  }
  return absl::StrCat(absl::StrJoin(lines, "\n"), "\n");
}

}  // namespace okr::cli
