// UUIDs of version 7 (RFC 9562): ordered by the time they were made.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/clock/clock.h"

namespace okr {

class Uuid {
 public:
  // The nil UUID, all zero.
  Uuid() = default;
  explicit Uuid(const std::array<uint8_t, 16>& bytes) : bytes_(bytes) {}

  // Reads 8-4-4-4-12 hexadecimal digits of any version, in either case. INVALID_ARGUMENT otherwise.
  static absl::StatusOr<Uuid> Parse(absl::string_view text);
  // INVALID_ARGUMENT unless there are exactly 16 bytes.
  static absl::StatusOr<Uuid> FromBytes(absl::string_view bytes);

  std::string ToString() const;  // 36 characters, lower case.
  std::string ToBytes() const;   // 16 raw bytes.
  const std::array<uint8_t, 16>& bytes() const { return bytes_; }
  int version() const { return bytes_[6] >> 4; }
  // When a version 7 UUID was made, in whole milliseconds; meaningless for other versions.
  absl::Time time() const;

  auto operator<=>(const Uuid&) const = default;
  template <typename H>
  friend H AbslHashValue(H h, const Uuid& uuid) {
    return H::combine(std::move(h), uuid.bytes_);
  }

 private:
  std::array<uint8_t, 16> bytes_{};
};

// Fills the span with random bytes.
using RandomSource = std::function<void(absl::Span<uint8_t>)>;

// The operating system's cryptographic randomness.
RandomSource SecureRandom();

// Makes version 7 UUIDs, each greater than the one before from the same generator, also within one
// millisecond and when the clock steps back. Thread-safe. `clock` must outlive it.
class UuidGenerator {
 public:
  explicit UuidGenerator(const Clock& clock = SystemClock::Get(),
                         RandomSource random = SecureRandom());

  Uuid Next();

 private:
  // With mutex_ held.
  void Fill(absl::Span<uint8_t> out);
  void StartMillisecond(int64_t milliseconds);
  void StepWithinMillisecond();

  const Clock& clock_;
  const RandomSource random_;
  std::mutex mutex_;  // Guards what follows.
  int64_t milliseconds_ = -1;
  uint16_t high_ = 0;  // The 12 bits after the time.
  uint64_t low_ = 0;   // The last 62 bits.
  std::array<uint8_t, 512> pool_;
  size_t used_ = 512;
};

}  // namespace okr
