#include "cli/apply/applier.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "cli/apply/write.h"
#include "cli/plan/difference.h"
#include "cli/plan/request_id.h"
#include "cli/render/errors.h"
#include "cli/resources/requests.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "okr/goals/v1/goals_service.pb.h"

namespace okr::cli {
namespace {

using google::protobuf::Message;

constexpr absl::Duration kWholeRun = absl::Hours(1);

const Planned<directory::v1::Person>* FindPerson(const Plan& plan, const std::string& name) {
  for (const auto& person : plan.people) {
    if (person.name == name) return &person;
  }
  return nullptr;
}

// There is no such organization, or nobody of it calls.
bool MayBeMissing(const absl::Status& status) {
  return absl::IsNotFound(status) || ReasonOf(status) == "PERSON_UNKNOWN";
}

absl::CivilDay DayOf(const google::type::Date& date) {
  return absl::CivilDay(date.year(), date.month(), date.day());
}

}  // namespace

absl::Status Applier::Open(const Plan& plan) {
  organization_ = plan.organization.name;
  const auto* administrator = FindPerson(plan, plan.administrator);
  // Without anybody else the administrator of the plan loads it.
  if (!credentials_.is_explicit() && credentials_.has_development_key() &&
      !plan.administrator.empty()) {
    const std::string subject =
        administrator == nullptr ? IdOf(plan.administrator) : administrator->message.subject();
    OKR_ASSIGN_OR_RETURN(
        caller_, credentials_.Mint(subject, "ADMIN", IdOf(plan.organization.name), kWholeRun));
  }
  auto& there = There<directory::v1::Organization>(plan.organization.name);
  const absl::Status status = client_.Invoke(
      *GetRequest(Kind::kOrganization, plan.organization.name), &there, {.token = caller_});
  if (status.ok() || !MayBeMissing(status)) return status;
  if (administrator == nullptr) return status;
  return CreateOrganization(plan);
}

absl::Status Applier::CreateOrganization(const Plan& plan) {
  directory::v1::CreateOrganizationRequest request;
  request.set_organization_id(IdOf(plan.organization.name));
  *request.mutable_organization() = plan.organization.message;
  request.mutable_organization()->clear_name();
  const auto* administrator = FindPerson(plan, plan.administrator);
  *request.mutable_administrator() = administrator->message;
  request.mutable_administrator()->clear_name();
  request.set_administrator_id(IdOf(plan.administrator));
  summary_.Add("created", "organization", "organizations");
  return Write(request, "apply", &There<directory::v1::Organization>(plan.organization.name));
}

absl::Status Applier::ReadAll(Message* request) {
  OKR_ASSIGN_OR_RETURN(auto items, client_.ListAll(request, {.token = caller_}));
  for (auto& item : items) {
    const std::string name = GetText(*item, "name");
    existing_[name] = std::move(item);
  }
  return absl::OkStatus();
}

absl::Status Applier::ReadExisting(absl::string_view organization) {
  for (const Kind kind :
       {Kind::kPerson, Kind::kTeam, Kind::kCycle, Kind::kObjective, Kind::kKeyResult}) {
    const auto request = NewRequest(Verb::kList, kind);
    const bool below_objectives = kind == Kind::kKeyResult;
    SetText(request.get(), "parent",
            absl::StrCat(organization, below_objectives ? "/objectives/-" : ""));
    // Ids of deleted ones are not free.
    if (const auto* field = request->GetDescriptor()->FindFieldByName("show_deleted")) {
      request->GetReflection()->SetBool(request.get(), field, true);
    }
    OKR_RETURN_IF_ERROR(ReadAll(request.get()));
  }
  return absl::OkStatus();
}

int64_t Applier::DaysToMove(const Plan& plan) const {
  for (const PlannedCycle& cycle : plan.cycles) {
    const auto there = existing_.find(cycle.name);
    if (!cycle.moves_with_today || there == existing_.end()) continue;
    const auto& found = dynamic_cast<const directory::v1::Cycle&>(*there->second);
    return DayOf(found.start_date()) - DayOf(cycle.message.start_date());
  }
  return 0;
}

absl::Status Applier::Create(Kind kind, const std::string& name, const Message& wanted) {
  const auto request = CreateRequest(kind, name, wanted);
  SetText(request.get(), "request_id", RequestIdOf("apply", *request));
  auto made = NewResource(kind);
  OKR_RETURN_IF_ERROR(client_.Invoke(*request, made.get(), {.token = caller_}));
  existing_[name] = std::move(made);
  Count("created", kind);
  return absl::OkStatus();
}

absl::Status Applier::Update(Kind kind, const Message& wanted,
                             const std::vector<std::string>& fields) {
  const std::string name = GetText(wanted, "name");
  Message& there = *existing_[name];
  const std::unique_ptr<Message> sent(wanted.New());
  sent->CopyFrom(wanted);
  // The etag also tells this change from the same one at another time.
  SetText(sent.get(), "etag", GetText(there, "etag"));
  const auto request = UpdateRequest(kind, *sent, fields);
  SetText(request.get(), "request_id", RequestIdOf("apply", *request));
  Count("updated", kind);
  return client_.Invoke(*request, &there, {.token = caller_});
}

void Applier::Count(absl::string_view verb, Kind kind) {
  // As words, not as on the command line: "key results".
  summary_.Add(verb, absl::StrReplaceAll(InfoOf(kind).singular, {{"-", " "}}),
               absl::StrReplaceAll(InfoOf(kind).plural, {{"-", " "}}));
}

absl::Status Applier::CheckNotDeleted(Kind kind, const Message& there) const {
  const auto* deleted = there.GetDescriptor()->FindFieldByName("delete_time");
  if (deleted == nullptr || !there.GetReflection()->HasField(there, deleted)) {
    return absl::OkStatus();
  }
  return UsageError(absl::StrCat("the ", InfoOf(kind).singular, " ",
                                 ShortName(GetText(there, "name")),
                                 " was deleted, and its id is not used again; choose another"));
}

template <typename T>
absl::Status Applier::Ensure(Kind kind, const Planned<T>& planned) {
  const auto there = existing_.find(planned.name);
  if (there == existing_.end()) return Create(kind, planned.name, planned.message);
  OKR_RETURN_IF_ERROR(CheckNotDeleted(kind, *there->second));
  const auto fields = DifferingFields(*there->second, planned.message, planned.fields);
  return fields.empty() ? absl::OkStatus() : Update(kind, planned.message, fields);
}

template absl::Status Applier::Ensure(Kind, const Planned<directory::v1::Cycle>&);
template absl::Status Applier::Ensure(Kind, const Planned<goals::v1::Objective>&);
template absl::Status Applier::Ensure(Kind, const Planned<goals::v1::KeyResult>&);

absl::Status Applier::Apply(const Plan& plan) {
  OKR_RETURN_IF_ERROR(Ensure(Kind::kOrganization, plan.organization));
  progress_.Start("people", plan.people.size());
  for (const auto& person : plan.people) {
    OKR_RETURN_IF_ERROR(Ensure(Kind::kPerson, person));
    progress_.Advance();
  }
  progress_.Start("teams", plan.teams.size());
  for (const auto& team : plan.teams) {
    OKR_RETURN_IF_ERROR(Ensure(Kind::kTeam, team));
    progress_.Advance();
  }
  for (const PlannedCycle& cycle : plan.cycles) OKR_RETURN_IF_ERROR(ApplyCycle(cycle, plan));
  // Objectives of cycles that the file does not describe.
  PlannedCycle others;
  OKR_RETURN_IF_ERROR(ApplyCycle(others, plan));
  progress_.Finish();
  return absl::OkStatus();
}

}  // namespace okr::cli
