#include "common/status/error.h"

#include <cstdint>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace okr {
namespace {

constexpr absl::string_view kPayloadUrl = "okr/error-details";

// The payload is a list of strings, each as "<length>:<bytes>".
void Append(std::string& out, absl::string_view text) {
  absl::StrAppend(&out, text.size(), ":", text);
}

class Reader {
 public:
  explicit Reader(absl::string_view text) : rest_(text) {}

  std::string Next() {
    const size_t colon = rest_.find(':');
    size_t size = 0;
    if (colon == absl::string_view::npos || !absl::SimpleAtoi(rest_.substr(0, colon), &size)) {
      rest_ = {};
      return "";
    }
    std::string value(rest_.substr(colon + 1, size));
    rest_.remove_prefix(colon + 1 + value.size());
    return value;
  }

  size_t NextCount() {
    size_t count = 0;
    return absl::SimpleAtoi(Next(), &count) ? count : 0;
  }

 private:
  absl::string_view rest_;
};

std::string Encode(const ErrorDetails& details) {
  std::string out;
  Append(out, details.reason);
  Append(out,
         details.retry_delay ? absl::StrCat(absl::ToInt64Nanoseconds(*details.retry_delay)) : "");
  Append(out, absl::StrCat(details.metadata.size()));
  for (const auto& [key, value] : details.metadata) {
    Append(out, key);
    Append(out, value);
  }
  Append(out, absl::StrCat(details.violations.size()));
  for (const FieldViolation& violation : details.violations) {
    Append(out, violation.field);
    Append(out, violation.description);
  }
  return out;
}

ErrorDetails Decode(absl::string_view text) {
  Reader reader(text);
  ErrorDetails details{.reason = reader.Next()};
  int64_t nanoseconds = 0;
  if (absl::SimpleAtoi(reader.Next(), &nanoseconds)) {
    details.retry_delay = absl::Nanoseconds(nanoseconds);
  }
  for (size_t n = reader.NextCount(); n > 0; --n) {
    std::string key = reader.Next();
    details.metadata[std::move(key)] = reader.Next();
  }
  for (size_t n = reader.NextCount(); n > 0; --n) {
    FieldViolation violation;
    violation.field = reader.Next();
    violation.description = reader.Next();
    details.violations.push_back(std::move(violation));
  }
  return details;
}

}  // namespace

absl::Status MakeError(absl::StatusCode code, absl::string_view message,
                       const ErrorDetails& details) {
  absl::Status status(code, message);
  status.SetPayload(kPayloadUrl, absl::Cord(Encode(details)));
  return status;
}

absl::Status InvalidFields(std::vector<FieldViolation> violations) {
  if (violations.empty()) return absl::OkStatus();
  std::string message =
      absl::StrCat(violations.front().field, ": ", violations.front().description);
  if (violations.size() > 1) {
    absl::StrAppend(&message, " (and ", violations.size() - 1, " more wrong fields)");
  }
  return MakeError(absl::StatusCode::kInvalidArgument, message,
                   {.reason = "INVALID_FIELDS", .violations = std::move(violations)});
}

ErrorDetails DetailsOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kPayloadUrl);
  return payload ? Decode(std::string(*payload)) : ErrorDetails{};
}

std::string ReasonOf(const absl::Status& status) { return DetailsOf(status).reason; }

void Violations::Add(absl::string_view field, absl::string_view description) {
  violations_.push_back({std::string(field), std::string(description)});
}

void Violations::AddFrom(absl::string_view prefix, const absl::Status& status) {
  if (status.ok()) return;
  const ErrorDetails details = DetailsOf(status);
  if (details.violations.empty()) Add(prefix, status.message());
  for (const FieldViolation& violation : details.violations) {
    Add(absl::StrCat(prefix, prefix.empty() ? "" : ".", violation.field), violation.description);
  }
}

}  // namespace okr
