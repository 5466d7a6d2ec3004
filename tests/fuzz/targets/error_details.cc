// Line: the code. Line: the message. The rest: google.rpc.Status as it comes over the wire.
#include <grpcpp/support/status.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "common/rpc/grpc_status.h"
#include "common/rpc/utf8.h"
#include "common/status/error.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/targets.h"

namespace okr::fuzz {
namespace {

// Of the trailing metadata of a call.
constexpr size_t kMaxMetadata = 8192;
constexpr absl::Duration kLongestDelay = absl::Hours(24 * 365 * 100);

std::string ToText(const okr::ErrorDetails& details) {
  return absl::StrCat(details.reason, ", ", details.metadata.size(), " metadata, ",
                      details.violations.size(), " violations");
}

// In base64, beside the message.
size_t SizeOnTheWire(const grpc::Status& status) {
  return status.error_message().size() + status.error_details().size() * 4 / 3 + 4;
}

bool HasValidText(const okr::ErrorDetails& details) {
  for (const auto& [key, value] : details.metadata) {
    if (!rpc::IsValidUtf8(key)) return false;
  }
  return rpc::IsValidUtf8(details.reason);
}

void CheckAnswer(const absl::Status& received) {
  const absl::Status shown = rpc::ToPublic(received, "request-1");
  OKR_FUZZ_CHECK(!shown.ok(), received.ToString());
  const okr::ErrorDetails details = DetailsOf(shown);
  OKR_FUZZ_CHECK(!details.reason.empty(), received.ToString());
  const grpc::Status sent = rpc::ToGrpc(shown);
  OKR_FUZZ_CHECK(SizeOnTheWire(sent) <= kMaxMetadata, ToText(details));
  const absl::Status again = rpc::FromGrpc(sent);
  OKR_FUZZ_CHECK(again.code() == shown.code(), again.ToString());
  OKR_FUZZ_CHECK(again.message() == shown.message(), again.ToString());
  const absl::Duration delay = details.retry_delay.value_or(absl::ZeroDuration());
  const bool ordinary = delay >= absl::ZeroDuration() && delay <= kLongestDelay;
  if (!ordinary || !HasValidText(details)) return;
  OKR_FUZZ_CHECK(DetailsOf(again) == details, ToText(DetailsOf(again)));
}

}  // namespace

void ErrorDetails(absl::string_view input) {
  Input parts(input);
  const auto code = static_cast<grpc::StatusCode>(parts.Number(20));
  const std::string message(parts.Line());
  const absl::Status received = rpc::FromGrpc({code, message, std::string(parts.Rest())});
  OKR_FUZZ_CHECK(received.ok() == (code == grpc::StatusCode::OK), received.ToString());
  if (received.ok()) return;
  const okr::ErrorDetails details = DetailsOf(received);
  const absl::Status copy = MakeError(received.code(), received.message(), details);
  OKR_FUZZ_CHECK(DetailsOf(copy) == details, ToText(details));
  CheckAnswer(received);
}

}  // namespace okr::fuzz
