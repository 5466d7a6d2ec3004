#include "common/rpc/organization_check.h"

#include <google/protobuf/dynamic_message.h>

#include <memory>
#include <set>
#include <string>

#include "common/testing/status_matchers.h"
#include "okr/checkins/v1/checkins_service.pb.h"
#include "okr/directory/v1/directory_service.pb.h"
#include "okr/events/v1/event_log_service.pb.h"
#include "okr/goals/v1/goals_service.pb.h"
#include "okr/notifications/v1/notifications_service.pb.h"
#include "okr/scoring/v1/scoring_service.pb.h"

namespace okr::rpc {
namespace {

using okr::checkins::v1::BatchCreateCheckInsRequest;
using okr::events::v1::GetHeadRequest;
using okr::goals::v1::CreateObjectiveRequest;
using okr::notifications::v1::MarkNotificationsReadRequest;
using testing::HasReason;

const auth::Principal kAnn = {
    .organization = "acme", .subject = "ann", .role = auth::Role::kMember};

absl::Status Check(const google::protobuf::Message& request,
                   const auth::Principal& principal = kAnn) {
  return OrganizationCheck(*request.GetDescriptor()).Check(request, principal);
}

TEST(OrganizationCheck, AllowsNamesOfTheTokensOrganization) {
  CreateObjectiveRequest request;
  request.set_parent("organizations/acme");
  request.mutable_objective()->set_cycle("organizations/acme/cycles/q1");
  EXPECT_OK(Check(request));
}

TEST(OrganizationCheck, RefusesAnotherParent) {
  CreateObjectiveRequest request;
  request.set_parent("organizations/globex");
  EXPECT_THAT(Check(request), HasReason("WRONG_ORGANIZATION"));
}

TEST(OrganizationCheck, RefusesAnIdThatOnlyBeginsAlike) {
  CreateObjectiveRequest request;
  request.set_parent("organizations/acme2");
  EXPECT_THAT(Check(request), HasReason("WRONG_ORGANIZATION"));
  request.set_parent("organizations/acm");
  EXPECT_THAT(Check(request), HasReason("WRONG_ORGANIZATION"));
  request.set_parent("organizations/-/objectives/a");
  EXPECT_THAT(Check(request), HasReason("WRONG_ORGANIZATION"));
}

TEST(OrganizationCheck, LooksIntoNestedMessages) {
  CreateObjectiveRequest request;
  request.mutable_objective()->set_cycle("organizations/globex/cycles/q1");
  EXPECT_THAT(Check(request), HasReason("WRONG_ORGANIZATION"));
}

TEST(OrganizationCheck, LooksIntoRepeatedNames) {
  MarkNotificationsReadRequest request;
  request.add_names("organizations/acme/people/ann/notifications/1");
  request.add_names("organizations/globex/people/bob/notifications/1");
  EXPECT_THAT(Check(request), HasReason("WRONG_ORGANIZATION"));
}

TEST(OrganizationCheck, LooksIntoRepeatedMessages) {
  BatchCreateCheckInsRequest request;
  request.add_requests()->set_parent("organizations/acme/objectives/o/keyResults/k");
  EXPECT_OK(Check(request));
  request.add_requests()->set_parent("organizations/globex/objectives/o/keyResults/k");
  EXPECT_THAT(Check(request), HasReason("WRONG_ORGANIZATION"));
}

TEST(OrganizationCheck, LooksIntoEventFilters) {
  GetHeadRequest request;
  request.mutable_filter()->set_organization("organizations/globex");
  EXPECT_THAT(Check(request), HasReason("WRONG_ORGANIZATION"));
}

TEST(OrganizationCheck, LeavesTextThatIsNoNameAlone) {
  CreateObjectiveRequest request;
  request.mutable_objective()->set_title("organizations/globex is our rival");
  EXPECT_OK(Check(request));
}

TEST(OrganizationCheck, LetsServicesOfNoOrganizationNameAny) {
  GetHeadRequest request;
  request.mutable_filter()->set_organization("organizations/globex");
  EXPECT_OK(Check(request, {.organization = "*", .role = auth::Role::kService}));
  EXPECT_THAT(Check(request, {.organization = "*", .role = auth::Role::kAdmin}),
              HasReason("WRONG_ORGANIZATION"));
}

// Strings of requests that never name a resource. A new field belongs here or into the check.
const std::set<std::string> kPlain = {"administrator_id",
                                      "body",
                                      "check_in_id",
                                      "correction_reason",
                                      "cycle_id",
                                      "description",
                                      "display_name",
                                      "email",
                                      "etag",
                                      "excluded_reason",
                                      "formula",
                                      "id",
                                      "ids",
                                      "key_result_id",
                                      "lesson",
                                      "missed_promises",
                                      "note",
                                      "objective_id",
                                      "organization_id",
                                      "page_token",
                                      "paths",
                                      "person_id",
                                      "policy",
                                      "reason",
                                      "request_id",
                                      "resume_token",
                                      "retire_reason",
                                      "source",
                                      "stated_status_reason",
                                      "subject",
                                      "team_id",
                                      "text",
                                      "time_zone",
                                      "title",
                                      "type",
                                      "types",
                                      "unit",
                                      "why",
                                      "withheld_reason"};

// Puts a foreign name into each string below `message` in turn; gives the fields that got through.
void FindUnchecked(const google::protobuf::Message& request, google::protobuf::Message* message,
                   int depth, std::set<std::string>* unchecked) {
  const google::protobuf::Reflection& reflection = *message->GetReflection();
  for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
    const google::protobuf::FieldDescriptor* field = message->GetDescriptor()->field(i);
    if (field->type() == google::protobuf::FieldDescriptor::TYPE_STRING) {
      const std::string name = "organizations/globex/people/bob";
      field->is_repeated() ? reflection.AddString(message, field, name)
                           : reflection.SetString(message, field, name);
      const bool refused = !Check(request).ok();
      if (!refused && kPlain.count(field->name()) == 0) unchecked->insert(field->full_name());
    } else if (field->type() == google::protobuf::FieldDescriptor::TYPE_MESSAGE && depth > 0) {
      FindUnchecked(request,
                    field->is_repeated() ? reflection.AddMessage(message, field)
                                         : reflection.MutableMessage(message, field),
                    depth - 1, unchecked);
    }
    reflection.ClearField(message, field);
  }
}

// Their descriptors are only there if something of them is linked.
const google::protobuf::Message* const kLinked[] = {
    &okr::directory::v1::GetTeamRequest::default_instance(),
    &okr::scoring::v1::GetCycleReportRequest::default_instance()};

TEST(OrganizationCheck, KnowsEveryFieldOfEveryRequest) {
  ASSERT_NE(kLinked[0], kLinked[1]);
  std::set<std::string> unchecked;
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  google::protobuf::DynamicMessageFactory factory;
  for (const char* name :
       {"okr.directory.v1.DirectoryService", "okr.goals.v1.GoalsService",
        "okr.checkins.v1.CheckinsService", "okr.scoring.v1.ScoringService",
        "okr.notifications.v1.NotificationsService", "okr.events.v1.EventLogService"}) {
    const auto* service = pool->FindServiceByName(name);
    ASSERT_NE(service, nullptr) << name;
    for (int i = 0; i < service->method_count(); ++i) {
      const std::unique_ptr<google::protobuf::Message> request(
          factory.GetPrototype(service->method(i)->input_type())->New());
      FindUnchecked(*request, request.get(), 4, &unchecked);
    }
  }
  EXPECT_THAT(unchecked, ::testing::IsEmpty());
}

}  // namespace
}  // namespace okr::rpc
