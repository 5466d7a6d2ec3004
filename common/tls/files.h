// A certificate, its key and the authorities to believe, read from PEM files.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace okr::tls {

// One file, and the setting that names it, for errors. An empty path: there is none.
struct File {
  std::string setting;
  std::string path;
};

struct Files {
  File certificate;  // Our own, with those between it and its authority after it.
  File key;          // Of our own certificate, without a passphrase.
  File ca;           // Whom to believe: one or more certificates.
};

// What the files hold, as PEM; empty for those that are not there.
struct Material {
  std::string certificate;
  std::string key;
  std::string ca;
  absl::Time expiry = absl::InfiniteFuture();  // Of our own certificate.
};

// INVALID_FIELDS that names every setting whose file is missing, unreadable, no PEM, or does not
// fit the other one, with the way out. Files that are replaced meanwhile are read again, so that
// what is returned is of one generation.
absl::StatusOr<Material> Read(const Files& files);

// A text that differs after one of the files was written or replaced, also by way of a symbolic
// link.
std::string StampOf(const Files& files);

}  // namespace okr::tls
