#include "tests/contract/raw_call.h"

#include <grpcpp/generic/generic_stub.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/rpc/grpc_status.h"

namespace okr::contract {

absl::StatusOr<std::string> Send(testing::Suite& suite, const RawCall& call) {
  grpc::GenericStub stub(suite.channel("goals"));
  grpc::ClientContext context;
  for (const auto& [key, value] : call.metadata) context.AddMetadata(key, value);
  context.set_wait_for_ready(true);
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
  const grpc::Slice body(call.body);
  const grpc::ByteBuffer request(&body, 1);
  grpc::CompletionQueue queue;
  const auto rpc = stub.PrepareUnaryCall(&context, call.method, request, &queue);
  grpc::ByteBuffer response;
  grpc::Status status;
  rpc->StartCall();
  rpc->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  if (!status.ok()) return rpc::FromGrpc(status);
  grpc::Slice slice;
  if (!response.DumpToSingleSlice(&slice).ok()) return absl::InternalError("no answer");
  return std::string(reinterpret_cast<const char*>(slice.begin()), slice.size());
}

std::pair<std::string, std::string> Bearer(absl::string_view token) {
  return {"authorization", absl::StrCat("Bearer ", token)};
}

}  // namespace okr::contract
