// A small company, its events, and the inboxes that they fill, on a database of its own. For tests
// only.
//
// In acme (Berlin): ann owns the objective "Grow" with the key results "Hire 6" and, of the team
// sales, "Win 3"; ann's private objective "Learn" with "Read" is shared with bob. bob leads sales,
// cem is a member of it, eve leads it too but is deactivated. sales owns "Sell" without key
// results. All lies in the cycle q4.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "common/clock/clock.h"
#include "common/events/applier.h"
#include "common/ids/uuid.h"
#include "common/migrate/migrated_database.h"
#include "common/postgres/connection.h"
#include "common/postgres/pool.h"
#include "common/resources/resources.h"
#include "common/store/reads.h"
#include "okr/checkins/v1/resources.pb.h"
#include "okr/events/v1/event.pb.h"
#include "okr/events/v1/payloads.pb.h"
#include "services/notifications/consumers/goals_handler.h"
#include "services/notifications/consumers/news_handler.h"
#include "services/notifications/store/inbox.h"

namespace okr::notifications {

// One of a followed log.
using okr::events::v1::Event;

PersonName PersonOf(absl::string_view id);
ObjectiveName ObjectiveOf(absl::string_view id);
KeyResultName KeyResultOf(absl::string_view objective, absl::string_view id);
TeamName Sales();
CycleName Q4();

// An event as its service would write it; the source and position are given when it is applied.
Event MakeEvent(absl::string_view type, absl::string_view subject,
                const google::protobuf::Message& payload, absl::string_view actor = "");
Event Of(const Organization& organization);
Event Of(const Person& person);
Event Of(const Team& team);
Event Of(const Cycle& cycle, absl::string_view what = "CycleUpdated");
Event Of(const Objective& objective, absl::string_view what = "ObjectiveUpdated",
         absl::string_view parent = "", absl::string_view actor = "");
Event Of(const KeyResult& key_result, absl::string_view what = "KeyResultUpdated");
Event DueEvent(absl::string_view what, const KeyResultName& key_result);
// A check-in of `author` with a blocker for each element, whose help is asked for ("" for nobody).
Event BlockedEvent(const KeyResultName& key_result, absl::string_view author,
                   const std::vector<std::string>& help_from);
Event StatusEvent(const KeyResultName& key_result, okr::scoring::v1::Status before,
                  okr::scoring::v1::Status after, absl::string_view actor = "");
Event StatusEvent(const ObjectiveName& objective, okr::scoring::v1::Status before,
                  okr::scoring::v1::Status after, absl::string_view actor = "");

// The company; values may be changed and told again by Of.
Objective Grow();
Objective Sell();
Objective Learn();
Person PersonNamed(absl::string_view id);

class CompanyFixture : public ::testing::Test {
 protected:
  // The company is known.
  CompanyFixture();

  // Applies the events as a consumer does, in one transaction, behind those before.
  void Goals(std::vector<Event> events);
  void CheckIns(std::vector<Event> events);
  void Scoring(std::vector<Event> events);
  // Forgets how far a log was read and applies all its events again.
  void Replay(const std::string& source);

  // "title" of what is in the inbox, latest first.
  std::vector<std::string> Titles(absl::string_view person);
  // Whole.
  std::vector<v1::Notification> InboxOf(absl::string_view person);
  int64_t UnreadOf(absl::string_view person);
  // Events of this service's own log: "type actor private".
  std::vector<std::string> Log();
  // As a superuser; the first column.
  std::vector<std::string> Query(const std::string& sql);

  struct Followed {
    std::unique_ptr<okr::events::Applier> applier;
    std::vector<Event> history;
  };

  testing::MigratedDatabase database_;
  FakeClock clock_{absl::FromUnixSeconds(1'800'000'000)};
  UuidGenerator ids_;
  std::unique_ptr<postgres::Connection> connection_;
  std::unique_ptr<postgres::ConnectionPool> pool_;
  std::unique_ptr<store::Reads> reads_;
  // What goals tells when the other handlers catch up with it.
  std::vector<Event> not_arrived_yet_;
  int catch_ups_ = 0;
  absl::Status catch_up_status_;
  std::vector<int64_t> committed_;
  // Of the last Goals, CheckIns or Scoring.
  okr::events::Applier::Outcome outcome_;

 private:
  void Apply(const std::string& source, std::vector<Event> events);
  void Follow(const std::string& source, okr::events::Handler& handler);
  TellerDeps Deps();

  std::unique_ptr<GoalsHandler> goals_;
  std::unique_ptr<NewsHandler> check_ins_;
  std::unique_ptr<NewsHandler> scoring_;
  std::map<std::string, Followed> followed_;
};

}  // namespace okr::notifications
