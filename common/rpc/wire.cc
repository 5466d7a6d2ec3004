#include "common/rpc/wire.h"

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <climits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/rpc/invalid_utf8.h"
#include "common/status/error.h"

namespace okr::rpc {
namespace {

// The caller's fault, which no waiting mends: not RESOURCE_EXHAUSTED, with which gRPC refuses what
// is larger still.
absl::Status TooLarge(size_t size, size_t max_bytes) {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   absl::StrCat("The request has ", size, " bytes, ", max_bytes,
                                " are allowed; send less at once"),
                   {.reason = "REQUEST_TOO_LARGE",
                    .metadata = {{"size_bytes", absl::StrCat(size)},
                                 {"max_size_bytes", absl::StrCat(max_bytes)}}});
}

absl::Status Refusal(absl::string_view wire, const google::protobuf::Descriptor& descriptor) {
  std::vector<FieldViolation> violations;
  for (std::string& path : FindInvalidUtf8(wire, descriptor)) {
    violations.push_back({std::move(path), "is not valid UTF-8"});
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  return MakeError(absl::StatusCode::kInvalidArgument,
                   absl::StrCat("The request is not a serialized ", descriptor.full_name()),
                   {.reason = "INVALID_FIELDS", .metadata = {{"message", descriptor.full_name()}}});
}

}  // namespace

absl::Status ParseRequest(const grpc::ByteBuffer& wire, size_t max_bytes,
                          google::protobuf::Message* request) {
  if (wire.Length() > max_bytes) return TooLarge(wire.Length(), max_bytes);
  grpc::Slice slice;
  if (wire.Valid() && !wire.TrySingleSlice(&slice).ok() && !wire.DumpToSingleSlice(&slice).ok()) {
    return absl::InternalError("the buffer of the request cannot be read");
  }
  const absl::string_view bytes(reinterpret_cast<const char*>(slice.begin()), slice.size());
  if (request->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::OkStatus();
  }
  return Refusal(bytes, *request->GetDescriptor());
}

absl::Status Serialize(const google::protobuf::Message& message, grpc::ByteBuffer* wire) {
  const size_t size = message.ByteSizeLong();
  if (size > INT_MAX) return absl::InternalError("the response has 2 GiB or more");
  grpc_slice bytes = grpc_slice_malloc(size);
  message.SerializeWithCachedSizesToArray(GRPC_SLICE_START_PTR(bytes));
  const grpc::Slice slice(bytes, grpc::Slice::STEAL_REF);
  *wire = grpc::ByteBuffer(&slice, 1);
  return absl::OkStatus();
}

}  // namespace okr::rpc
