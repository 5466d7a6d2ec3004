// What the benches run on: organizations, teams, people, objectives and key results, all named by
// number, so that nobody has to list them.
#pragma once

#include <string>

namespace okr::bench {

// Each team owns some of the objectives, each objective has ten key results. Immutable.
class Dataset {
 public:
  struct Options {
    std::string prefix = "bench";  // The id of the only organization, or "prefix-1" and so on.
    int organizations = 1;
    int key_results = 100'000;  // In each organization; a multiple of kKeyResultsOfObjective.
  };
  static constexpr int kKeyResultsOfObjective = 10;
  static constexpr int kPeopleOfTeam = 5;
  static constexpr int kObjectivesOfTeam = 500;
  static constexpr char kCycle[] = "now";
  // Of every check-in; as long as people write them.
  static constexpr char kNote[] =
      "Two of the three pilot customers went live this week; the third waits for the new export, "
      "which is in review. Numbers follow the dashboard of Friday noon.";

  explicit Dataset(Options options) : options_(std::move(options)) {}

  int organizations() const { return options_.organizations; }
  int key_results() const { return options_.key_results; }
  int objectives() const { return options_.key_results / kKeyResultsOfObjective; }
  int teams() const;
  int people() const { return teams() * kPeopleOfTeam; }

  // Numbers begin with 0. Ids are the last parts of names.
  std::string OrganizationId(int organization) const;
  std::string OrganizationName(int organization) const;
  static std::string PersonId(int person);
  static std::string TeamId(int team);
  static std::string ObjectiveId(int objective);
  static std::string KeyResultId(int key_result);
  std::string KeyResultName(int organization, int key_result) const;

  int TeamOf(int key_result) const;
  // One of the team's people; `seat` is any number.
  static int PersonOf(int team, int seat) { return team * kPeopleOfTeam + seat % kPeopleOfTeam; }

 private:
  const Options options_;
};

}  // namespace okr::bench
