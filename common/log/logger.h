// Structured log lines: one JSON object a line, on standard error.
//
//   log::Info("listening", {{"address", config.listen}, {"workers", 4}});
//   log::Error("commit failed", {{"sqlstate", "40001"}}, context);
//
// Keys: severity, time (RFC 3339, UTC, milliseconds), message, service; trace_id, span_id and
// request_id where the context has them; then the fields in their order. Never give tokens,
// passwords or personal text. All thread-safe; a line is written by one call, so lines never mix.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/clock/clock.h"
#include "common/log/trace_context.h"

namespace okr::log {

enum class Severity { kDebug, kInfo, kWarning, kError };

absl::string_view SeverityName(Severity severity);  // "DEBUG", "INFO", "WARNING", "ERROR".

// A typed value. Text is not copied: it must live until the line is written.
class Value {
 public:
  Value(const char* text) : value_(absl::string_view(text)) {}         // NOLINT: implicit by intent
  Value(absl::string_view text) : value_(text) {}                      // NOLINT
  Value(const std::string& text) : value_(absl::string_view(text)) {}  // NOLINT
  Value(bool value) : value_(value) {}                                 // NOLINT
  Value(double value) : value_(value) {}                               // NOLINT
  // In milliseconds, as a number.
  Value(absl::Duration value) : value_(absl::ToDoubleMilliseconds(value)) {}  // NOLINT
  Value(absl::Time value) : value_(value) {}                                  // NOLINT
  template <typename T, typename = std::enable_if_t<std::is_integral_v<T>>>
  Value(T value) : value_(Integer(value)) {}  // NOLINT

  void AppendTo(std::string& out) const;

 private:
  using Number = std::variant<int64_t, uint64_t>;
  template <typename T>
  static Number Integer(T value) {
    if constexpr (std::is_signed_v<T>) {
      return static_cast<int64_t>(value);
    } else {
      return static_cast<uint64_t>(value);
    }
  }

  std::variant<absl::string_view, bool, double, absl::Time, Number> value_;
};

struct Field {
  absl::string_view key;
  Value value;
};

// What ties a line to the call that it belongs to.
struct Context {
  TraceContext trace;
  std::string request_id;
};

class Logger {
 public:
  using Sink = std::function<void(absl::string_view line)>;  // The line ends with '\n'.

  struct Options {
    std::string service;
    Severity min_severity = Severity::kInfo;
    Sink sink;                     // Standard error if empty. Called by many threads at once.
    const Clock* clock = nullptr;  // SystemClock if null. Must outlive the logger.
  };

  explicit Logger(Options options);
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;

  bool Enabled(Severity severity) const { return severity >= min_severity_.load(); }
  void SetMinSeverity(Severity severity) { min_severity_.store(severity); }
  void Write(Severity severity, absl::string_view message, absl::Span<const Field> fields,
             const Context* context = nullptr) const;

 private:
  const Options options_;
  std::atomic<Severity> min_severity_;
};

// The logger of the process. Before SetDefault it is one of service "okr" at INFO.
Logger& Default();
// Called by main before threads start; replaced loggers live on, as lines may be under way.
void SetDefault(Logger::Options options);

void Debug(absl::string_view message, std::initializer_list<Field> fields = {});
void Info(absl::string_view message, std::initializer_list<Field> fields = {});
void Warning(absl::string_view message, std::initializer_list<Field> fields = {});
void Error(absl::string_view message, std::initializer_list<Field> fields = {});
void Debug(absl::string_view message, std::initializer_list<Field> fields, const Context& context);
void Info(absl::string_view message, std::initializer_list<Field> fields, const Context& context);
void Warning(absl::string_view message, std::initializer_list<Field> fields,
             const Context& context);
void Error(absl::string_view message, std::initializer_list<Field> fields, const Context& context);

}  // namespace okr::log
