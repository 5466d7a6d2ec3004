// ListEvents, GetHead and Subscribe of every service's own log.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "common/status/error.h"
#include "okr/events/v1/payloads.pb.h"
#include "tests/support/company.h"
#include "tests/support/refusals.h"
#include "tests/support/stream.h"

namespace okr::testing {
namespace {

namespace v1 = ::okr::events::v1;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

const char* const kServices[] = {"goals", "checkins", "scoring", "notifications"};

class EventLog : public ::testing::Test {
 protected:
  absl::StatusOr<v1::ListEventsResponse> List(Caller& caller, const std::string& service,
                                              const v1::ListEventsRequest& request) {
    return caller.Call(&v1::EventLogService::Stub::ListEvents, *caller.events(service), request);
  }
  absl::StatusOr<v1::ListEventsResponse> List(absl::string_view text,
                                              const std::string& service = "goals",
                                              const std::string& person = "zoe") {
    return List(company_.as(person), service, company_.Parse<v1::ListEventsRequest>(text));
  }
  absl::StatusOr<v1::Position> Head(Caller& caller, const std::string& service,
                                    absl::string_view text) {
    return caller.Call(&v1::EventLogService::Stub::GetHead, *caller.events(service),
                       company_.Parse<v1::GetHeadRequest>(text));
  }
  std::unique_ptr<Stream<v1::SubscribeResponse>> Subscribe(Caller& caller,
                                                           const std::string& service,
                                                           const v1::SubscribeRequest& request) {
    return std::make_unique<Stream<v1::SubscribeResponse>>(
        caller, [&](grpc::ClientContext* context) {
          return caller.events(service)->Subscribe(context, request);
        });
  }
  std::unique_ptr<Stream<v1::SubscribeResponse>> Subscribe(absl::string_view text,
                                                           const std::string& service = "goals") {
    return Subscribe(company_.as("zoe"), service, company_.Parse<v1::SubscribeRequest>(text));
  }
  // The subject of the next event.
  std::string NextSubject(Stream<v1::SubscribeResponse>& stream) {
    const auto next = stream.Next([](const auto& response) { return response.has_event(); });
    return next ? next->event().subject() : "the stream ended";
  }
  static std::vector<std::string> Subjects(const absl::StatusOr<v1::ListEventsResponse>& page) {
    EXPECT_OK(page);
    std::vector<std::string> subjects;
    if (!page.ok()) return subjects;
    for (const v1::Event& event : page->events()) subjects.push_back(event.subject());
    return subjects;
  }

