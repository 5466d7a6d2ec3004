#include "common/rpc/grpc_status.h"

#include <grpcpp/support/status.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/rpc/utf8.h"
#include "common/status/error.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "okr/errors/v1/error_reason.pb.h"

namespace okr::rpc {
namespace {

constexpr char kDomain[] = "okr";
constexpr char kInternal[] = "INTERNAL";
constexpr absl::string_view kReasonPrefix = "ERROR_REASON_";
// Together, in base64 and with the message a second time as a header, they stay below 8 KiB.
constexpr size_t kMaxMessageBytes = 600;
constexpr size_t kMaxTextBytes = 300;
constexpr size_t kMaxMetadataEntries = 10;
constexpr size_t kMaxMetadataBytes = 1000;
constexpr size_t kMaxViolationsBytes = 2500;

bool IsKnownReason(absl::string_view reason) {
  okr::errors::v1::ErrorReason value{};
  return okr::errors::v1::ErrorReason_Parse(absl::StrCat(kReasonPrefix, reason), &value) &&
         value != okr::errors::v1::ERROR_REASON_UNSPECIFIED;
}

bool IsDefect(absl::StatusCode code) {
  return code == absl::StatusCode::kInternal || code == absl::StatusCode::kUnknown ||
         code == absl::StatusCode::kDataLoss;
}

// The reason of an error that came without one of ours.
const char* DefaultReason(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument:
      return "INVALID_FIELDS";
    case absl::StatusCode::kNotFound:
      return "RESOURCE_NOT_FOUND";
    case absl::StatusCode::kAlreadyExists:
      return "RESOURCE_ALREADY_EXISTS";
    case absl::StatusCode::kPermissionDenied:
      return "PERMISSION_DENIED";
    case absl::StatusCode::kUnauthenticated:
      return "TOKEN_MALFORMED";
    case absl::StatusCode::kResourceExhausted:
      return "OVERLOADED";
    case absl::StatusCode::kAborted:
      return "CONFLICT";
    case absl::StatusCode::kOutOfRange:
      return "POSITION_UNKNOWN";
    case absl::StatusCode::kUnimplemented:
      return "METHOD_UNKNOWN";
    case absl::StatusCode::kUnavailable:
      return "SERVICE_UNAVAILABLE";
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kCancelled:
      return "DEADLINE_EXCEEDED";
    default:  // INTERNAL, UNKNOWN, DATA_LOSS; FAILED_PRECONDITION is never without a reason.
      return kInternal;
  }
}

std::optional<absl::Duration> DefaultDelay(absl::StatusCode code, absl::string_view reason) {
  if (reason == "CONFLICT") return absl::Milliseconds(100);
  if (code == absl::StatusCode::kUnavailable || reason == "OVERLOADED") return absl::Seconds(1);
  return std::nullopt;
}

absl::Status Defect(absl::string_view request_id) {
  return MakeError(
      absl::StatusCode::kInternal,
      absl::StrCat("The service failed; its log tells why under the request id ", request_id),
      {.reason = kInternal, .metadata = {{"request_id", std::string(request_id)}}});
}

std::map<std::string, std::string> ShortMetadata(
    const std::map<std::string, std::string>& metadata) {
  std::map<std::string, std::string> out;
  size_t bytes = 0;
  for (const auto& [key, value] : metadata) {
    std::string text = ToShortText(value, kMaxTextBytes);
    bytes += key.size() + text.size();
    if (out.size() == kMaxMetadataEntries || bytes > kMaxMetadataBytes) break;
    out.emplace(key, std::move(text));
  }
  return out;
}

std::vector<FieldViolation> ShortViolations(const std::vector<FieldViolation>& violations) {
  std::vector<FieldViolation> out;
  size_t bytes = 0;
  for (const FieldViolation& violation : violations) {
    FieldViolation text{.field = ToShortText(violation.field, kMaxTextBytes),
                        .description = ToShortText(violation.description, kMaxTextBytes)};
    constexpr size_t kFraming = 8;
    bytes += text.field.size() + text.description.size() + kFraming;
    if (bytes > kMaxViolationsBytes) break;
    out.push_back(std::move(text));
  }
  return out;
}

ErrorDetails ShortDetails(const ErrorDetails& details) {
  ErrorDetails out{.reason = details.reason,
                   .metadata = ShortMetadata(details.metadata),
                   .violations = ShortViolations(details.violations),
                   .retry_delay = details.retry_delay};
  const size_t omitted = details.violations.size() - out.violations.size();
  if (omitted > 0) out.metadata["violations_omitted"] = absl::StrCat(omitted);
  return out;
}

void AddErrorInfo(const ErrorDetails& details, google::rpc::Status* out) {
  google::rpc::ErrorInfo info;
  info.set_domain(kDomain);
  info.set_reason(details.reason);
  for (const auto& [key, value] : details.metadata) (*info.mutable_metadata())[key] = value;
  out->add_details()->PackFrom(info);
}

void AddBadRequest(const ErrorDetails& details, google::rpc::Status* out) {
  google::rpc::BadRequest bad_request;
  for (const FieldViolation& violation : details.violations) {
    auto* field = bad_request.add_field_violations();
    field->set_field(violation.field);
    field->set_description(violation.description);
  }
  out->add_details()->PackFrom(bad_request);
}

void AddRetryInfo(absl::Duration delay, google::rpc::Status* out) {
  constexpr int64_t kNanosInSecond = 1'000'000'000;
  const int64_t nanos = std::max<int64_t>(absl::ToInt64Nanoseconds(delay), 0);
  google::rpc::RetryInfo retry;
  retry.mutable_retry_delay()->set_seconds(nanos / kNanosInSecond);
  retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(nanos % kNanosInSecond));
  out->add_details()->PackFrom(retry);
}

