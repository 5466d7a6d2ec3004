// absl::Status to grpc::Status with google.rpc.Status in its details, and back.
#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace grpc {
class Status;
}  // namespace grpc

namespace okr::rpc {

// What a client may be told of `status`, still as absl::Status: the reason is a value of
// okr.errors.v1.ErrorReason (by the code, if it has none or an unknown one); what is INTERNAL,
// UNKNOWN, DATA_LOSS, or FAILED_PRECONDITION without a public reason, is a defect and becomes a
// generic INTERNAL that names `request_id`; UNAVAILABLE, OVERLOADED
// and CONFLICT get retry advice. Texts are cut so that the whole fits into 8 KiB of metadata: then
// the metadata has "violations_omitted".
absl::Status ToPublic(const absl::Status& status, absl::string_view request_id);

// `status` as it goes over the wire: exactly one google.rpc.ErrorInfo of domain "okr", one
// BadRequest if there are violations, RetryInfo if there is a delay. `status` comes from ToPublic.
grpc::Status ToGrpc(const absl::Status& status);

// The way back, for clients. Without our details the code and message are kept; UNAVAILABLE and
// DEADLINE_EXCEEDED from gRPC itself get the reasons SERVICE_UNAVAILABLE and DEADLINE_EXCEEDED.
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace okr::rpc
