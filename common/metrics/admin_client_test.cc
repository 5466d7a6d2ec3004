#include "common/metrics/admin_client.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "common/metrics/admin_server.h"
#include "common/testing/status_matchers.h"

namespace okr::metrics {
namespace {

absl::Status Ask(const AdminServer::Page& page) {
  const auto server = AdminServer::Start("127.0.0.1:0", {{"/readyz", [page] { return page; }}});
  if (!server.ok()) return server.status();
  return AskReadiness(absl::StrCat("0.0.0.0:", (*server)->port()));
}

TEST(AskReadiness, IsOkWhereItIsReady) { EXPECT_OK(Ask({200, "ok\n"})); }

TEST(AskReadiness, SaysWhatIsNotReady) {
  const absl::Status status = Ask({503, "database: away\nredis: away\n"});
  EXPECT_EQ(status.message(), "not ready: database: away\nredis: away");
}

TEST(AskReadiness, SaysThatNobodyAnswers) {
  int port = 0;
  {
    ASSERT_OK_AND_ASSIGN(const auto gone, AdminServer::Start("127.0.0.1:0", {}));
    port = gone->port();
  }
  const absl::Status status = AskReadiness(absl::StrCat("127.0.0.1:", port));
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
}

}  // namespace
}  // namespace okr::metrics
