#include "common/service/write.h"

#include <optional>

#include "absl/strings/match.h"
#include "common/failpoint/failpoint.h"
#include "common/ids/digest.h"
#include "common/status/error.h"
#include "google/protobuf/descriptor.h"

namespace okr::service {
namespace {

std::string TextField(const google::protobuf::Message& message, const char* name) {
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_STRING)
    return "";
  return message.GetReflection()->GetString(message, field);
}

bool BoolField(const google::protobuf::Message& message, const char* name) {
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  return field != nullptr && field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_BOOL &&
         message.GetReflection()->GetBool(message, field);
}

absl::Status CheckRequestId(absl::string_view request_id) {
  if (request_id.size() <= 64) return absl::OkStatus();
  return InvalidFields(
      {{"request_id",
        absl::StrCat("has ", request_id.size(), " bytes; at most 64 are allowed, best a UUID")}});
}

absl::Status NeedsOrganization() {
  return MakeError(
      absl::StatusCode::kPermissionDenied,
      "a token of all organizations may not change anything; use one of the organization",
      {.reason = "PERMISSION_DENIED"});
}

}  // namespace

bool MayNotHaveArrived(const absl::Status& status) {
  const std::string reason = ReasonOf(status);
  return reason == "RESOURCE_NOT_FOUND" || reason == "PERSON_UNKNOWN";
}

std::string RequestDigest(const rpc::Call& call, const google::protobuf::Message& request) {
  std::string text = call.principal.subject;
  text.push_back('\0');
  text.append(call.method.data(), call.method.size());
  text.push_back('\0');
  request.AppendToString(&text);
  return Sha256(text).ToBytes();
}

namespace write_internal {

void Submit(const WriteDeps& deps, const std::shared_ptr<rpc::UnaryCallBase>& call,
            const google::protobuf::Message& request, google::protobuf::Message& response,
            const DecideAny& decide, bool may_catch_up) {
  const rpc::Call& context = call->call();
  if (context.principal.is_everywhere()) return call->Finish(NeedsOrganization());
  std::string request_id = TextField(request, "request_id");
  if (absl::Status status = CheckRequestId(request_id); !status.ok()) return call->Finish(status);

  auto command = std::make_unique<store::Command>();
  command->organization = context.principal.organization;
  command->method = std::string(context.method);
  command->request_id = std::move(request_id);
  command->digest = RequestDigest(context, request);
  command->actor = context.principal.subject;
  command->traceparent = ToTraceparent(context.trace);
  command->deadline = context.deadline;
  command->validate_only = BoolField(request, "validate_only");
  command->decide = decide;
  command->response = &response;
  command->done = [deps, call, &request, &response, decide, may_catch_up](
                      const absl::Status& status, std::optional<store::LogPosition> position) {
    if (may_catch_up && MayNotHaveArrived(status)) {
      deps.catch_up(call->call(),
                    [deps, call, &request, &response, decide](const absl::Status& caught_up) {
                      if (!caught_up.ok()) return call->Finish(caught_up);
                      Submit(deps, call, request, response, decide, false);
                    });
      return;
    }
    if (status.ok() && position) {
      call->call().written.push_back({.source = deps.source,
                                      .epoch = position->epoch,
                                      .shard = static_cast<uint32_t>(position->shard),
                                      .position = position->position});
      if (failpoint::kCompiledIn && absl::EndsWith(call->call().method, "/OpenCycleGrading")) {
        failpoint::Reach(failpoint::FailPoint::kBarrierCommitted);
      }
    }
    call->Finish(status);
  };
  deps.writer->Submit(std::move(command));
}

}  // namespace write_internal
}  // namespace okr::service
