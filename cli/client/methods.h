// Which method a request belongs to. Every method of the suite has a request message of its own.
#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace okr::cli {

// Null if no method takes it.
const google::protobuf::MethodDescriptor* MethodOf(const google::protobuf::Descriptor* request);

// "/okr.goals.v1.GoalsService/GetObjective".
std::string PathOf(const google::protobuf::MethodDescriptor& method);

// The service of the suite that serves it: "goals", "checkins", "scoring" or "notifications". The
// event log, which all serve, counts as that of goals.
std::string HomeOf(const google::protobuf::MethodDescriptor& method);

// Gives `request`, and each member of a batch, a request_id where it has such a field and it is
// empty. `make_id` gives a new one.
template <typename MakeId>
void FillRequestIds(const MakeId& make_id, google::protobuf::Message* request) {
  const auto* type = request->GetDescriptor();
  const auto* reflection = request->GetReflection();
  const auto* id = type->FindFieldByName("request_id");
  if (id != nullptr && reflection->GetString(*request, id).empty()) {
    reflection->SetString(request, id, make_id());
  }
  const auto* members = type->FindFieldByName("requests");
  if (members == nullptr || !members->is_repeated()) return;
  for (int i = 0; i < reflection->FieldSize(*request, members); ++i) {
    FillRequestIds(make_id, reflection->MutableRepeatedMessage(request, members, i));
  }
}

// The request_id of a request; empty if it has none.
std::string RequestIdIn(const google::protobuf::Message& request);

}  // namespace okr::cli
