// An organization as scoring sees it, in a database of its own: for tests.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/clock/clock.h"
#include "common/ids/uuid.h"
#include "common/migrate/migrated_database.h"
#include "common/postgres/connection.h"
#include "common/postgres/pool.h"
#include "common/rpc/call.h"
#include "common/store/reads.h"
#include "okr/events/v1/event.pb.h"
#include "okr/events/v1/payloads.pb.h"
#include "okr/scoring/v1/scoring_service.pb.h"
#include "services/scoring/consumers/score_handler.h"
#include "services/scoring/consumers/sweeper.h"

namespace okr::scoring::testing {

using Events = std::vector<okr::events::v1::Event>;

inline constexpr char kOrganization[] = "acme";
// "organizations/acme/" and what follows.
std::string Full(const std::string& relative);
// "objectives/o/keyResults/k" of "o/k".
std::string KeyResultPath(const std::string& path);

// It begins with the organization, and the cycle "q1", which is ACTIVE: January to March 2026. The
// clock stands on the 15th of February, noon.
class World {
 public:
  World();

  // Each gives the event, with a version of its own, without applying it.
  okr::events::v1::Event Organization(
      const std::function<void(directory::v1::Organization&)>& change = {});
  okr::events::v1::Event Person(const std::string& id);
  okr::events::v1::Event Team(const std::string& id, const std::vector<std::string>& members,
                              const std::string& parent = "");
  okr::events::v1::Event Cycle(const std::string& id, directory::v1::CycleState state);
  // ACTIVE and owned by teams/crew unless `change` says otherwise; a second call changes it.
  okr::events::v1::Event Objective(const std::string& id,
                                   const std::function<void(goals::v1::Objective&)>& change = {});
  // METRIC from 0 to 100 unless `change` says otherwise. `path` is "objective/keyResult".
  okr::events::v1::Event KeyResult(const std::string& path,
                                   const std::function<void(goals::v1::KeyResult&)>& change = {});
  okr::events::v1::Event CheckIn(const std::string& path, double value,
                                 const std::function<void(checkins::v1::CheckIn&)>& change = {});
  okr::events::v1::Event Due(const std::string& path, absl::Time due_time);
  okr::events::v1::Event Sealed(const std::string& cycle);

  // Apply as the consumers do, each run in one transaction.
  void Goals(const Events& events) { Apply(*goals_, events); }
  void CheckIns(const Events& events) { Apply(*checkins_, events); }
  absl::Status TryCheckIns(const Events& events) { return Apply(*connection_, *checkins_, events); }
  // Until nothing is due; gives the number of pages.
  int RunSweeps();

  v1::KeyResultScore KeyResultScore(const std::string& path);
  v1::ObjectiveScore ObjectiveScore(const std::string& id);
  // "type subject" of what was appended to the log since the last call.
  std::vector<std::string> NewEvents();
  // The rows of a table as text, for comparisons.
  std::map<std::string, std::string> ScoreRows();

  // A call of a person, by the id, or of the subject "admin", an administrator who is no person.
  rpc::Call CallOf(const std::string& person);
  absl::StatusOr<v1::KeyResultScore> Grade(const std::string& person, const std::string& path,
                                           const std::function<void(v1::Grade&)>& change);

  // What another thread or replica needs to work on the same database.
  std::unique_ptr<postgres::Connection> Connect() const;
  const ScoreDeps& deps() const { return deps_; }
  static absl::Status Apply(postgres::Connection& connection, ScoreHandler& handler,
                            const Events& events);

  FakeClock& clock() { return clock_; }
  store::Reads& reads() { return reads_; }
  postgres::Connection& connection() { return *connection_; }
  Sweeper& sweeper() { return *sweeper_; }

 private:
  okr::events::v1::Event Event(const std::string& type, const std::string& subject,
                               const google::protobuf::Message& payload);
  void Apply(ScoreHandler& handler, const Events& events);

  FakeClock clock_;
  UuidGenerator ids_;
  okr::testing::MigratedDatabase database_;
  std::unique_ptr<postgres::Connection> connection_;
  postgres::ConnectionPool pool_;
  store::Reads reads_;
  ScoreDeps deps_;
  std::unique_ptr<ScoreHandler> goals_;
  std::unique_ptr<ScoreHandler> checkins_;
  std::unique_ptr<Sweeper> sweeper_;

  int64_t position_ = 0;
  int64_t log_read_ = 0;
  int check_ins_ = 0;
  std::map<std::string, int64_t> versions_;
  directory::v1::Organization organization_;
  std::map<std::string, goals::v1::Objective> objectives_;
  std::map<std::string, goals::v1::KeyResult> key_results_;
};

}  // namespace okr::scoring::testing
