#include "tests/support/health.h"

#include <grpcpp/generic/generic_stub.h>

#include <string>

#include "absl/time/clock.h"

namespace okr::testing {
namespace {

// HealthCheckResponse has the status in field 1; SERVING is 1.
constexpr char kServing[] = "\x08\x01";

// The answer to a HealthCheckRequest that names no service; empty if there is none.
std::string Check(grpc::Channel& channel) {
  grpc::GenericStub stub(std::shared_ptr<grpc::ChannelInterface>(&channel, [](auto*) {}));
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(500));
  grpc::CompletionQueue queue;
  const grpc::Slice nothing;
  const grpc::ByteBuffer request(&nothing, 1);
  const auto call =
      stub.PrepareUnaryCall(&context, "/grpc.health.v1.Health/Check", request, &queue);
  grpc::ByteBuffer response;
  grpc::Status status;
  call->StartCall();
  call->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  grpc::Slice slice;
  if (!status.ok() || !response.DumpToSingleSlice(&slice).ok()) return "";
  return std::string(reinterpret_cast<const char*>(slice.begin()), slice.size());
}

}  // namespace

bool WatchHealth(grpc::Channel& channel, bool serving, absl::Time deadline) {
  while (absl::Now() < deadline) {
    if ((Check(channel) == kServing) == serving) return true;
    absl::SleepFor(absl::Milliseconds(20));  // Between questions; the answer is what is waited for.
  }
  return false;
}

}  // namespace okr::testing