  Company company_;
  // Of the installation, as services call each other.
  Caller service_{company_.suite(),
                  {.organization = "*", .subject = "okr-test", .role = auth::Role::kService}};
};

TEST_F(EventLog, AnEventSaysWhatHappenedToWhatByWhom) {
  company_.MakeObjective("o");
  const auto check_in = company_.CheckIn("ben", "o", 5, "my-request");
  ASSERT_OK(check_in);
  const auto page = List("filter { organization: '$O' }", "checkins");
  ASSERT_OK(page);
  const auto event = std::find_if(page->events().begin(), page->events().end(), [](const auto& e) {
    return e.type() == "okr.checkins.v1.CheckInCreated";
  });
  ASSERT_NE(event, page->events().end());
  EXPECT_THAT(event->id(), SizeIs(36));
  EXPECT_EQ(event->position().source(), "checkins");
  EXPECT_GT(event->position().position(), 0);
  EXPECT_EQ(event->organization(), company_.name());
  EXPECT_EQ(event->subject(), check_in->name());
  EXPECT_EQ(event->subject_version(), 1);
  EXPECT_EQ(event->actor(), company_.Name("people/ben"));
  EXPECT_EQ(event->request_id(), "my-request");
  EXPECT_THAT(event->traceparent(), StartsWith("00-"));
  EXPECT_NEAR(event->time().seconds(), absl::ToUnixSeconds(absl::Now()), 60);
  v1::CheckInEvent payload;
  ASSERT_TRUE(event->data().UnpackTo(&payload));
  EXPECT_EQ(payload.check_in().DebugString(), check_in->DebugString());
  EXPECT_GT(payload.next_due_time().seconds(), absl::ToUnixSeconds(absl::Now()));
}

TEST_F(EventLog, OfEveryServiceIsServed) {
  company_.MakeObjective("o");
  ASSERT_OK(company_.CheckIn("ben", "o", 100));
  ASSERT_OK(company_.KeyResultScore("ben", "o"));
  for (const char* service : kServices) {
    const auto head = Head(company_.as("zoe"), service, "filter { organization: '$O' }");
    ASSERT_OK(head);
    EXPECT_EQ(head->source(), service);
    const auto page = List("filter { organization: '$O' } page_size: 1000", service);
    ASSERT_OK(page);
    for (const v1::Event& event : page->events()) {
      EXPECT_EQ(event.organization(), company_.name());
      EXPECT_EQ(event.position().source(), service);
      EXPECT_EQ(event.position().shard(), head->shard());
    }
    EXPECT_EQ(page->events().empty(), service == std::string("notifications")) << service;
  }
}

TEST_F(EventLog, IsListedPageAfterPageInTheOrderOfPositions) {
  company_.MakeObjective("o");
  auto request = company_.Parse<v1::ListEventsRequest>("filter { organization: '$O' }");
  request.set_page_size(1000);
  const auto whole = List(company_.as("zoe"), "goals", request);
  ASSERT_OK(whole);
  ASSERT_GT(whole->events_size(), 5);
  request.set_page_size(3);
  std::vector<std::string> ids;
  int64_t last = 0;
  while (true) {
    const auto page = List(company_.as("zoe"), "goals", request);
    ASSERT_OK(page);
    EXPECT_LE(page->events_size(), 3);
    for (const v1::Event& event : page->events()) {
      EXPECT_GT(event.position().position(), last);
      last = event.position().position();
      ids.push_back(event.id());
    }
    *request.mutable_after() = page->last();
    if (page->last().position() >= page->head().position()) break;
  }
  ASSERT_EQ(static_cast<int>(ids.size()), whole->events_size());
  for (int i = 0; i < whole->events_size(); ++i) EXPECT_EQ(ids[i], whole->events(i).id());
}

TEST_F(EventLog, IsFilteredByTypeAndSubject) {
  for (const char* objective : {"a", "ab"}) company_.MakeObjective(objective);
  EXPECT_THAT(
      Subjects(List("filter { organization: '$O' types: 'okr.goals.v1.KeyResultCreated' }")),
      ElementsAre(company_.KeyResultOf("a"), company_.KeyResultOf("ab")));
  EXPECT_THAT(Subjects(List("filter { organization: '$O' types: 'okr.goals.v1.ObjectiveActivated'"
                            " types: 'okr.goals.v1.KeyResultCreated'"
                            " subject_prefix: '$O/objectives/a' }")),
              ElementsAre(company_.KeyResultOf("a"), company_.Name("objectives/a")));
  EXPECT_THAT(Subjects(List("filter { organization: '$O' types: 'okr.Unheard' }")), IsEmpty());
}

TEST_F(EventLog, RefusesAllWrongFieldsAtOnce) {
  EXPECT_THAT(WrongFields(List("filter { organization: 'wrong' shard: -1 subject_prefix: 'o/' }")),
              ElementsAre("filter.organization", "filter.shard", "filter.subject_prefix"));
  EXPECT_THAT(WrongFields(List("filter { organization: '$O' } page_size: -1")),
              ElementsAre("page_size"));
  auto request = company_.Parse<v1::ListEventsRequest>("filter { organization: '$O' }");
  for (int i = 0; i < 101; ++i) request.mutable_filter()->add_types("okr.T");
  EXPECT_THAT(WrongFields(List(company_.as("zoe"), "goals", request)), ElementsAre("filter.types"));
  EXPECT_THAT(WrongFields(Subscribe("filter { organization: 'wrong' }")->End()),
              ElementsAre("filter.organization"));
}

TEST_F(EventLog, RefusesPositionsThatItDoesNotHave) {
  const auto head = Head(company_.as("zoe"), "goals", "filter { organization: '$O' }");
  ASSERT_OK(head);
  v1::Position beyond = *head;
  beyond.set_position(head->position() + 1'000'000);
  v1::Position unheard = *head;
  unheard.set_epoch(head->epoch() + 7);
  for (const v1::Position& position : {beyond, unheard}) {
    auto list = company_.Parse<v1::ListEventsRequest>("filter { organization: '$O' }");
    *list.mutable_after() = position;
    EXPECT_THAT(List(company_.as("zoe"), "goals", list), IsRefused("POSITION_UNKNOWN"));
    auto subscribe = company_.Parse<v1::SubscribeRequest>("filter { organization: '$O' }");
    *subscribe.mutable_after() = position;
    EXPECT_THAT(Subscribe(company_.as("zoe"), "goals", subscribe)->End(),
                IsRefused("POSITION_UNKNOWN"));
  }
}

TEST_F(EventLog, IsNotForOtherOrganizations) {
  Company other;
  for (const char* service : kServices) {
    EXPECT_THAT(List(other.as("admin"), service,
                     company_.Parse<v1::ListEventsRequest>("filter { organization: '$O' }")),
                IsRefused("WRONG_ORGANIZATION"));
    EXPECT_THAT(Head(other.as("admin"), service, "filter { organization: '$O' }"),
                IsRefused("WRONG_ORGANIZATION"));
    EXPECT_THAT(Subscribe(other.as("admin"), service,
                          company_.Parse<v1::SubscribeRequest>("filter { organization: '$O' }"))
                    ->End(),
                IsRefused("WRONG_ORGANIZATION"));
  }
  Caller nobody(company_.suite(), "");
  EXPECT_THAT(
      List(nobody, "goals", company_.Parse<v1::ListEventsRequest>("filter { organization: '$O' }")),
      IsRefused("TOKEN_MISSING"));
}

TEST_F(EventLog, IsForServicesAWholeShard) {
  company_.MakeObjective("o");
  const auto head = Head(company_.as("zoe"), "goals", "filter { organization: '$O' }");
  ASSERT_OK(head);
  const std::string shard = absl::StrCat("filter { shard: ", head->shard(), " }");
  auto request = company_.Parse<v1::ListEventsRequest>(shard + " page_size: 1000");
  int64_t last = 0;
  bool ours = false;
  while (last < head->position()) {
    const auto page = List(service_, "goals", request);
    ASSERT_OK(page);
    for (const v1::Event& event : page->events()) {
      ASSERT_EQ(event.position().position(), last + 1);  // No gap.
      last = event.position().position();
      ours = ours || event.organization() == company_.name();
    }
    *request.mutable_after() = page->last();
  }
  EXPECT_TRUE(ours);
  EXPECT_OK(Head(service_, "goals", shard));
  for (const char* person : {"zoe", "admin"}) {
    EXPECT_THAT(WrongFields(List(shard, "goals", person)), ElementsAre("filter.organization"));
    EXPECT_THAT(WrongFields(Head(company_.as(person), "goals", shard)),
                ElementsAre("filter.organization"));
  }
  // A service of one organization is none of the installation.
  Caller own(company_.suite(),
             {.organization = company_.id(), .subject = "bot", .role = auth::Role::kService});
  EXPECT_FALSE(List(own, "goals", request).ok());
}

TEST_F(EventLog, ShowsPrivateEventsToServicesOnly) {
  company_.MakeObjective("secret", "owner: '$O/people/zoe' visibility: VISIBILITY_PRIVATE");
  company_.MakeObjective("hers", "owner: '$O/people/zoe' commitment: COMMITMENT_COMMITTED");
  for (const char* objective : {"secret", "hers"}) {
    ASSERT_OK(company_.CheckInWith("zoe", objective,
                                   "value: 100 blockers { text: 'b' help_from: '$O/people/ben' }"));
    ASSERT_OK(company_.KeyResultScore("zoe", objective));
  }
  Eventually([&] { return company_.Inbox("ben"); },
             [](const auto& inbox) { return inbox.notifications_size() > 0; });
  constexpr char kAll[] = "filter { organization: '$O' } page_size: 1000";
  for (const char* service : kServices) {
    for (const char* person : {"zoe", "ben", "admin"}) {
      const auto page = List(kAll, service, person);
      ASSERT_OK(page);
      EXPECT_THAT(page->DebugString(), Not(HasSubstr("secret"))) << service;
      for (const v1::Event& event : page->events()) EXPECT_FALSE(event.private_());
    }
    const auto everything = List(service_, service, company_.Parse<v1::ListEventsRequest>(kAll));
    ASSERT_OK(everything);
    const bool has_private = std::any_of(everything->events().begin(), everything->events().end(),
                                         [](const v1::Event& event) { return event.private_(); });
    EXPECT_TRUE(has_private) << service;
  }
  // What a person scored is their own affair as well.
  const auto scores = List(kAll, "scoring", "ben");
  ASSERT_OK(scores);
  for (const v1::Event& event : scores->events()) {
    EXPECT_THAT(event.subject(), Not(HasSubstr("/hers")));
  }
}

TEST_F(EventLog, IsSubscribedHistoryFirstAndThenLive) {
  company_.MakeObjective("o", "", {{"a"}, {"b"}});
  const auto stream = Subscribe(
      "filter { organization: '$O' types: 'okr.goals.v1.KeyResultCreated' } from_beginning: true");
  const auto first = stream->Next();
  ASSERT_TRUE(first);
  EXPECT_FALSE(first->has_event());  // A heart-beat begins it.
  EXPECT_EQ(NextSubject(*stream), company_.KeyResultOf("o", "a"));
  EXPECT_EQ(NextSubject(*stream), company_.KeyResultOf("o", "b"));
  ASSERT_OK(company_.CreateKeyResult("o", "c"));
  EXPECT_EQ(NextSubject(*stream), company_.KeyResultOf("o", "c"));
  ASSERT_OK(company_.CreateKeyResult("o", "d"));
  EXPECT_EQ(NextSubject(*stream), company_.KeyResultOf("o", "d"));
}

TEST_F(EventLog, IsSubscribedFromNowOnUnlessSaidOtherwise) {
  company_.MakeObjective("o");
  const auto stream =
      Subscribe("filter { organization: '$O' types: 'okr.goals.v1.KeyResultCreated' }");
  ASSERT_TRUE(stream->Next());
  ASSERT_OK(company_.CreateKeyResult("o", "later"));
  EXPECT_EQ(NextSubject(*stream), company_.KeyResultOf("o", "later"));
}

TEST_F(EventLog, ASubscriptionGoesOnFromItsPosition) {
  company_.MakeObjective("o", "", {{"a"}});
  auto request = company_.Parse<v1::SubscribeRequest>(
      "filter { organization: '$O' types: 'okr.goals.v1.KeyResultCreated' } from_beginning: true");
  auto stream = Subscribe(company_.as("zoe"), "goals", request);
  const auto seen = stream->Next([](const auto& response) { return response.has_event(); });
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->position().position(), seen->event().position().position());
  stream->Cancel();
  ASSERT_OK(company_.CreateKeyResult("o", "missed"));
  *request.mutable_after() = seen->position();
  stream = Subscribe(company_.as("zoe"), "goals", request);
  EXPECT_EQ(NextSubject(*stream), company_.KeyResultOf("o", "missed"));
  ASSERT_OK(company_.CreateKeyResult("o", "next"));
  EXPECT_EQ(NextSubject(*stream), company_.KeyResultOf("o", "next"));
}

TEST_F(EventLog, RefusedAndValidatedWritesLeaveNoEvent) {
  company_.MakeObjective("o");
  const auto before = Head(company_.as("zoe"), "checkins", "filter { organization: '$O' }");
  ASSERT_OK(before);
  EXPECT_FALSE(company_.CheckInWith("ben", "o", "value: nan").ok());
  EXPECT_FALSE(company_.CheckIn("zoe", "o", 1).ok());
  ASSERT_OK(company_.Call<checkins::v1::CreateCheckInRequest>(
      "ben", "parent: '$O/objectives/o/keyResults/kr' check_in { value: 1 } validate_only: true"));
  auto request = company_.Parse<v1::ListEventsRequest>(
      "filter { organization: '$O' types: 'okr.checkins.v1.CheckInCreated' }");
  *request.mutable_after() = *before;
  EXPECT_THAT(Subjects(List(company_.as("zoe"), "checkins", request)), IsEmpty());
}

}  // namespace
}  // namespace okr::testing
