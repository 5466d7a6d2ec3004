// Handlers that run on the pool.
#include <atomic>
#include <thread>

#include "common/rpc/test_server.h"

namespace okr::rpc {
namespace {

using testing::HasCode;
using testing::HasReason;

// Keeps the only thread of the pool busy until it is released.
class BlockingTest : public ::testing::Test {
 protected:
  BlockingTest() {
    server_.options.pool = {.threads = 1, .queue = 1};
    server_.mark = [this](const Call&, const MarkNotificationsReadRequest& request) {
      if (request.request_id() == "block") {
        running_.Set();
        release_.Wait();
      }
      return MarkNotificationsReadResponse();
    };
  }
  ~BlockingTest() override { ReleaseAndJoin(); }

  static MarkNotificationsReadRequest RequestOf(const std::string& id) {
    MarkNotificationsReadRequest request;
    request.set_request_id(id);
    return request;
  }
  void Occupy() {
    clients_.emplace_back([this] { EXPECT_OK(server_.Mark(RequestOf("block")).status); });
    ASSERT_TRUE(running_.WaitFor(kPatience));
  }

  void ReleaseAndJoin() {
    if (!release_.IsSet()) release_.Set();
    for (std::thread& client : clients_) client.join();
    clients_.clear();
  }

  TestServer server_;
  Event running_;
  Event release_;
  std::vector<std::thread> clients_;
};

TEST_F(BlockingTest, GivesTheHandlersResponse) {
  server_.mark = [](const Call&, const MarkNotificationsReadRequest& request) {
    MarkNotificationsReadResponse response;
    response.set_marked_count(request.names_size());
    return response;
  };
  ASSERT_OK(server_.Start());
  MarkNotificationsReadRequest request;
  request.add_names("x");
  const Answer answer = server_.Mark(request);
  ASSERT_OK(answer.status);
  EXPECT_EQ(answer.As<MarkNotificationsReadResponse>().marked_count(), 1);
}

TEST_F(BlockingTest, GivesTheHandlersError) {
  server_.mark =
      [](const Call&,
         const MarkNotificationsReadRequest&) -> absl::StatusOr<MarkNotificationsReadResponse> {
    return absl::NotFoundError("no such notification");
  };
  ASSERT_OK(server_.Start());
  EXPECT_THAT(server_.Mark(RequestOf("a")).status, HasCode(absl::StatusCode::kNotFound));
}

TEST_F(BlockingTest, DoesNotHoldUpAsynchronousHandlers) {
  ASSERT_OK(server_.Start());
  Occupy();
  EXPECT_OK(server_.List(ListOf("organizations/acme/people/ann")).status);
}

TEST_F(BlockingTest, RefusesWhenTooManyWait) {
  ASSERT_OK(server_.Start());
  Occupy();
  // Of two that come now only one fits into the queue; the other is refused at once.
  Slot<Answer> refused;
  std::atomic<bool> told{false};
  for (int i = 0; i < 2; ++i) {
    clients_.emplace_back([&, i] {
      Answer answer = server_.Mark(RequestOf(absl::StrCat(i)));
      if (!answer.status.ok() && !told.exchange(true)) refused.Set(std::move(answer));
    });
  }
  const Answer answer = refused.Wait();
  EXPECT_THAT(answer.status, HasCode(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(answer.status, HasReason("OVERLOADED"));
  EXPECT_TRUE(DetailsOf(answer.status).retry_delay.has_value());
  ReleaseAndJoin();
}

TEST_F(BlockingTest, DropsACallWhoseDeadlinePassedInTheQueue) {
  Event second_came;
  std::atomic<int> started{0};
  server_.hooks.on_start = [&](const Call&) {
    if (++started == 2) second_came.Set();
  };
  std::atomic<int> ran{0};
  server_.mark = [&](const Call&, const MarkNotificationsReadRequest&) {
    if (++ran == 1) {
      running_.Set();
      release_.Wait();
    }
    return MarkNotificationsReadResponse();
  };
  ASSERT_OK(server_.Start());
  Occupy();
  Slot<Answer> late;
  clients_.emplace_back([&] { late.Set(server_.Mark(RequestOf("late"))); });
  ASSERT_TRUE(second_came.WaitFor(kPatience));
  // Either way the handler must not run: the deadline passed before it could.
  server_.clock.Advance(absl::Hours(1));
  ReleaseAndJoin();
  EXPECT_THAT(late.Wait().status, HasReason("DEADLINE_EXCEEDED"));
  EXPECT_EQ(ran, 1);
}

}  // namespace
}  // namespace okr::rpc
