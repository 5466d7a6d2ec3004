// A small organization over the public API, for tests that tell a story.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/testing/status_matchers.h"
#include "tests/support/caller.h"
#include "tests/support/rpcs.h"
#include "tests/support/suite.h"

namespace okr::testing {

// Reads a message from `text`, in which $O stands for `organization` ("organizations/{id}"); ends
// the program if it is wrong.
void ParseText(absl::string_view text, absl::string_view organization,
               google::protobuf::Message& message);

// A key result of a test: its id and its fields as text.
struct NewKeyResult {
  std::string id;
  std::string fields = "metric { baseline: 0 target: 100 }";
};

// An organization with an administrator "admin", a team "crew" of five ("ann" leads; "ben", "cat",
// "dan", "eve"), a person "zoe" outside it, a person "vic" whose token is a VIEWER's, and a cycle
// "now" of 91 days around today, ACTIVE unless said otherwise.
class Company {
 public:
  explicit Company(Suite& suite = Suite::Shared(), const std::string& id = "");

  Suite& suite() const { return suite_; }
  const std::string& id() const { return id_; }
  std::string name() const { return "organizations/" + id_; }
  std::string Name(absl::string_view relative) const { return absl::StrCat(name(), "/", relative); }
  // A caller as a person of this organization; one each, made when it is first asked for. They read
  // each other's writes.
  Caller& as(const std::string& person);
  Identity identity(const std::string& person) const;

  // company.Call<checkins::v1::GetCheckInRequest>("ben", "name: '$O/objectives/...'")
  template <typename Request>
  Request Parse(absl::string_view text) const {
    Request request;
    ParseText(text, name(), request);
    return request;
  }
  template <typename Request>
  auto Call(const std::string& person, absl::string_view text) {
    return Send(as(person), Parse<Request>(text));
  }

  absl::Status CreateOrganization();
  absl::Status CreatePerson(const std::string& person);
  // The first one leads.
  absl::Status CreateTeam(const std::string& team, const std::vector<std::string>& people,
                          const std::string& parent = "");
  // `fields` are those of the cycle that are not as in "now".
  absl::Status CreateCycle(const std::string& cycle, absl::string_view fields = "");
  absl::Status ActivateCycle(const std::string& cycle);
  absl::Status OpenCycleGrading(const std::string& cycle);
  absl::Status CloseCycle(const std::string& cycle);

  // An ACTIVE objective of the cycle "now" with a key result "kr" from 0 to 100.
  absl::Status CreateObjective(const std::string& objective, const std::string& owner,
                               goals::v1::RollUp roll_up = goals::v1::ROLL_UP_OWN_KEY_RESULTS);
  // An ACTIVE objective, of the team crew and the cycle "now" unless `fields` say otherwise.
  void MakeObjective(const std::string& objective, absl::string_view fields = "",
                     const std::vector<NewKeyResult>& key_results = {{"kr"}});
  // The same, not activated.
  void DraftObjective(const std::string& objective, absl::string_view fields = "",
                      const std::vector<NewKeyResult>& key_results = {{"kr"}});
  absl::Status CreateKeyResult(const std::string& objective, const std::string& key_result,
                               absl::string_view fields = "metric { baseline: 0 target: 100 }");
  absl::Status Align(const std::string& child, const std::string& parent, double weight);
  std::string KeyResultOf(const std::string& objective, const std::string& key_result = "kr") const;

  absl::StatusOr<checkins::v1::CheckIn> CheckIn(const std::string& person,
                                                const std::string& objective, double value,
                                                const std::string& request_id = "");
  // With `fields` of the check-in as text.
  absl::StatusOr<checkins::v1::CheckIn> CheckInWith(const std::string& person,
                                                    const std::string& objective,
                                                    absl::string_view fields,
                                                    const std::string& key_result = "kr");
  absl::StatusOr<scoring::v1::KeyResultScore> KeyResultScore(const std::string& person,
                                                             const std::string& objective,
                                                             const std::string& key_result = "kr");
  absl::StatusOr<scoring::v1::ObjectiveScore> ObjectiveScore(const std::string& person,
                                                             const std::string& objective);
  absl::StatusOr<notifications::v1::ListNotificationsResponse> Inbox(const std::string& person);

 private:
  Suite& suite_;
  std::string id_;
  const std::shared_ptr<SeenTokens> seen_ = std::make_shared<SeenTokens>();
  std::map<std::string, std::unique_ptr<Caller>> callers_;
};

// "effective_time { ... }" of so long ago, as text.
std::string Ago(absl::Duration duration);

// Asks again until `holds` is true of what `get` gives; fails the test with the last answer after
// the patience.
template <typename Get, typename Holds>
auto Eventually(Get get, Holds holds, absl::Duration patience = absl::Seconds(20)) {
  const absl::Time deadline = absl::Now() + patience;
  auto value = get();
  while (!(value.ok() && holds(*value)) && absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(10));
    value = get();
  }
  EXPECT_TRUE(value.ok() && holds(*value))
      << (value.ok() ? value->ShortDebugString() : value.status().ToString());
  using Value = std::decay_t<decltype(*value)>;
  return value.ok() ? *std::move(value) : Value();
}

}  // namespace okr::testing
