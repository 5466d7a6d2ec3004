// Connecting.
#include "common/rpc/channel.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include "common/rpc/test_server.h"

namespace okr::rpc {
namespace {

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// A port behind which another one is, far away: what comes is passed on, but for the first time
// only a while after the connection was made. One connection at a time.
class SlowLink {
 public:
  SlowLink(int target, absl::Duration delay)
      : target_(Loopback(target)), delay_(delay), listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = Loopback(0);
    socklen_t size = sizeof(address);
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listen(listener_, 8), 0);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Run(); });
  }
  ~SlowLink() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }
  SlowLink(const SlowLink&) = delete;
  SlowLink& operator=(const SlowLink&) = delete;

  int port() const { return port_; }

 private:
  void Run() {
    for (int near = 0; (near = accept(listener_, nullptr, nullptr)) >= 0; close(near)) {
      absl::SleepFor(delay_);  // The distance.
      const int far = socket(AF_INET, SOCK_STREAM, 0);
      if (connect(far, reinterpret_cast<const sockaddr*>(&target_), sizeof(target_)) == 0) {
        while (PassOn(near, far)) continue;
      }
      close(far);
    }
  }

  static bool PassOn(int near, int far) {
    std::array<pollfd, 2> ends = {pollfd{near, POLLIN, 0}, pollfd{far, POLLIN, 0}};
    if (poll(ends.data(), ends.size(), -1) <= 0) return false;
    for (const pollfd& end : ends) {
      if (end.revents == 0) continue;
      std::array<char, 16384> buffer{};
      const ssize_t size = recv(end.fd, buffer.data(), buffer.size(), 0);
      if (size <= 0) return false;
      const int other = end.fd == near ? far : near;
      if (send(other, buffer.data(), static_cast<size_t>(size), MSG_NOSIGNAL) != size) return false;
    }
    return true;
  }

  const sockaddr_in target_;
  const absl::Duration delay_;
  const int listener_;
  int port_ = 0;
  std::thread thread_;
};

TEST(Channel, TakesItsTimeToConnect) {
  TestServer server;
  ASSERT_OK(server.Start());
  const SlowLink link(server.server().port(), absl::Milliseconds(500));
  const auto channel = Channel::Create({.address = absl::StrCat("127.0.0.1:", link.port()),
                                        .token = [] { return std::string(kAnn); }});
  MarkNotificationsReadRequest request;
  request.set_parent("organizations/acme/people/ann");
  request.add_names("organizations/acme/people/ann/notifications/n");
  // Not one that is tried again.
  const auto answer = CallUnary<MarkNotificationsReadRequest, MarkNotificationsReadResponse>(
      *channel, kMark, request);
  ASSERT_OK(answer);
  EXPECT_EQ(answer->marked_count(), 1);
}

// While one of two stops, gRPC drops calls that come before its client has noticed.
TEST(Channel, NoReadFailsWhileAServerStops) {
  TestServer stays;
  ASSERT_OK(stays.Start());
  for (int round = 0; round < 20; ++round) {
    TestServer stops;
    ASSERT_OK(stops.Start());
    const auto channel =
        Channel::Create({.address = absl::StrCat("ipv4:127.0.0.1:", stays.server().port(),
                                                 ",127.0.0.1:", stops.server().port()),
                         .token = [] { return std::string(kAnn); }});
    std::atomic<bool> done = false;
    std::atomic<int> calls = 0;
    std::vector<std::thread> callers;
    for (int i = 0; i < 8; ++i) {
      callers.emplace_back([&] {
        while (!done) {
          const auto answer = CallUnary<ListNotificationsRequest, ListNotificationsResponse>(
              *channel, kList, ListOf("organizations/acme/people/ann"));
          EXPECT_OK(answer);
          ++calls;
        }
      });
    }
    while (calls < 100) std::this_thread::yield();
    stops.server().Shutdown();
    done = true;
    for (std::thread& caller : callers) caller.join();
  }
}

}  // namespace
}  // namespace okr::rpc
