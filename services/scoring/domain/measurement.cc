#include "services/scoring/domain/measurement.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace okr::scoring {
namespace {

using ByName = std::map<std::string, const Measurement*>;

// The check-in that a chain of corrections began with.
const Measurement* RootOf(const Measurement* measurement, const ByName& by_name) {
  // No chain is longer than the set, so a ring of corrections ends too.
  for (size_t steps = 0; steps < by_name.size(); ++steps) {
    const auto corrected = by_name.find(measurement->corrects);
    if (measurement->corrects.empty() || corrected == by_name.end()) break;
    measurement = corrected->second;
  }
  return measurement;
}

bool SaidBefore(const Measurement& a, const Measurement& b) {
  return std::tie(a.create_time, a.check_in) < std::tie(b.create_time, b.check_in);
}

bool CountsBefore(const Measurement& a, const Measurement& b) {
  return std::tie(a.effective_time, a.create_time, a.check_in) <
         std::tie(b.effective_time, b.create_time, b.check_in);
}

}  // namespace

std::vector<Measurement> CountedMeasurements(const std::vector<Measurement>& measurements,
                                             absl::Time due) {
  ByName by_name;
  for (const Measurement& measurement : measurements) by_name[measurement.check_in] = &measurement;
  std::map<const Measurement*, const Measurement*> latest;  // By the root of the chain.
  for (const auto& [name, measurement] : by_name) {
    const Measurement*& standing = latest[RootOf(measurement, by_name)];
    if (standing == nullptr || SaidBefore(*standing, *measurement)) standing = measurement;
  }
  std::vector<Measurement> counted;
  for (const auto& [root, standing] : latest) {
    if (root->effective_time >= due) continue;
    counted.push_back(*standing);
    counted.back().effective_time = root->effective_time;
  }
  std::sort(counted.begin(), counted.end(), CountsBefore);
  return counted;
}

}  // namespace okr::scoring
