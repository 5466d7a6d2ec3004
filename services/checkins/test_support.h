// A company, as goals tells of it, in a database of checkins.
//
// It is June 2100 in UTC: so far ahead that no deadline made of this clock has passed. Fridays, at
// whose end check-ins are due, are the 4th, 11th, 18th and 25th.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/clock/clock.h"
#include "common/ids/uuid.h"
#include "common/migrate/migrated_database.h"
#include "common/paging/page_token.h"
#include "common/postgres/pool.h"
#include "common/resources/resources.h"
#include "common/rpc/call.h"
#include "common/store/reads.h"
#include "common/store/writer.h"
#include "common/testing/status_matchers.h"
#include "google/protobuf/message.h"
#include "okr/checkins/v1/checkins_service.pb.h"
#include "okr/events/v1/event.pb.h"
#include "services/checkins/consumers/goals_handler.h"
#include "services/checkins/store/lists.h"
#include "services/checkins/transport/methods.h"
#include "services/checkins/transport/submission.h"

namespace okr::checkins {

// A moment of June 2100.
absl::Time At(int day, int hour = 0);

// Ann, Bob and Cleo; Bob and Cleo are in the team sales. The cycle june is ACTIVE. The objective
// grow is Ann's, with the key result revenue (a metric) of her own, and launch (milestones a and b)
// of sales.
class CheckinsTest : public ::testing::Test {
 protected:
  CheckinsTest();

  // Lets the handler of goals' events take one, as the next of its subject.
  absl::Status Apply(const okr::events::v1::Event& event);
  okr::events::v1::Event EventOf(const std::string& type, const std::string& subject,
                                 const google::protobuf::Message& payload);
  void Publish(const Organization& organization);
  void Publish(const Person& person);
  void Publish(const Team& team);
  void Publish(const Cycle& cycle, const std::string& type = "CycleUpdated");
  void Publish(const Objective& objective);
  void Publish(const KeyResult& key_result);

  static rpc::Call CallOf(const std::string& subject, auth::Role role = auth::Role::kMember);
  // A request for a value, which is 1 unless `check_in` says something.
  static v1::CreateCheckInRequest Request(const std::string& key_result = "revenue",
                                          v1::CheckIn check_in = {});
  // Submits them together and waits.
  std::vector<SubmittedCheckIn> SubmitAll(const std::string& subject,
                                          const std::vector<v1::CreateCheckInRequest>& requests,
                                          service::CatchUp catch_up = nullptr) {
    return SubmitTo(*writer_, subject, requests, std::move(catch_up));
  }
  std::vector<SubmittedCheckIn> SubmitTo(store::Writer& writer, const std::string& subject,
                                         const std::vector<v1::CreateCheckInRequest>& requests,
                                         service::CatchUp catch_up = nullptr);
  absl::StatusOr<v1::CheckIn> Submit(const std::string& subject,
                                     const v1::CreateCheckInRequest& request,
                                     service::CatchUp catch_up = nullptr);

  std::unique_ptr<store::Writer> MakeWriter();
  // Whatever row-level security would hide; one column.
  std::vector<std::string> Query(const std::string& sql) const;
  // "type subject" of the log, in its order, without the organization.
  std::vector<std::string> Events() const;

  TransportDeps deps();

  FakeClock clock_{At(2, 9)};
  UuidGenerator ids_{clock_};
  testing::MigratedDatabase database_;
  std::unique_ptr<postgres::Connection> consumer_;
  GoalsHandler handler_{{.clock = clock_, .ids = ids_}};
  std::unique_ptr<postgres::ConnectionPool> pool_;
  std::unique_ptr<Lists> lists_;
  std::unique_ptr<store::Reads> reads_;
  std::unique_ptr<store::Writer> writer_;
  const paging::PageTokenCodec page_tokens_ =
      paging::PageTokenCodec::Create(std::string(32, 'k')).value();
  std::map<std::string, int64_t> versions_;

  Organization acme_;
  Person ann_;
  Person bob_;
  Person cleo_;
  Team sales_;
  Cycle june_;
  Objective grow_;
  KeyResult revenue_;
  KeyResult launch_;
};

}  // namespace okr::checkins
