// Messages as gRPC's byte buffers.
#pragma once

#include "absl/status/status.h"
#include "google/protobuf/message.h"

namespace grpc {
class ByteBuffer;
}  // namespace grpc

namespace okr::rpc {

// Reads a request:
//   INVALID_ARGUMENT / REQUEST_TOO_LARGE beyond `max_bytes`;
//   INVALID_ARGUMENT / INVALID_FIELDS naming the strings that are not UTF-8, or without violations
//   if `wire` is no such message at all.
absl::Status ParseRequest(const grpc::ByteBuffer& wire, size_t max_bytes,
                          google::protobuf::Message* request);

// INTERNAL if the message cannot be written, e.g. as it has 2 GiB or more.
absl::Status Serialize(const google::protobuf::Message& message, grpc::ByteBuffer* wire);

}  // namespace okr::rpc
