#include "tests/bench/load/echo_server.h"

#include <grpcpp/grpcpp.h>
#include <signal.h>

#include "okr/goals/v1/goals_service.grpc.pb.h"

namespace okr::bench {
namespace {

using goals::v1::GoalsService;

class Echo : public GoalsService::WithRawCallbackMethod_GetKeyResult<GoalsService::Service> {
 public:
  explicit Echo(const std::string& reply) : slice_(reply), reply_(&slice_, 1) {}

  grpc::ServerUnaryReactor* GetKeyResult(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* /*request*/,
                                         grpc::ByteBuffer* response) override {
    *response = reply_;
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  const grpc::Slice slice_;
  const grpc::ByteBuffer reply_;
};

}  // namespace

bool ServeEcho(const std::string& listen, const std::string& reply) {
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  // Before any thread, so that all inherit it.
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);
  Echo echo(reply);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(listen, grpc::InsecureServerCredentials());
  builder.RegisterService(&echo);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return false;
  int signal = 0;
  sigwait(&ends, &signal);
  server->Shutdown(std::chrono::system_clock::now());
  return true;
}

}  // namespace okr::bench
