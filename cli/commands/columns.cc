#include "cli/commands/columns.h"

#include <string>
#include <utility>

#include "cli/render/fields.h"
#include "cli/render/status.h"
#include "cli/text/numbers.h"
#include "google/protobuf/descriptor.h"
#include "okr/checkins/v1/resources.pb.h"
#include "okr/goals/v1/resources.pb.h"

namespace okr::cli {
namespace {

using google::protobuf::Message;

struct Column {
  std::string heading;
  std::string path;
};

std::vector<Column> ColumnsOf(Kind kind) {
  switch (kind) {
    case Kind::kPerson:
      return {
          {"person", "name"}, {"name", "display_name"}, {"e-mail", "email"}, {"state", "state"}};
    case Kind::kTeam:
      return {{"team", "name"},
              {"name", "display_name"},
              {"part of", "parent"},
              {"members", "members"}};
    case Kind::kCycle:
      return {{"cycle", "name"},     {"name", "display_name"}, {"from", "start_date"},
              {"until", "end_date"}, {"state", "state"},       {"policy", "scoring_policy"}};
    case Kind::kObjective:
      return {{"objective", "name"},
              {"title", "title"},
              {"owner", "owner"},
              {"cycle", "cycle"},
              {"state", "state"},
              {"progress", "score_summary.progress"},
              {"status", "score_summary.status"},
              {"score", "score_summary.score"}};
    case Kind::kKeyResult:
      return {{"key result", "name"},
              {"title", "title"},
              {"measured by", "kind"},
              {"progress", "score_summary.progress"},
              {"status", "score_summary.status"},
              {"score", "score_summary.score"}};
    case Kind::kCheckIn:
      return {{"check-in", "name"}, {"when", "effective_time"},  {"by", "author"},
              {"value", "value"},   {"done", "milestones_done"}, {"confidence", "confidence"},
              {"note", "note"},     {"blockers", "blockers"}};
    default:
      return {{"organization", "name"}, {"name", "display_name"}};
  }
}

std::string Unit(const std::string& unit) { return unit.empty() ? "" : " " + unit; }

std::string End(bool there, double value) { return there ? Shortest(value) : "…"; }

std::string MetricText(const goals::v1::Metric& metric) {
  const std::string from = metric.has_baseline() ? Shortest(metric.baseline()) : "(to be measured)";
  const std::string to = metric.has_target() ? Shortest(metric.target())
                         : metric.has_target_change_percent()
                             ? Shortest(metric.target_change_percent()) + " % of change"
                             : "(open)";
  return from + " → " + to + Unit(metric.unit());
}

// What a key result is measured by, in a few words.
std::string MeasureText(const goals::v1::KeyResult& key_result) {
  if (key_result.has_metric()) return MetricText(key_result.metric());
  if (key_result.has_maintain()) {
    const auto& range = key_result.maintain();
    return "keep in [" + End(range.has_lower(), range.lower()) + ", " +
           End(range.has_upper(), range.upper()) + "]" + Unit(range.unit());
  }
  return std::to_string(key_result.milestones().milestones_size()) + " milestones";
}

Cell CellOf(const Message& item, const Column& column) {
  if (column.path == "members") {
    const auto* field = item.GetDescriptor()->FindFieldByName("members");
    return std::to_string(item.GetReflection()->FieldSize(item, field));
  }
  if (column.path == "kind") return MeasureText(dynamic_cast<const goals::v1::KeyResult&>(item));
  std::string text = FieldText(item, column.path);
  if (column.path != "score_summary.status") return text;
  const auto* field = item.GetDescriptor()->FindFieldByName("score_summary");
  const auto& summary =
      dynamic_cast<const goals::v1::ScoreSummary&>(item.GetReflection()->GetMessage(item, field));
  return StatusCell(summary.status());
}

}  // namespace

Table ListTable(Kind kind, const std::vector<std::unique_ptr<Message>>& items) {
  const std::vector<Column> columns = ColumnsOf(kind);
  std::vector<std::string> headings;
  for (const Column& column : columns) headings.push_back(column.heading);
  Table table(headings);
  for (const auto& item : items) {
    std::vector<Cell> row;
    for (const Column& column : columns) row.push_back(CellOf(*item, column));
    table.Add(std::move(row));
  }
  return table;
}

}  // namespace okr::cli
