#include "tests/bench/load/report.h"

#include "nlohmann/json.hpp"

namespace okr::bench {

std::string ToJson(absl::string_view name, Measurement& measurement) {
  const std::chrono::duration<double> seconds = measurement.window.end - measurement.window.begin;
  nlohmann::ordered_json json;
  json["name"] = std::string(name);
  json["calls"] = measurement.latencies.size();
  json["failures"] = measurement.failures;
  json["seconds"] = seconds.count();
  json["rate"] = measurement.rate;
  json["p50_us"] = measurement.latencies.Quantile(0.5);
  json["p90_us"] = measurement.latencies.Quantile(0.9);
  json["p99_us"] = measurement.latencies.Quantile(0.99);
  json["p999_us"] = measurement.latencies.Quantile(0.999);
  json["max_us"] = measurement.latencies.Quantile(1);
  json["error"] = measurement.first_error;
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace okr::bench
