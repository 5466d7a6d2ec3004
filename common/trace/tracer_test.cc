#include "common/trace/tracer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_format.h"

namespace okr::trace {
namespace {

struct Kept final : SpanSink {
  void Take(Span span) override { spans.push_back(std::move(span)); }
  std::vector<Span> spans;
};

void FillWithSevens(absl::Span<uint8_t> out) { std::fill(out.begin(), out.end(), 7); }

TEST(Tracer, BeginsASpanOfItsOwnInTheTraceOfItsParent) {
  Kept kept;
  const Tracer tracer(kept, FillWithSevens);
  const TraceContext parent{std::string(32, 'a'), std::string(16, 'b'), true};
  const TraceContext own = tracer.Begin(parent);
  EXPECT_EQ(own, (TraceContext{std::string(32, 'a'), "0707070707070707", true}));
  tracer.End({.context = own, .parent_id = parent.span_id, .name = "work"});
  ASSERT_EQ(kept.spans.size(), 1);
  EXPECT_EQ(kept.spans[0].name, "work");
}

TEST(IsSampled, FollowsTheRatioByTheIdAlone) {
  int sampled = 0;
  for (int i = 0; i < 1000; ++i) {
    // Spread over all that the last 56 bits can be.
    const std::string id = absl::StrFormat("%018x%014x", 1, (uint64_t{1} << 56) / 1000 * i);
    EXPECT_TRUE(IsSampled(id, 1));
    EXPECT_FALSE(IsSampled(id, 0));
    if (IsSampled(id, 0.25)) {
      ++sampled;
      EXPECT_TRUE(IsSampled(id, 0.5)) << "a larger share holds the smaller one";
    }
  }
  EXPECT_NEAR(sampled, 250, 2);
}

TEST(IsSampled, TakesNoIdThatIsNone) {
  EXPECT_FALSE(IsSampled("", 1));
  EXPECT_FALSE(IsSampled(std::string(32, 'x'), 1));
}

}  // namespace
}  // namespace okr::trace
