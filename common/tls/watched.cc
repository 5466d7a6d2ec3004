#include "common/tls/watched.h"

#include <utility>

#include "common/log/logger.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace okr::tls {
namespace {

constexpr absl::Duration kWarnBefore = absl::Hours(7 * 24);
constexpr absl::Duration kWarnEvery = absl::Hours(24);

}  // namespace

Watched::Watched(std::string use, Files files, const Clock& clock)
    : use_(std::move(use)), files_(std::move(files)), clock_(clock) {}

absl::StatusOr<std::shared_ptr<Watched>> Watched::Open(std::string use, Files files,
                                                       const Clock& clock) {
  const std::shared_ptr<Watched> watched(new Watched(std::move(use), std::move(files), clock));
  const std::lock_guard lock(watched->mutex_);
  watched->stamp_ = StampOf(watched->files_);  // Before the reading: a change meanwhile is seen.
  OKR_ASSIGN_OR_RETURN(Material material, Read(watched->files_));
  watched->material_ = std::make_shared<const Material>(std::move(material));
  return watched;
}

std::shared_ptr<const Material> Watched::Now() {
  const std::lock_guard lock(mutex_);
  Look();
  WarnOfTheEnd();
  return material_;
}

absl::Time Watched::Expiry() { return Now()->expiry; }

void Watched::Look() {
  const std::string stamp = StampOf(files_);
  if (stamp == stamp_) return;
  auto material = Read(files_);
  // Replaced meanwhile, and which of them was read is not known: the next look tells.
  if (StampOf(files_) != stamp) return;
  stamp_ = stamp;
  if (!material.ok()) {
    std::string why;
    for (const FieldViolation& wrong : DetailsOf(material.status()).violations) {
      why += (why.empty() ? "" : "; ") + wrong.field + ": " + wrong.description;
    }
    log::Error("new TLS files cannot be used; those before stay", {{"use", use_}, {"error", why}});
    return;
  }
  material_ = std::make_shared<const Material>(*std::move(material));
  next_warning_ = absl::InfinitePast();
  log::Info("new TLS files are in use", {{"use", use_}, {"expiry", material_->expiry}});
}

void Watched::WarnOfTheEnd() {
  const absl::Time now = clock_.Now();
  if (now < next_warning_ || material_->expiry - now > kWarnBefore) return;
  next_warning_ = now + kWarnEvery;
  const bool over = material_->expiry <= now;
  log::Warning(over ? "the TLS certificate has expired" : "the TLS certificate expires soon",
               {{"use", use_}, {"file", files_.certificate.path}, {"expiry", material_->expiry}});
}

}  // namespace okr::tls
