#include "common/log/logger.h"

#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <memory>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/log/json_text.h"

namespace okr::log {
namespace {

// One write call a line: whole up to the size of a pipe's buffer, also across processes.
void WriteToStandardError(absl::string_view line) {
  while (!line.empty()) {
    const ssize_t written = write(STDERR_FILENO, line.data(), line.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // Nobody is left who could be told.
    line.remove_prefix(static_cast<size_t>(written));
  }
}

std::string Rfc3339(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", time, absl::UTCTimeZone());
}

void AppendNumber(std::string& out, double value) {
  if (std::isfinite(value)) {
    absl::StrAppend(&out, value);
  } else {  // JSON has no such number.
    AppendJsonString(out, absl::StrCat(value));
  }
}

void AppendField(std::string& out, absl::string_view key, const Value& value) {
  out += ',';
  AppendJsonString(out, key);
  out += ':';
  value.AppendTo(out);
}

void AppendContext(std::string& out, const Context& context) {
  if (!context.trace.trace_id.empty()) AppendField(out, "trace_id", context.trace.trace_id);
  if (!context.trace.span_id.empty()) AppendField(out, "span_id", context.trace.span_id);
  if (!context.request_id.empty()) AppendField(out, "request_id", context.request_id);
}

// Holds every logger that was a default one, so that none goes while a thread uses it.
struct Defaults {
  std::mutex mutex;
  std::vector<std::unique_ptr<Logger>> loggers;
  std::atomic<Logger*> current{nullptr};

  void Set(Logger::Options options) {
    const std::lock_guard lock(mutex);
    loggers.push_back(std::make_unique<Logger>(std::move(options)));
    current = loggers.back().get();
  }
};

Defaults& AllDefaults() {
  static auto* const defaults = [] {
    auto* made = new Defaults;
    made->Set({.service = "okr"});
    return made;
  }();
  return *defaults;
}

absl::Span<const Field> SpanOf(std::initializer_list<Field> fields) {
  return {fields.begin(), fields.size()};
}

}  // namespace

absl::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kDebug:
      return "DEBUG";
    case Severity::kInfo:
      return "INFO";
    case Severity::kWarning:
      return "WARNING";
    case Severity::kError:
      return "ERROR";
  }
  return "DEFAULT";
}

void Value::AppendTo(std::string& out) const {
  if (const auto* text = std::get_if<absl::string_view>(&value_)) {
    AppendJsonString(out, *text);
  } else if (const auto* flag = std::get_if<bool>(&value_)) {
    out += *flag ? "true" : "false";
  } else if (const auto* real = std::get_if<double>(&value_)) {
    AppendNumber(out, *real);
  } else if (const auto* time = std::get_if<absl::Time>(&value_)) {
    AppendJsonString(out, Rfc3339(*time));
  } else {
    std::visit([&out](auto number) { absl::StrAppend(&out, number); }, std::get<Number>(value_));
  }
}

Logger::Logger(Options options)
    : options_(std::move(options)), min_severity_(options_.min_severity) {}

void Logger::Write(Severity severity, absl::string_view message, absl::Span<const Field> fields,
                   const Context* context) const {
  if (!Enabled(severity)) return;
  const absl::Time now = options_.clock != nullptr ? options_.clock->Now() : absl::Now();
  std::string line = absl::StrCat("{\"severity\":\"", SeverityName(severity), "\"");
  AppendField(line, "time", now);
  AppendField(line, "message", message);
  AppendField(line, "service", options_.service);
  if (context != nullptr) AppendContext(line, *context);
  for (const Field& field : fields) AppendField(line, field.key, field.value);
  line += "}\n";
  if (options_.sink) {
    options_.sink(line);
  } else {
    WriteToStandardError(line);
  }
}

Logger& Default() { return *AllDefaults().current.load(); }

void SetDefault(Logger::Options options) { AllDefaults().Set(std::move(options)); }

void Debug(absl::string_view message, std::initializer_list<Field> fields) {
  Default().Write(Severity::kDebug, message, SpanOf(fields));
}
void Info(absl::string_view message, std::initializer_list<Field> fields) {
  Default().Write(Severity::kInfo, message, SpanOf(fields));
}
void Warning(absl::string_view message, std::initializer_list<Field> fields) {
  Default().Write(Severity::kWarning, message, SpanOf(fields));
}
void Error(absl::string_view message, std::initializer_list<Field> fields) {
  Default().Write(Severity::kError, message, SpanOf(fields));
}
void Debug(absl::string_view message, std::initializer_list<Field> fields, const Context& context) {
  Default().Write(Severity::kDebug, message, SpanOf(fields), &context);
}
void Info(absl::string_view message, std::initializer_list<Field> fields, const Context& context) {
  Default().Write(Severity::kInfo, message, SpanOf(fields), &context);
}
void Warning(absl::string_view message, std::initializer_list<Field> fields,
             const Context& context) {
  Default().Write(Severity::kWarning, message, SpanOf(fields), &context);
}
void Error(absl::string_view message, std::initializer_list<Field> fields, const Context& context) {
  Default().Write(Severity::kError, message, SpanOf(fields), &context);
}

}  // namespace okr::log
