// The tokens of everybody in a dataset.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/development_issuer.h"
#include "common/auth/principal.h"
#include "tests/bench/load/dataset.h"

namespace okr::bench {

// Of the development issuer of a local installation. Immutable.
class Identities {
 public:
  // NOT_FOUND if `key_directory` has no key.
  static absl::StatusOr<Identities> Mint(const std::string& key_directory, const Dataset& dataset,
                                         absl::Time now);

  // Values of the metadata "authorization".
  const std::string& Member(int organization, int person) const {
    return organizations_[organization].members[person];
  }
  const std::string& Administrator(int organization) const {
    return organizations_[organization].administrator;
  }

  // The token subject of every organization's administrator; that of a person is their id.
  static constexpr char kAdministrator[] = "admin";

 private:
  struct Organization {
    std::string administrator;
    std::vector<std::string> members;
  };
  std::vector<Organization> organizations_;
};

}  // namespace okr::bench
