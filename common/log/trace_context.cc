#include "common/log/trace_context.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace okr {
namespace {

constexpr size_t kHeaderSize = 55;  // 00-<32>-<16>-<2>

bool IsLowerHex(absl::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isdigit(c) && (c < 'a' || c > 'f')) return false;
  }
  return true;
}

bool IsZero(absl::string_view text) {
  return text.find_first_not_of('0') == absl::string_view::npos;
}

bool HasForm(absl::string_view header) {
  if (header.size() < kHeaderSize) return false;
  if (header[2] != '-' || header[35] != '-' || header[52] != '-') return false;
  const absl::string_view version = header.substr(0, 2);
  if (!IsLowerHex(version) || version == "ff") return false;
  // A later version may append fields.
  return version == "00" ? header.size() == kHeaderSize
                         : header.size() == kHeaderSize || header[kHeaderSize] == '-';
}

}  // namespace

std::optional<TraceContext> ParseTraceparent(absl::string_view header) {
  if (!HasForm(header)) return std::nullopt;
  const absl::string_view trace = header.substr(3, 32);
  const absl::string_view span = header.substr(36, 16);
  const absl::string_view flags = header.substr(53, 2);
  if (!IsLowerHex(trace) || !IsLowerHex(span) || !IsLowerHex(flags)) return std::nullopt;
  if (IsZero(trace) || IsZero(span)) return std::nullopt;
  const int flag_bits = absl::HexStringToBytes(flags)[0];
  return TraceContext{.trace_id = std::string(trace),
                      .span_id = std::string(span),
                      .sampled = (flag_bits & 1) != 0};
}

std::string ToTraceparent(const TraceContext& context) {
  if (context.empty()) return "";
  return absl::StrCat("00-", context.trace_id, "-", context.span_id,
                      context.sampled ? "-01" : "-00");
}

TraceContext StartSpan(const std::optional<TraceContext>& parent, absl::string_view random_bytes) {
  TraceContext context;
  if (parent.has_value()) context = *parent;
  if (context.empty()) context.trace_id = absl::BytesToHexString(random_bytes.substr(8, 16));
  context.span_id = absl::BytesToHexString(random_bytes.substr(0, 8));
  return context;
}

}  // namespace okr
