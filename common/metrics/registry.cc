#include "common/metrics/registry.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>

namespace okr::metrics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
// Adds its series.
using Collect = std::function<void(std::vector<ClientMetric>& series)>;

ClientMetric Labelled(const Labels& labels) {
  ClientMetric series;
  for (const auto& [name, value] : labels) series.label.push_back({name, value});
  return series;
}

ClientMetric SeriesOf(const Labels& labels, const Histogram& histogram) {
  ClientMetric series = Labelled(labels);
  const Histogram::Snapshot snapshot = histogram.Take();
  series.histogram.sample_count = snapshot.counts.back();
  series.histogram.sample_sum = snapshot.sum;
  for (size_t i = 0; i < histogram.bounds().size(); ++i) {
    series.histogram.bucket.push_back({snapshot.counts[i], histogram.bounds()[i]});
  }
  return series;
}

ClientMetric SeriesOf(const Labels& labels, const Gauge& gauge) {
  ClientMetric series = Labelled(labels);
  series.gauge.value = static_cast<double>(gauge.value());
  return series;
}

ClientMetric SeriesOf(const Labels& labels, const Counter& counter) {
  ClientMetric series = Labelled(labels);
  series.counter.value = static_cast<double>(counter.value());
  return series;
}

template <typename Value>
Collect CollectOne(const Labels& labels, const Value& value) {
  return [labels, &value](std::vector<ClientMetric>& series) {
    series.push_back(SeriesOf(labels, value));
  };
}

}  // namespace

struct Registry::Impl {
  struct Family {
    std::string help;
    MetricType type = MetricType::Untyped;
    std::vector<Collect> parts;
  };

  void Add(const Metric& metric, MetricType type, Collect collect) {
    const std::lock_guard lock(mutex);
    Family& family = families[metric.name];
    family.help = metric.help;
    family.type = type;
    family.parts.push_back(std::move(collect));
  }

  mutable std::mutex mutex;
  std::map<std::string, Family> families ABSL_GUARDED_BY(mutex);
};

Registry::Registry() : impl_(std::make_unique<Impl>()) {}
Registry::~Registry() = default;

void Registry::Show(const Metric& metric, const Labels& labels, const Counter& counter) {
  impl_->Add(metric, MetricType::Counter, CollectOne(labels, counter));
}

void Registry::Show(const Metric& metric, const Labels& labels, const Gauge& gauge) {
  impl_->Add(metric, MetricType::Gauge, CollectOne(labels, gauge));
}

void Registry::Show(const Metric& metric, const Labels& labels, const Histogram& histogram) {
  impl_->Add(metric, MetricType::Histogram, CollectOne(labels, histogram));
}

void Registry::Show(const Metric& metric, const std::string& label,
                    const HistogramMap& histograms) {
  impl_->Add(metric, MetricType::Histogram,
             [label, &histograms](std::vector<ClientMetric>& series) {
               histograms.ForEach([&](const std::string& value, const Histogram& histogram) {
                 series.push_back(SeriesOf({{label, value}}, histogram));
               });
             });
}

void Registry::ShowCounters(const Metric& metric, std::function<Samples()> read) {
  impl_->Add(metric, MetricType::Counter,
             [read = std::move(read)](std::vector<ClientMetric>& series) {
               for (const Sample& sample : read()) {
                 series.push_back(Labelled(sample.labels));
                 series.back().counter.value = sample.value;
               }
             });
}

void Registry::ShowGauges(const Metric& metric, std::function<Samples()> read) {
  impl_->Add(metric, MetricType::Gauge,
             [read = std::move(read)](std::vector<ClientMetric>& series) {
               for (const Sample& sample : read()) {
                 series.push_back(Labelled(sample.labels));
                 series.back().gauge.value = sample.value;
               }
             });
}

std::string Registry::Text() const {
  std::vector<MetricFamily> families;
  {
    const std::lock_guard lock(impl_->mutex);
    for (const auto& [name, family] : impl_->families) {
      MetricFamily& out = families.emplace_back(
          MetricFamily{.name = name, .help = family.help, .type = family.type});
      for (const Collect& collect : family.parts) collect(out.metric);
    }
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace okr::metrics
