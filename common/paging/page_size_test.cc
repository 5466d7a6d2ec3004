#include "common/paging/page_size.h"

#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace okr::paging {
namespace {

TEST(PageSize, IsTheDefaultForZero) { EXPECT_EQ(EffectivePageSize(0).value(), 50); }
TEST(PageSize, IsWhatWasAskedFor) { EXPECT_EQ(EffectivePageSize(7).value(), 7); }
TEST(PageSize, IsCutAtTheMaximum) { EXPECT_EQ(EffectivePageSize(1001).value(), 1000); }
TEST(PageSize, IsRefusedWhenNegative) {
  EXPECT_THAT(EffectivePageSize(-1), testing::NamesField("page_size"));
}

}  // namespace
}  // namespace okr::paging
