// What a process shows to Prometheus.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/metrics/values.h"

namespace okr::metrics {

// A metric's name, and what it tells in one sentence.
struct Metric {
  const char* name;
  const char* help;
};

using Labels = std::vector<std::pair<std::string, std::string>>;

// One series, read when Prometheus asks.
struct Sample {
  Labels labels;
  double value = 0;
};
using Samples = std::vector<Sample>;

// Thread-safe. What is shown stays where its owner has it, and is read only by Text: it must live
// as long as Text is called. Each metric has one type; its series differ in the values of their
// labels, of which there must be few: never an organization, a person or what a client chose.
class Registry {
 public:
  Registry();
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  void Show(const Metric& metric, const Labels& labels, const Counter& counter);
  void Show(const Metric& metric, const Labels& labels, const Gauge& gauge);
  void Show(const Metric& metric, const Labels& labels, const Histogram& histogram);
  // A series for each histogram, with this label.
  void Show(const Metric& metric, const std::string& label, const HistogramMap& histograms);
  // What is state already, or counted elsewhere. `read` must not wait for anything.
  void ShowCounters(const Metric& metric, std::function<Samples()> read);
  void ShowGauges(const Metric& metric, std::function<Samples()> read);

  // All of it, in Prometheus' text format 0.0.4.
  std::string Text() const;

 private:
  struct Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace okr::metrics