void ReadDetail(const google::protobuf::Any& any, ErrorDetails* details) {
  google::rpc::ErrorInfo info;
  google::rpc::BadRequest bad_request;
  google::rpc::RetryInfo retry;
  if (any.UnpackTo(&info)) {
    details->reason = info.reason();
    details->metadata = {info.metadata().begin(), info.metadata().end()};
  } else if (any.UnpackTo(&bad_request)) {
    for (const auto& field : bad_request.field_violations()) {
      details->violations.push_back({field.field(), field.description()});
    }
  } else if (any.UnpackTo(&retry)) {
    details->retry_delay = absl::Seconds(retry.retry_delay().seconds()) +
                           absl::Nanoseconds(retry.retry_delay().nanos());
  }
}

ErrorDetails ReadDetails(const grpc::Status& status) {
  ErrorDetails details;
  google::rpc::Status proto;
  if (proto.ParseFromString(status.error_details())) {
    for (const google::protobuf::Any& any : proto.details()) ReadDetail(any, &details);
  }
  return details;
}

}  // namespace

absl::Status ToPublic(const absl::Status& status, absl::string_view request_id) {
  if (status.ok()) return status;
  ErrorDetails details = ShortDetails(DetailsOf(status));
  if (!IsKnownReason(details.reason)) details.reason = DefaultReason(status.code());
  if (details.reason == kInternal || IsDefect(status.code())) return Defect(request_id);
  if (!details.retry_delay.has_value()) {
    details.retry_delay = DefaultDelay(status.code(), details.reason);
  }
  return MakeError(status.code(), ToShortText(status.message(), kMaxMessageBytes), details);
}

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const ErrorDetails details = DetailsOf(status);
  google::rpc::Status proto;
  proto.set_code(static_cast<int>(status.code()));
  proto.set_message(std::string(status.message()));
  AddErrorInfo(details, &proto);
  if (!details.violations.empty()) AddBadRequest(details, &proto);
  if (details.retry_delay.has_value()) AddRetryInfo(*details.retry_delay, &proto);
  return {static_cast<grpc::StatusCode>(status.code()), proto.message(), proto.SerializeAsString()};
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  ErrorDetails details = ReadDetails(status);
  const bool from_transport =
      code == absl::StatusCode::kUnavailable || code == absl::StatusCode::kDeadlineExceeded;
  if (details.reason.empty() && from_transport) {
    details.reason = DefaultReason(code);
    details.retry_delay = DefaultDelay(code, details.reason);
  }
  return MakeError(code, status.error_message(), details);
}

}  // namespace okr::rpc
