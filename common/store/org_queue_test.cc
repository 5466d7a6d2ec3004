#include "common/store/org_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace okr::store {
namespace {

using testing::ElementsAre;

void Push(OrgQueue<int>& queue, const std::string& organization, int item) {
  ASSERT_TRUE(queue.Push(organization, item));
}

TEST(OrgQueue, HandsOutWhatWaitsTogether) {
  OrgQueue<int> queue(10, 100);
  Push(queue, "a", 1);
  Push(queue, "a", 2);
  const auto taken = queue.Take();
  EXPECT_EQ(taken->organization, "a");
  EXPECT_THAT(taken->items, ElementsAre(1, 2));
}

TEST(OrgQueue, KeepsAnOrganizationBackUntilItsBatchIsDone) {
  OrgQueue<int> queue(10, 100);
  Push(queue, "a", 1);
  queue.Take();
  Push(queue, "a", 2);
  Push(queue, "b", 3);
  EXPECT_EQ(queue.Take()->organization, "b");
  queue.Done("a");
  EXPECT_THAT(queue.Take()->items, ElementsAre(2));
}

TEST(OrgQueue, OrganizationsTakeTurns) {
  OrgQueue<int> queue(1, 100);
  Push(queue, "a", 1);
  Push(queue, "a", 2);
  Push(queue, "b", 3);
  EXPECT_EQ(queue.Take()->organization, "a");
  queue.Done("a");
  EXPECT_EQ(queue.Take()->organization, "b");
  queue.Done("b");
  EXPECT_EQ(queue.Take()->organization, "a");
}

TEST(OrgQueue, RefusesWhenTooMuchWaits) {
  OrgQueue<int> queue(10, 1);
  Push(queue, "a", 1);
  int item = 2;
  EXPECT_FALSE(queue.Push("b", item));
  EXPECT_EQ(item, 2);
}

TEST(OrgQueue, HandsOutWhatWaitsAfterItWasClosedAndThenEnds) {
  OrgQueue<int> queue(10, 100);
  Push(queue, "a", 1);
  queue.Close();
  int item = 2;
  EXPECT_FALSE(queue.Push("a", item));
  EXPECT_TRUE(queue.Take().has_value());
  queue.Done("a");
  EXPECT_FALSE(queue.Take().has_value());
}

TEST(OrgQueue, WakesAWaitingThread) {
  OrgQueue<int> queue(10, 100);
  std::optional<OrgQueue<int>::Taken> taken;
  std::thread waiting([&] { taken = queue.Take(); });
  Push(queue, "a", 1);
  waiting.join();
  EXPECT_THAT(taken->items, ElementsAre(1));
}

}  // namespace
}  // namespace okr::store
