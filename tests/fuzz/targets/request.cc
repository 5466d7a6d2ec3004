// Line: which request; the rest: its bytes as a client sends them.
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/rpc/invalid_utf8.h"
#include "common/rpc/organization_check.h"
#include "common/rpc/utf8.h"
#include "common/rpc/wire.h"
#include "common/status/error.h"
#include "okr/checkins/v1/checkins_service.pb.h"
#include "okr/directory/v1/directory_service.pb.h"
#include "okr/events/v1/event_log_service.pb.h"
#include "okr/goals/v1/goals_service.pb.h"
#include "okr/scoring/v1/scoring_service.pb.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/targets.h"

namespace okr::fuzz {
namespace {

using google::protobuf::Message;

constexpr size_t kMaxBytes = 2048;

const Message& Prototype(absl::string_view line) {
  if (line == "BatchCreateCheckIns")
    return checkins::v1::BatchCreateCheckInsRequest::default_instance();
  if (line == "CreateOrganization")
    return directory::v1::CreateOrganizationRequest::default_instance();
  if (line == "UpdateTeam") return directory::v1::UpdateTeamRequest::default_instance();
  if (line == "UpdateObjective") return goals::v1::UpdateObjectiveRequest::default_instance();
  if (line == "CreateKeyResult") return goals::v1::CreateKeyResultRequest::default_instance();
  if (line == "GradeKeyResult") return scoring::v1::GradeKeyResultRequest::default_instance();
  if (line == "ListEvents") return events::v1::ListEventsRequest::default_instance();
  return checkins::v1::CreateCheckInRequest::default_instance();
}

grpc::ByteBuffer ToBuffer(absl::string_view bytes) {
  // In two slices, as the network would cut it.
  const size_t half = bytes.size() / 2;
  const grpc::Slice slices[] = {grpc::Slice(bytes.data(), half),
                                grpc::Slice(bytes.data() + half, bytes.size() - half)};
  return {slices, 2};
}

std::string Bytes(const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  OKR_FUZZ_CHECK(buffer.DumpToSingleSlice(&slice).ok(), "");
  return std::string(reinterpret_cast<const char*>(slice.begin()), slice.size());
}

void CheckRefusal(const absl::Status& status, const Message& message, absl::string_view bytes) {
  const okr::ErrorDetails details = DetailsOf(status);
  if (bytes.size() > kMaxBytes) {
    OKR_FUZZ_CHECK(details.reason == "REQUEST_TOO_LARGE", status.ToString());
    return;
  }
  OKR_FUZZ_CHECK(details.reason == "INVALID_FIELDS", status.ToString());
  OKR_FUZZ_CHECK(details.violations.size() <= 100, status.ToString());
  OKR_FUZZ_CHECK(details.violations.empty() ? details.metadata.count("message") == 1 : true,
                 status.ToString());
  for (const FieldViolation& violation : details.violations) {
    const std::string first = violation.field.substr(0, violation.field.find_first_of(".["));
    OKR_FUZZ_CHECK(message.GetDescriptor()->FindFieldByName(first) != nullptr, violation.field);
  }
}

void CheckRequest(const Message& request, absl::string_view bytes) {
  OKR_FUZZ_CHECK(rpc::FindInvalidUtf8(bytes, *request.GetDescriptor()).empty(),
                 request.ShortDebugString());
  grpc::ByteBuffer written;
  OKR_FUZZ_CHECK(rpc::Serialize(request, &written).ok(), request.ShortDebugString());
  const std::unique_ptr<Message> again(request.New());
  OKR_FUZZ_CHECK(rpc::ParseRequest(written, 4 * kMaxBytes, again.get()).ok(),
                 request.ShortDebugString());
  OKR_FUZZ_CHECK(again->SerializeAsString() == Bytes(written), request.ShortDebugString());
}

void CheckOrganization(const Message& request) {
  const rpc::OrganizationCheck check(*request.GetDescriptor());
  const absl::Status own =
      check.Check(request, {.organization = "acme", .role = auth::Role::kMember});
  const absl::Status everywhere =
      check.Check(request, {.organization = auth::kAnyOrganization, .role = auth::Role::kService});
  OKR_FUZZ_CHECK(everywhere.ok(), everywhere.ToString());
  if (own.ok()) return;
  OKR_FUZZ_CHECK(ReasonOf(own) == "WRONG_ORGANIZATION", own.ToString());
  OKR_FUZZ_CHECK(absl::StrContains(request.SerializeAsString(), "organizations/"),
                 request.ShortDebugString());
}

void CheckText(absl::string_view bytes) {
  const std::string text = rpc::ToShortText(bytes, 50);
  OKR_FUZZ_CHECK(text.size() <= 50 && rpc::IsValidUtf8(text), bytes);
  if (bytes.size() <= 50 && rpc::IsValidUtf8(bytes)) OKR_FUZZ_CHECK(text == bytes, bytes);
}

}  // namespace

void Request(absl::string_view input) {
  Input parts(input);
  const std::unique_ptr<Message> request(Prototype(parts.Line()).New());
  const absl::string_view wire = parts.Rest();
  CheckText(wire);
  const absl::Status parsed = rpc::ParseRequest(ToBuffer(wire), kMaxBytes, request.get());
  OKR_FUZZ_CHECK(wire.size() <= kMaxBytes || !parsed.ok(), "");
  if (!parsed.ok()) return CheckRefusal(parsed, *request, wire);
  CheckRequest(*request, wire);
  CheckOrganization(*request);
}

}  // namespace okr::fuzz
