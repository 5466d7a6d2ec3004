// A call of any method with any bytes, as no generated stub would send it.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tests/support/suite.h"

namespace okr::contract {

struct RawCall {
  std::string method;  // "/okr.goals.v1.GoalsService/GetObjective"
  std::string body;    // The message, as it goes over the wire.
  std::vector<std::pair<std::string, std::string>> metadata;
};

// The bytes of the answer, or the refusal as the service meant it.
absl::StatusOr<std::string> Send(testing::Suite& suite, const RawCall& call);

// The metadata that shows a token.
std::pair<std::string, std::string> Bearer(absl::string_view token);

}  // namespace okr::contract
