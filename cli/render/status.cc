#include "cli/render/status.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "cli/resources/message_reader.h"
#include "cli/text/numbers.h"

namespace okr::cli {

std::string Word(const google::protobuf::EnumDescriptor& type, int value) {
  const auto* descriptor = type.FindValueByNumber(value);
  const std::string name = descriptor == nullptr ? "" : ShortEnumName(*descriptor);
  if (name.empty()) return "-";
  return absl::StrReplaceAll(absl::AsciiStrToLower(name), {{"_", " "}});
}

std::string StatusWord(scoring::v1::Status status) {
  return Word(*scoring::v1::Status_descriptor(), status);
}

Colour StatusColour(scoring::v1::Status status) {
  switch (status) {
    case scoring::v1::STATUS_OFF_TRACK:
      return Colour::kRed;
    case scoring::v1::STATUS_AT_RISK:
    case scoring::v1::STATUS_STALE:
      return Colour::kYellow;
    case scoring::v1::STATUS_ON_TRACK:
    case scoring::v1::STATUS_DONE:
      return Colour::kGreen;
    default:
      return Colour::kGrey;
  }
}

Cell StatusCell(scoring::v1::Status status) { return {StatusWord(status), StatusColour(status)}; }

std::string ProgressBar(double progress) {
  constexpr int kLength = 10;
  const int full = std::clamp(static_cast<int>(std::lround(progress * kLength)), 0, kLength);
  std::string bar;
  for (int i = 0; i < kLength; ++i) bar += i < full ? "█" : "░";
  return bar;
}

std::string ScoreText(const std::optional<double>& score) {
  return score.has_value() ? TwoDecimals(*score) : "-";
}
std::string PercentText(const std::optional<double>& share) {
  return share.has_value() ? Percent(*share) : "-";
}

}  // namespace okr::cli
