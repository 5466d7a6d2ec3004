#include "common/events/event_spans.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace okr::events {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Event = ::okr::events::v1::Event;

struct Kept final : trace::SpanSink {
  void Take(trace::Span span) override { spans.push_back(std::move(span)); }
  std::vector<trace::Span> spans;
};

std::string Traceparent(char digit, const char* flags = "01") {
  return absl::StrCat("00-", std::string(32, digit), "-", std::string(16, digit), "-", flags);
}

Event EventOf(const std::string& traceparent) {
  Event event;
  event.set_id("e");
  event.set_type("okr.goals.v1.ObjectiveCreated");
  event.set_organization("organizations/acme");
  event.set_traceparent(traceparent);
  return event;
}

class EventSpansTest : public ::testing::Test {
 protected:
  EventSpans Of(const std::vector<Event>& events) { return {tracing_, "goals", 3, events}; }

  Kept kept_;
  trace::Tracer tracer_{kept_, SecureRandom()};
  EventTracing tracing_{.service = "scoring", .tracer = &tracer_};
};

TEST_F(EventSpansTest, WhatIsAppendedOnAccountOfAnEventCarriesItsTraceOn) {
  const std::vector<Event> events = {EventOf(Traceparent('a'))};
  EventSpans spans = Of(events);
  const auto entered = spans.Enter(events);
  spans.End(absl::OkStatus());
  ASSERT_EQ(kept_.spans.size(), 1);
  const trace::Span& span = kept_.spans[0];
  EXPECT_EQ(span.name, "process okr.goals.v1.ObjectiveCreated");
  EXPECT_EQ(span.parent_id, std::string(16, 'a'));
  EXPECT_EQ(entered[0].traceparent(), ToTraceparent(span.context));
  EXPECT_EQ(entered[0].id(), "e");
  EXPECT_THAT(span.links, IsEmpty());
}

TEST_F(EventSpansTest, ATransactionOfSeveralIsLinkedWithEachBothWays) {
  const std::vector<Event> events = {EventOf(""), EventOf(Traceparent('a')),
                                     EventOf(Traceparent('b', "00")), EventOf(Traceparent('c'))};
  EventSpans spans = Of(events);
  const auto entered = spans.Enter(events);
  spans.End(absl::OkStatus());
  EXPECT_EQ(entered[0].traceparent(), "");
  EXPECT_EQ(entered[2].traceparent(), Traceparent('b', "00"));
  ASSERT_EQ(kept_.spans.size(), 3);
  const trace::Span& transaction = kept_.spans[2];
  EXPECT_EQ(transaction.name, "okr.consume");
  EXPECT_EQ(transaction.parent_id, kept_.spans[0].context.span_id);
  EXPECT_THAT(transaction.links, ElementsAre(kept_.spans[0].context, kept_.spans[1].context));
  EXPECT_THAT(kept_.spans[1].links, ElementsAre(transaction.context));
}

TEST_F(EventSpansTest, WhatOthersAppliedHasNoSpanHere) {
  const std::vector<Event> events = {EventOf(Traceparent('a'))};
  Of(events).End(absl::OkStatus());
  EXPECT_THAT(kept_.spans, IsEmpty());
}

TEST_F(EventSpansTest, ATryThatFailsBeforeItBeganIsSeen) {
  const std::vector<Event> events = {EventOf(Traceparent('a'))};
  Of(events).End(absl::UnavailableError("goals is away"));
  ASSERT_EQ(kept_.spans.size(), 1);
  EXPECT_TRUE(kept_.spans[0].failed);
}

TEST_F(EventSpansTest, WithoutATracerEventsStayAsTheyAre) {
  tracing_.tracer = nullptr;
  const std::vector<Event> events = {EventOf(Traceparent('a'))};
  EventSpans spans = Of(events);
  EXPECT_EQ(spans.Enter(events).data(), events.data());
}

TEST(LogContextOf, IsThatOfTheEvent) {
  Event event = EventOf(Traceparent('a'));
  event.set_request_id("r");
  const log::Context context = LogContextOf(event);
  EXPECT_EQ(context.trace.trace_id, std::string(32, 'a'));
  EXPECT_EQ(context.request_id, "r");
  EXPECT_TRUE(LogContextOf(EventOf("")).trace.empty());
}

}  // namespace
}  // namespace okr::events
