// Ids of people.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "common/rpc/call.h"
#include "common/status/error.h"
#include "services/goals/transport/fields.h"

namespace okr::goals::transport {

// As IdOf; but "me", which is the caller in every request, can be nobody's id.
inline std::string PersonIdOf(const rpc::Call& call, absl::string_view field,
                              absl::string_view chosen, Violations& violations) {
  if (chosen == "me") violations.Add(field, "is \"me\", which stands for the caller");
  return IdOf(call, field, chosen, violations);
}

}  // namespace okr::goals::transport
