// Progress, status and score as people see them.
#pragma once

#include <optional>
#include <string>

#include "cli/render/table.h"
#include "okr/goals/v1/resources.pb.h"
#include "okr/scoring/v1/enums.pb.h"

namespace okr::cli {

// "on track"; "-" for UNSPECIFIED.
std::string StatusWord(scoring::v1::Status status);
Colour StatusColour(scoring::v1::Status status);
Cell StatusCell(scoring::v1::Status status);

// "delivered", "provisional", "sweet spot" and so on: an enum's value in small letters.
std::string Word(const google::protobuf::EnumDescriptor& type, int value);

// "██████░░░░" of ten.
std::string ProgressBar(double progress);

// Two decimals, or "-".
std::string ScoreText(const std::optional<double>& score);
std::string PercentText(const std::optional<double>& share);

// The value of an optional field of a message.
template <typename Message>
std::optional<double> ProgressOf(const Message& m) {
  return m.has_progress() ? std::optional<double>(m.progress()) : std::nullopt;
}
template <typename Message>
std::optional<double> ScoreOf(const Message& m) {
  return m.has_score() ? std::optional<double>(m.score()) : std::nullopt;
}

}  // namespace okr::cli
