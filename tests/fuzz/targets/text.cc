#include <charconv>
#include <cmath>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/resources/kinds.h"
#include "cli/text/dates.h"
#include "cli/text/numbers.h"
#include "cli/text/words.h"
#include "common/auth/json.h"
#include "common/log/json_text.h"
#include "common/rpc/utf8.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/targets.h"

namespace okr::fuzz {
namespace {

constexpr absl::Duration kHundredYears = absl::Hours(24 * 36500);

cli::Moment NewYear() {
  return {.now = absl::FromUnixSeconds(1'767'225'600),
          .today = absl::CivilDay(2026, 1, 1),
          .zone = absl::UTCTimeZone()};
}

void CheckDates(absl::string_view text) {
  const cli::Moment moment = NewYear();
  const auto day = cli::ParseDay(text, moment.today);
  if (day.ok()) {
    OKR_FUZZ_CHECK(day->year() > 0 && day->year() <= 9999, text);
    const auto again = cli::ParseDay(absl::FormatCivilTime(*day), moment.today);
    OKR_FUZZ_CHECK(day->year() < 1000 || (again.ok() && *again == *day), text);
    OKR_FUZZ_CHECK(
        cli::IsRelativeDay(text) || absl::FormatCivilTime(*day) == text || day->year() < 1000,
        text);
  }
  const auto time = cli::ParseTime(text, moment);
  if (time.ok()) {
    OKR_FUZZ_CHECK(*time >= absl::FromCivil(absl::CivilDay(1, 1, 1), moment.zone), text);
    OKR_FUZZ_CHECK(*time < absl::FromCivil(absl::CivilDay(10000, 1, 1), moment.zone), text);
  }
  OKR_FUZZ_CHECK(time.ok() || !day.ok(), text);
  const auto span = cli::ParseSpan(text);
  if (!span.ok()) return;
  OKR_FUZZ_CHECK(*span >= absl::ZeroDuration() && *span <= kHundredYears, text);
}

void CheckNumbers(absl::string_view text) {
  double value = 0;
  if (!absl::SimpleAtod(text, &value) || !std::isfinite(value)) return;
  double again = 0;
  OKR_FUZZ_CHECK(absl::SimpleAtod(cli::Shortest(value), &again) && again == value, text);
  OKR_FUZZ_CHECK(absl::SimpleAtod(cli::TwoDecimals(value), &again), text);
  if (std::abs(value) < 1e6) {
    OKR_FUZZ_CHECK(std::abs(again - value) <= 0.005 + 1e-9, cli::TwoDecimals(value));
  }
  if (value < 0 || value > 1) return;
  int percent = 0;
  OKR_FUZZ_CHECK(
      absl::SimpleAtoi(
          absl::string_view(cli::Percent(value)).substr(0, cli::Percent(value).find(' ')),
          &percent),
      cli::Percent(value));
  OKR_FUZZ_CHECK(std::abs(percent - 100 * value) <= 0.5 + 1e-9, cli::Percent(value));
}

void CheckNames(absl::string_view text) {
  const std::vector<cli::Kind> kinds = {cli::Kind::kObjective, cli::Kind::kKeyResult};
  for (const cli::KindInfo& info : cli::AllKinds()) {
    const auto name = cli::ResolveName(text, info.kind, "organizations/acme");
    if (!name.ok()) continue;
    OKR_FUZZ_CHECK(absl::StartsWith(*name, "organizations/"), *name);
    const auto again = cli::ResolveName(*name, info.kind, "organizations/acme");
    OKR_FUZZ_CHECK(again.ok() && *again == *name, *name);
  }
  const auto either = cli::ResolveName(text, kinds, "organizations/acme");
  if (either.ok()) OKR_FUZZ_CHECK(!cli::ShortName(*either).empty(), *either);
}

// What goes to a terminal: one line, without anything that steers it.
void CheckOutput(absl::string_view text) {
  const std::string line = cli::OneLine(text);
  OKR_FUZZ_CHECK(rpc::IsValidUtf8(line), line);
  for (const char c : line) OKR_FUZZ_CHECK(static_cast<uint8_t>(c) >= 0x20 && c != 0x7F, line);
  for (size_t i = 0; i + 1 < line.size(); ++i) {
    const bool is_c1 = line[i] == '\xC2' && static_cast<uint8_t>(line[i + 1]) < 0xA0;
    OKR_FUZZ_CHECK(!is_c1, line);
  }
  for (const size_t width : {size_t{1}, size_t{2}, size_t{10}}) {
    const std::string fitting = cli::FitTo(line, width);
    OKR_FUZZ_CHECK(cli::DisplayWidth(fitting) <= width, line);
    OKR_FUZZ_CHECK(rpc::IsValidUtf8(fitting), line);
  }
  cli::DidYouMean(text.substr(0, 100), {"commitment", "confidence", "title"});
}

void CheckLogText(absl::string_view text) {
  std::string json = "{\"text\":";
  log::AppendJsonString(json, text);
  json += "}";
  OKR_FUZZ_CHECK(rpc::IsValidUtf8(json), json);
  OKR_FUZZ_CHECK(json.find('\n') == std::string::npos, json);
  if (absl::StrContains(text, absl::string_view("\0", 1))) return;  // Not for jansson.
  const auto object = auth::JsonObject::Parse(json);
  OKR_FUZZ_CHECK(object.has_value(), json);
  if (rpc::IsValidUtf8(text)) OKR_FUZZ_CHECK(object->GetString("text") == text, json);
}

}  // namespace

void Text(absl::string_view input) {
  CheckDates(input);
  CheckNumbers(input);
  CheckNames(input);
  CheckOutput(input);
  CheckLogText(input);
}

}  // namespace okr::fuzz
