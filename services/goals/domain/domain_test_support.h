// Values that are right, for tests to make wrong in one place.
#pragma once

#include <functional>
#include <string>

#include "common/resources/resources.h"
#include "common/testing/status_matchers.h"

namespace okr::goals {

inline const absl::Time kNow = absl::FromUnixSeconds(1'767'225'600);
inline const absl::Time kLater = kNow + absl::Hours(1);

inline OrganizationName Acme() { return OrganizationName("acme"); }

inline Cycle RightCycle(CycleState state = CycleState::kActive) {
  return {.name = CycleName(Acme(), "q1"),
          .display_name = "2026 Q1",
          .start_date = absl::CivilDay(2026, 1, 1),
          .end_date = absl::CivilDay(2026, 3, 31),
          .state = state,
          .times = {.create_time = kNow, .update_time = kNow}};
}

inline Objective RightObjective(const std::string& id = "o1") {
  return {.name = ObjectiveName(Acme(), id),
          .title = "Customers love the start page",
          .owner = Owner(PersonName(Acme(), "ann")),
          .cycle = CycleName(Acme(), "q1"),
          .times = {.create_time = kNow, .update_time = kNow}};
}

inline KeyResult RightKeyResult() {
  return {.name = KeyResultName(RightObjective().name, "k1"),
          .title = "Load time falls from 900 to 300 ms",
          .kind = Metric{.baseline = 900, .target = 300, .unit = "ms"},
          .cycle = CycleName(Acme(), "q1"),
          .times = {.create_time = kNow, .update_time = kNow}};
}

// One way to make a value wrong, and the field that must be named then; none if it stays right.
template <typename T>
struct FieldCase {
  std::string what;
  std::function<void(T&)> change;
  std::string field;
};

template <typename T>
std::string CaseName(const ::testing::TestParamInfo<FieldCase<T>>& info) {
  return info.param.what;
}

inline void ExpectField(const Violations& violations, const std::string& field) {
  if (field.empty()) {
    EXPECT_THAT(violations.ToStatus(), testing::IsOk());
  } else {
    EXPECT_THAT(violations.ToStatus(), testing::NamesField(field));
  }
}

}  // namespace okr::goals
