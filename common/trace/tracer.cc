#include "common/trace/tracer.h"

#include <array>

#include "absl/strings/numbers.h"

namespace okr::trace {

TraceContext Tracer::Begin(const TraceContext& parent) const {
  std::array<uint8_t, 24> bytes{};
  random_(absl::MakeSpan(bytes).first(parent.empty() ? bytes.size() : 8));
  return StartSpan(parent,
                   absl::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

bool IsSampled(absl::string_view trace_id, double ratio) {
  constexpr size_t kDigits = 14;  // The last 56 bits are random, says W3C.
  constexpr double kAll = static_cast<double>(uint64_t{1} << 56);
  uint64_t random = 0;
  if (trace_id.size() < kDigits ||
      !absl::SimpleHexAtoi(trace_id.substr(trace_id.size() - kDigits), &random)) {
    return false;
  }
  return static_cast<double>(random) >= (1 - ratio) * kAll;
}

}  // namespace okr::trace
