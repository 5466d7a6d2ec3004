#include "common/log/trace_context.h"

#include <gtest/gtest.h>

namespace okr {
namespace {

constexpr char kHeader[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST(Traceparent, ReadsWhatItWrites) {
  const auto context = ParseTraceparent(kHeader);
  ASSERT_TRUE(context.has_value());
  EXPECT_EQ(context->trace_id, "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(context->span_id, "b7ad6b7169203331");
  EXPECT_TRUE(context->sampled);
  EXPECT_EQ(ToTraceparent(*context), kHeader);
}

TEST(Traceparent, TakesALaterVersionWithMoreFields) {
  EXPECT_TRUE(
      ParseTraceparent("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00-more").has_value());
}

TEST(Traceparent, RefusesWhatTheStandardRefuses) {
  for (const char* header : {"", "00", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                             "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                             "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                             "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                             "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                             "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01"}) {
    EXPECT_FALSE(ParseTraceparent(header).has_value()) << header;
  }
}

TEST(StartSpan, StaysInTheTraceOfItsParent) {
  const auto parent = ParseTraceparent(kHeader);
  const TraceContext child = StartSpan(parent, std::string(24, '\x11'));
  EXPECT_EQ(child.trace_id, parent->trace_id);
  EXPECT_EQ(child.span_id, "1111111111111111");
  EXPECT_TRUE(child.sampled);
}

TEST(StartSpan, BeginsATraceWithoutParent) {
  const TraceContext root = StartSpan(std::nullopt, std::string(24, '\x2a'));
  EXPECT_EQ(root.trace_id, "2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a");
  EXPECT_TRUE(ParseTraceparent(ToTraceparent(root)).has_value());
}

}  // namespace
}  // namespace okr
