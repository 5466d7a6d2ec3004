// An organization of a test's own, so that tests do not depend on each other.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "common/status/error.h"
#include "common/testing/status_matchers.h"
#include "tests/contract/client.h"
#include "tests/support/refusals.h"

namespace okr::contract {

using testing::IsRefused;
using testing::WrongFields;

// People, each with the token subject of the same name: `admin` (role ADMIN), `ann`, `ben`, `lea`
// (lead of the team crew), `mia` (member of it), `vic` (role VIEWER). Teams `crew` and `spare`. The
// ACTIVE cycle `now`, the whole of 2030. Throws if it cannot be made.
class Company {
 public:
  explicit Company(testing::Suite& suite = GoalsSuite());

  const std::string& id() const { return id_; }
  std::string name() const { return "organizations/" + id_; }
  std::string name(absl::string_view relative) const;

  // With a token of the subject in this organization; one client for each subject.
  Client& As(const std::string& subject);
  // A new one, for a thread of its own.
  std::unique_ptr<Client> NewClient(const std::string& subject) const;
  Client& admin() { return As("admin"); }
  Client& ann() { return As("ann"); }
  Client& ben() { return As("ben"); }
  Client& lea() { return As("lea"); }
  Client& mia() { return As("mia"); }
  Client& vic() { return As("vic"); }

  // Of ann, in the cycle `now`; `more` are further fields of the objective.
  goals::Objective MakeObjective(absl::string_view objective_id, absl::string_view more = "");
  // From 0 to 100; `objective` is an id.
  goals::KeyResult MakeKeyResult(absl::string_view objective, absl::string_view key_result_id,
                                 absl::string_view more = "");
  void Align(absl::string_view child, absl::string_view parent);
  void MakeCycle(absl::string_view cycle_id, absl::string_view more = "");
  // Moves on a cycle that is in the state before.
  void ActivateCycle(absl::string_view cycle_id);
  void OpenGrading(absl::string_view cycle_id);
  void CloseCycle(absl::string_view cycle_id);

  // Everything that an administrator can read of it, and how many events: the same before and after
  // what changes nothing.
  std::string Snapshot();

 private:
  void MakePerson(absl::string_view person_id);

  testing::Suite& suite_;
  const std::string id_;
  std::map<std::string, std::unique_ptr<Client>> clients_;
};

}  // namespace okr::contract
