#include "common/ids/uuid.h"

#include <openssl/rand.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace okr {
namespace {

constexpr uint64_t kLowMask = (uint64_t{1} << 62) - 1;
constexpr uint16_t kHighMask = 0x0fff;

bool IsHyphenPlace(size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

bool LooksLikeUuid(absl::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool right = IsHyphenPlace(i) ? text[i] == '-' : absl::ascii_isxdigit(text[i]);
    if (!right) return false;
  }
  return true;
}

}  // namespace

absl::StatusOr<Uuid> Uuid::Parse(absl::string_view text) {
  if (!LooksLikeUuid(text)) {
    return absl::InvalidArgumentError(
        "not a UUID: expected 32 hexadecimal digits in the form 8-4-4-4-12");
  }
  const std::string bytes =
      absl::HexStringToBytes(absl::StrCat(text.substr(0, 8), text.substr(9, 4), text.substr(14, 4),
                                          text.substr(19, 4), text.substr(24, 12)));
  return FromBytes(bytes);
}

absl::StatusOr<Uuid> Uuid::FromBytes(absl::string_view bytes) {
  if (bytes.size() != 16) {
    return absl::InvalidArgumentError(
        absl::StrCat("not a UUID: expected 16 bytes, got ", bytes.size()));
  }
  Uuid uuid;
  std::memcpy(uuid.bytes_.data(), bytes.data(), bytes.size());
  return uuid;
}

std::string Uuid::ToString() const {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text(36, '-');
  size_t place = 0;
  for (const uint8_t byte : bytes_) {
    if (IsHyphenPlace(place)) ++place;
    text[place++] = kDigits[byte >> 4];
    text[place++] = kDigits[byte & 0x0f];
  }
  return text;
}

std::string Uuid::ToBytes() const { return std::string(bytes_.begin(), bytes_.end()); }

absl::Time Uuid::time() const {
  int64_t milliseconds = 0;
  for (size_t i = 0; i < 6; ++i) milliseconds = milliseconds << 8 | bytes_[i];
  return absl::FromUnixMillis(milliseconds);
}

RandomSource SecureRandom() {
  return [](absl::Span<uint8_t> out) {
    // Without randomness ids could collide and secrets be guessed: there is no way on.
    if (RAND_bytes(out.data(), static_cast<int>(out.size())) != 1) std::abort();
  };
}

UuidGenerator::UuidGenerator(const Clock& clock, RandomSource random)
    : clock_(clock), random_(std::move(random)) {}

Uuid UuidGenerator::Next() {
  const int64_t now = absl::ToUnixMillis(clock_.Now());
  const std::lock_guard lock(mutex_);
  if (now > milliseconds_) {
    StartMillisecond(now);
  } else {
    StepWithinMillisecond();
  }
  std::array<uint8_t, 16> bytes;
  for (int i = 0; i < 6; ++i) bytes[i] = static_cast<uint8_t>(milliseconds_ >> (40 - 8 * i));
  bytes[6] = static_cast<uint8_t>(0x70 | high_ >> 8);
  bytes[7] = static_cast<uint8_t>(high_);
  const uint64_t variant_and_low = uint64_t{1} << 63 | low_;
  for (int i = 0; i < 8; ++i) bytes[8 + i] = static_cast<uint8_t>(variant_and_low >> (56 - 8 * i));
  return Uuid(bytes);
}

void UuidGenerator::Fill(absl::Span<uint8_t> out) {
  if (pool_.size() - used_ < out.size()) {
    random_(absl::MakeSpan(pool_));
    used_ = 0;
  }
  std::copy_n(pool_.begin() + static_cast<std::ptrdiff_t>(used_), out.size(), out.begin());
  used_ += out.size();
}

void UuidGenerator::StartMillisecond(int64_t milliseconds) {
  std::array<uint8_t, 10> random;
  Fill(absl::MakeSpan(random));
  milliseconds_ = milliseconds;
  high_ = static_cast<uint16_t>(random[0] << 8 | random[1]) & kHighMask;
  std::memcpy(&low_, random.data() + 2, sizeof(low_));
  low_ &= kLowMask;
}

// Adds a random step, so that the next id cannot be guessed from this one.
void UuidGenerator::StepWithinMillisecond() {
  uint32_t step = 0;
  Fill(absl::MakeSpan(reinterpret_cast<uint8_t*>(&step), sizeof(step)));
  low_ += uint64_t{step} + 1;
  if (low_ <= kLowMask) return;
  low_ &= kLowMask;
  if (high_ < kHighMask) {
    ++high_;
  } else {
    StartMillisecond(milliseconds_ + 1);
  }
}

}  // namespace okr
