// The collector of spans is of no consequence to calls, nor to the end of a service.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "absl/strings/match.h"
#include "tests/support/company.h"

namespace okr::testing {
namespace {

// A port at which connections are made, and nothing is ever read or answered.
class DeafPort {
 public:
  DeafPort() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listen(socket_, 64), 0);
    EXPECT_EQ(getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~DeafPort() { close(socket_); }
  DeafPort(const DeafPort&) = delete;
  DeafPort& operator=(const DeafPort&) = delete;
  std::string endpoint() const { return absl::StrCat("http://127.0.0.1:", port_); }

 private:
  const int socket_;
  int port_ = 0;
};

// The middle of the times that check-ins took.
absl::Duration MedianOf(Company& company, int calls) {
  std::vector<absl::Duration> took;
  for (int i = 0; i < calls; ++i) {
    const absl::Time start = absl::Now();
    EXPECT_OK(company.CheckIn("ben", "o", i % 100));
    took.push_back(absl::Now() - start);
  }
  std::sort(took.begin(), took.end());
  return took[took.size() / 2];
}

// With the collector given, by the side of a suite without one.
void ExpectNoDifference(const std::string& endpoint) {
  auto with = Suite::Start({.environment = {"OKR_OTLP_ENDPOINT=" + endpoint}});
  ASSERT_OK(with);
  Company company(**with);
  Company plain(Suite::Shared());
  ASSERT_OK(company.CreateObjective("o", "teams/crew"));
  ASSERT_OK(plain.CreateObjective("o", "teams/crew"));
  constexpr int kCalls = 300;
  const absl::Duration without = MedianOf(plain, kCalls);
  // One export takes 3 seconds to fail: who waited for it would be seen.
  EXPECT_LT(MedianOf(company, kCalls), 3 * without + absl::Milliseconds(20));
  for (const char* service : {"goals", "checkins", "scoring", "notifications"}) {
    const absl::Time start = absl::Now();
    const auto exit_code = (*with)->StopService(service, SIGTERM);
    ASSERT_OK(exit_code);
    EXPECT_EQ(*exit_code, 0);
    // What is left gets 3 seconds, the export under way 3 more; the rest is the service's own.
    EXPECT_LT(absl::Now() - start, absl::Seconds(12)) << service;
  }
  EXPECT_TRUE(absl::StrContains((*with)->LogOf("checkins"), "spans were dropped"));
}

TEST(Collector, ThatIsAwayCostsCallsNothing) {
  std::string endpoint;
  {
    const DeafPort gone;
    endpoint = gone.endpoint();
  }
  ExpectNoDifference(endpoint);
}

TEST(Collector, ThatHangsCostsCallsNothing) {
  const DeafPort deaf;
  ExpectNoDifference(deaf.endpoint());
}

}  // namespace
}  // namespace okr::testing
