// The calls that the benches make, at random key results of a dataset, each as one of the people
// who own it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <string>

#include "okr/checkins/v1/checkins_service.grpc.pb.h"
#include "okr/goals/v1/goals_service.grpc.pb.h"
#include "tests/bench/load/dataset.h"
#include "tests/bench/load/drive.h"
#include "tests/bench/load/identities.h"
#include "tests/bench/load/target.h"

namespace okr::bench {

// A key result and who asks for it.
struct Aim {
  int organization = 0;
  int key_result = 0;
  int person = 0;
};

// Uniform over all key results. Thread-safe.
class Aims {
 public:
  Aims(const Dataset& dataset, uint64_t seed) : dataset_(dataset), random_(seed) {}

  Aim Next();
  // Uniform in [low, high).
  double Number(double low, double high);

 private:
  const Dataset& dataset_;
  std::mutex mutex_;
  std::mt19937_64 random_;
};

// What all workloads share; must outlive them.
struct Company {
  const Dataset& dataset;
  const Identities& identities;
  Aims& aims;
};

// GetKeyResult of goals.
class Reads : public Workload {
 public:
  Reads(const Company& company, const std::string& address, int connections)
      : company_(company), stubs_(address, connections) {}
  void Send(Done done) override;

 private:
  const Company company_;
  Stubs<goals::v1::GoalsService> stubs_;
};

// CreateCheckIn of checkins, each with a request id and a note as people write them.
class CheckIns : public Workload {
 public:
  struct Accepted {
    Aim aim;
    const checkins::v1::CheckIn& check_in;
    std::string consistency_token;
    Instant acknowledged;
  };
  // Is told of each check-in that was accepted, and then calls `done`.
  using Next = std::function<void(const Accepted&, Done done)>;

  CheckIns(const Company& company, const std::string& address, int connections, Next next = nullptr)
      : company_(company), stubs_(address, connections), next_(std::move(next)) {}
  void Send(Done done) override;

 private:
  struct Call;
  void Ended(Call& call, const grpc::Status& status);

  const Company company_;
  Stubs<checkins::v1::CheckinsService> stubs_;
  const Next next_;
  std::atomic<uint64_t> sent_{0};
};

// Deadline and token of a call.
void Prepare(const Company& company, const Aim& aim, grpc::ClientContext& context);

}  // namespace okr::bench
