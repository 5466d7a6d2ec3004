// All services of the suite in one, in memory, for tests of the client: it keeps what it is given,
// and has none of the rules.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "google/protobuf/message.h"

namespace grpc {
class Server;
class Status;
}  // namespace grpc

namespace okr::cli::testing {

struct SeenCall {
  std::string method;       // "CreateObjective".
  std::string token;        // Without "Bearer ".
  std::string consistency;  // The tokens that it carried.
  std::shared_ptr<google::protobuf::Message> request;
};

// Serves on a port of its own on the loopback device.
class FakeSuite {
 public:
  // An error to answer the call with; OK to answer it as usual.
  using Refusal = std::function<grpc::Status(const std::string& method)>;

  FakeSuite();
  ~FakeSuite();

  const std::string& address() const { return address_; }
  void set_refusal(Refusal refusal);
  std::vector<SeenCall> calls() const;
  // How many calls began with this, e.g. "Create".
  size_t CountCalls(const std::string& prefix) const;
  // The resource of this name; null if there is none.
  std::shared_ptr<google::protobuf::Message> Find(const std::string& name) const;

 private:
  class Handler;
  class Reactor;

  mutable std::mutex mutex_;
  Refusal refusal_;
  std::vector<SeenCall> calls_;
  std::map<std::string, std::shared_ptr<google::protobuf::Message>> resources_;
  int64_t position_ = 0;
  std::unique_ptr<Handler> handler_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

}  // namespace okr::cli::testing
