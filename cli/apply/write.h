// The parts of Applier that are templates.
#pragma once

#include <string>
#include <utility>

#include "cli/apply/applier.h"
#include "cli/plan/request_id.h"

namespace okr::cli {

template <typename Request>
absl::Status Applier::Write(Request request, absl::string_view seed,
                            google::protobuf::Message* answer, const std::string& token) {
  request.set_request_id(RequestIdOf(seed, request));
  return client_.Invoke(request, answer, {.token = token.empty() ? caller_ : token});
}

}  // namespace okr::cli
