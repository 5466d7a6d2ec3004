#include "common/metrics/admin_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/metrics/registry.h"
#include "common/testing/http_get.h"
#include "common/testing/status_matchers.h"

namespace okr::metrics {
namespace {

using ::testing::HasSubstr;
using testing::HttpGet;
using testing::HttpRequest;

class AdminServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(
        server_,
        AdminServer::Start("127.0.0.1:0", {{"/livez",
                                            [] {
                                              return AdminServer::Page{200, "ok\n"};
                                            }},
                                           {"/readyz", [] {
                                              return AdminServer::Page{503, "database: away\n"};
                                            }}}));
  }

  std::unique_ptr<AdminServer> server_;
};

TEST_F(AdminServerTest, ServesItsPages) {
  ASSERT_OK_AND_ASSIGN(const auto live, HttpGet(server_->port(), "/livez"));
  EXPECT_EQ(live.status, 200);
  EXPECT_EQ(live.body, "ok\n");
  EXPECT_THAT(live.head, HasSubstr("Content-Type: text/plain; version=0.0.4"));
  ASSERT_OK_AND_ASSIGN(const auto ready, HttpGet(server_->port(), "/readyz"));
  EXPECT_EQ(ready.status, 503);
  EXPECT_EQ(ready.body, "database: away\n");
}

TEST_F(AdminServerTest, ServesNothingElse) {
  for (const char* path : {"/", "/livez/", "/livezz", "/etc/passwd", "/../../etc/passwd"}) {
    ASSERT_OK_AND_ASSIGN(const auto answer, HttpGet(server_->port(), path));
    EXPECT_EQ(answer.status, 404) << path;
  }
  for (const char* method : {"POST", "PUT", "DELETE", "HEAD", "OPTIONS"}) {
    ASSERT_OK_AND_ASSIGN(const auto answer, HttpRequest(server_->port(), method, "/livez"));
    EXPECT_EQ(answer.status, 405) << method;
    EXPECT_THAT(answer.head, HasSubstr("Allow: GET"));
  }
}

TEST_F(AdminServerTest, ServesManyAtOnce) {
  std::vector<std::thread> threads;
  std::atomic<int> served = 0;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&] {
      const auto answer = HttpGet(server_->port(), "/livez");
      if (answer.ok() && answer->status == 200) ++served;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(served, 16);
}

TEST_F(AdminServerTest, TellsThatAPortIsTaken) {
  const std::string listen = absl::StrCat("127.0.0.1:", server_->port());
  const auto second = AdminServer::Start(listen, {});
  EXPECT_THAT(second.status(), testing::HasCode(absl::StatusCode::kUnavailable));
  EXPECT_THAT(std::string(second.status().message()),
              HasSubstr(absl::StrCat("--admin-listen: cannot listen on ", listen)));
}

TEST(CheckAdminListen, TakesAddressesWithAPort) {
  for (const char* listen : {"", "0.0.0.0:9464", "127.0.0.1:0", "[::]:9464", "[::1]:65535"}) {
    EXPECT_EQ(CheckAdminListen(listen), "") << listen;
  }
  for (const char* listen : {"9464", ":9464", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                             "127.0.0.1:-1", "localhost:9464", "::1:9464", "127.0.0.1:80s"}) {
    EXPECT_THAT(CheckAdminListen(listen), HasSubstr("expected host:port")) << listen;
  }
}

}  // namespace
}  // namespace okr::metrics
