#include "common/store/batch_spans.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/status/error.h"

namespace okr::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Kept final : trace::SpanSink {
  void Take(trace::Span span) override { spans.push_back(std::move(span)); }
  std::vector<trace::Span> spans;
};

class BatchSpansTest : public ::testing::Test {
 protected:
  static TraceContext CallOf(char digit) {
    return {std::string(32, digit), std::string(16, digit), true};
  }
  // The spans of a batch of these traceparents; the batch's own is the last.
  std::vector<trace::Span> SpansOf(const std::vector<std::string>& traceparents,
                                   const absl::Status& told = absl::OkStatus()) {
    BatchSpans spans(tracer_, "acme", absl::Now(), absl::Now(), absl::OkStatus());
    for (const std::string& traceparent : traceparents) spans.Add(traceparent, told, 2);
    spans.End();
    return kept_.spans;
  }

  Kept kept_;
  trace::Tracer tracer_{kept_, SecureRandom()};
};

TEST_F(BatchSpansTest, OneCommandIsOneSpanOfItsCall) {
  const auto spans = SpansOf({ToTraceparent(CallOf('a'))});
  ASSERT_EQ(spans.size(), 1);
  EXPECT_EQ(spans[0].name, "okr.batch");
  EXPECT_EQ(spans[0].context.trace_id, CallOf('a').trace_id);
  EXPECT_EQ(spans[0].parent_id, CallOf('a').span_id);
  EXPECT_THAT(spans[0].links, IsEmpty());
}

TEST_F(BatchSpansTest, SeveralAreLinkedWithTheTransactionBothWays) {
  TraceContext unsampled = CallOf('c');
  unsampled.sampled = false;
  const auto spans = SpansOf(
      {"", ToTraceparent(unsampled), ToTraceparent(CallOf('a')), ToTraceparent(CallOf('b'))});
  ASSERT_EQ(spans.size(), 3);
  const trace::Span& batch = spans[2];
  EXPECT_EQ(batch.parent_id, CallOf('a').span_id);
  EXPECT_THAT(batch.links, ElementsAre(CallOf('a'), CallOf('b')));
  for (int i : {0, 1}) {
    EXPECT_EQ(spans[i].name, "okr.batch.member");
    EXPECT_EQ(spans[i].parent_id, batch.links[i].span_id);
    EXPECT_EQ(spans[i].context.trace_id, batch.links[i].trace_id);
    EXPECT_THAT(spans[i].links, ElementsAre(batch.context));
  }
}

TEST_F(BatchSpansTest, WithoutASampledMemberThereIsNone) {
  EXPECT_THAT(SpansOf({"", "nonsense"}), IsEmpty());
}

TEST_F(BatchSpansTest, ARefusedMemberSaysWhyAndWroteNothing) {
  const auto spans =
      SpansOf({ToTraceparent(CallOf('a')), ToTraceparent(CallOf('b'))},
              MakeError(absl::StatusCode::kAborted, "no", {.reason = "ETAG_MISMATCH"}));
  ASSERT_EQ(spans.size(), 3);
  EXPECT_EQ(std::get<int64_t>(spans[0].attributes[0].value), 0);
  EXPECT_EQ(std::get<std::string>(spans[0].attributes[1].value), "ETAG_MISMATCH");
  EXPECT_FALSE(spans[0].failed) << "the transaction did what it was to do";
}

}  // namespace
}  // namespace okr::store
