// Where the calls of a workload go: some connections to one service.
#pragma once

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace okr::bench {

// A connection of its own to a service; calls are sent once, without silent retries.
std::shared_ptr<grpc::Channel> Connect(const std::string& address);

// Stubs that take turns. Thread-safe.
template <typename Service>
class Stubs {
 public:
  Stubs(const std::string& address, int connections) {
    for (int i = 0; i < connections; ++i) stubs_.push_back(Service::NewStub(Connect(address)));
  }
  typename Service::Stub& Next() { return *stubs_[next_++ % stubs_.size()]; }

 private:
  std::vector<std::unique_ptr<typename Service::Stub>> stubs_;
  std::atomic<size_t> next_{0};
};

}  // namespace okr::bench
