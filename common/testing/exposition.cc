#include "common/testing/exposition.h"

#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace okr::testing {
namespace {

struct Series {
  absl::string_view name;
  absl::string_view labels;  // What stands in braces.
  double value = 0;
};

std::optional<Series> ReadLine(absl::string_view line) {
  if (line.empty() || line[0] == '#') return std::nullopt;
  const size_t space = line.rfind(' ');
  Series series;
  if (space == absl::string_view::npos ||
      !absl::SimpleAtod(line.substr(space + 1), &series.value)) {
    return std::nullopt;
  }
  const absl::string_view head = line.substr(0, space);
  const size_t brace = head.find('{');
  series.name = head.substr(0, brace);
  if (brace != absl::string_view::npos) {
    series.labels = head.substr(brace + 1, head.size() - brace - 2);
  }
  return series;
}

// Ours hold no commas in their values.
void AddLabels(absl::string_view labels, std::set<std::string>& names) {
  for (const absl::string_view label : absl::StrSplit(labels, ',', absl::SkipEmpty())) {
    const std::string name(label.substr(0, label.find('=')));
    if (name != "le") names.insert(name);
  }
}

std::string FamilyOf(absl::string_view name, const std::map<std::string, std::string>& types) {
  for (const char* suffix : {"_bucket", "_sum", "_count"}) {
    const std::string family(absl::StripSuffix(name, suffix));
    const auto type = types.find(family);
    if (type != types.end() && type->second == "histogram") return family;
  }
  return std::string(name);
}

}  // namespace

std::optional<double> ValueOf(absl::string_view text, absl::string_view series) {
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    double value = 0;
    if (absl::ConsumePrefix(&line, series) && absl::ConsumePrefix(&line, " ") &&
        absl::SimpleAtod(line, &value)) {
      return value;
    }
  }
  return std::nullopt;
}

double SumOf(absl::string_view text, absl::string_view name, absl::string_view part) {
  double sum = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::optional<Series> series = ReadLine(line);
    if (series && series->name == name && absl::StrContains(series->labels, part)) {
      sum += series->value;
    }
  }
  return sum;
}

std::map<std::string, ExposedMetric> MetricsIn(absl::string_view text) {
  std::map<std::string, std::string> types;
  std::map<std::string, ExposedMetric> metrics;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    if (words.size() == 4 && words[1] == "TYPE") types[words[2]] = words[3];
    const std::optional<Series> series = ReadLine(line);
    if (!series) continue;
    const std::string family = FamilyOf(series->name, types);
    metrics[family].type = types[family];
    AddLabels(series->labels, metrics[family].labels);
  }
  return metrics;
}

}  // namespace okr::testing
