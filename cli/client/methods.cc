#include "cli/client/methods.h"

#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "okr/checkins/v1/checkins_service.pb.h"
#include "okr/directory/v1/directory_service.pb.h"
#include "okr/events/v1/event_log_service.pb.h"
#include "okr/goals/v1/goals_service.pb.h"
#include "okr/notifications/v1/notifications_service.pb.h"
#include "okr/scoring/v1/scoring_service.pb.h"

namespace okr::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

// The service in the file of one of its requests.
const ServiceDescriptor* ServiceBeside(const Descriptor* request) {
  return request->file()->service(0);
}

std::map<const Descriptor*, const MethodDescriptor*> MakeIndex() {
  std::map<const Descriptor*, const MethodDescriptor*> index;
  for (const Descriptor* request :
       {directory::v1::GetOrganizationRequest::descriptor(),
        goals::v1::GetObjectiveRequest::descriptor(), checkins::v1::GetCheckInRequest::descriptor(),
        scoring::v1::GetKeyResultScoreRequest::descriptor(),
        notifications::v1::ListNotificationsRequest::descriptor(),
        events::v1::ListEventsRequest::descriptor()}) {
    const ServiceDescriptor* service = ServiceBeside(request);
    for (int i = 0; i < service->method_count(); ++i) {
      index[service->method(i)->input_type()] = service->method(i);
    }
  }
  return index;
}

}  // namespace

const MethodDescriptor* MethodOf(const Descriptor* request) {
  static const auto& index = *new std::map<const Descriptor*, const MethodDescriptor*>(MakeIndex());
  const auto found = index.find(request);
  return found == index.end() ? nullptr : found->second;
}

std::string PathOf(const MethodDescriptor& method) {
  return absl::StrCat("/", method.service()->full_name(), "/", method.name());
}

std::string HomeOf(const MethodDescriptor& method) {
  const std::string& service = method.service()->full_name();
  for (const char* name : {"checkins", "scoring", "notifications"}) {
    if (absl::StartsWith(service, absl::StrCat("okr.", name, "."))) return name;
  }
  return "goals";
}

std::string RequestIdIn(const google::protobuf::Message& request) {
  const auto* id = request.GetDescriptor()->FindFieldByName("request_id");
  return id == nullptr ? "" : request.GetReflection()->GetString(request, id);
}

}  // namespace okr::cli
