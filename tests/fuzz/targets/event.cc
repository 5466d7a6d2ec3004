// The first line says what the rest is: an "entry" (line: its id; the rest: its bytes), a "payload"
// (line: its type in okr.events.v1; the rest: its bytes) or a "filter" (line: the token's
// organization; the rest: the bytes of an EventFilter).
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/events/event_filter.h"
#include "common/events/position.h"
#include "common/events/projection.h"
#include "common/events/stream_entry.h"
#include "common/ids/shard.h"
#include "common/names/names.h"
#include "common/resources/messages.h"
#include "common/status/error.h"
#include "google/protobuf/util/message_differencer.h"
#include "okr/events/v1/payloads.pb.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/targets.h"

namespace okr::fuzz {
namespace {

namespace v1 = ::okr::events::v1;
using google::protobuf::util::MessageDifferencer;

constexpr absl::string_view kSource = "goals";
constexpr int32_t kShard = 3;

bool Same(const google::protobuf::Message& a, const google::protobuf::Message& b) {
  return MessageDifferencer::Equals(a, b);
}

// A body of a projection, read as the service does that uses it.
template <typename Message>
void CheckBody(const events::ProjectionRow& row) {
  Message message;
  OKR_FUZZ_CHECK(message.ParseFromString(row.body), row.name);
  const auto value = FromProto(message);
  if (!value.ok()) return CheckNamesFields(value.status());
  OKR_FUZZ_CHECK(value->name.ToString() == message.name(), message.name());
  OKR_FUZZ_CHECK(value->name.relative() == row.name, message.name());
  const Message written = ToProto(*value);
  const auto again = FromProto(written);
  OKR_FUZZ_CHECK(again.ok(), written.ShortDebugString());
  const Message rewritten = ToProto(*again);
  OKR_FUZZ_CHECK(rewritten.SerializeAsString() == written.SerializeAsString(),
                 absl::StrCat(written.ShortDebugString(), " / ", rewritten.ShortDebugString()));
}

void CheckRow(const v1::Event& event) {
  const auto row = events::RowOf(event);
  if (!row.ok()) {
    OKR_FUZZ_CHECK(absl::IsInvalidArgument(row.status()), row.status().ToString());
    return;
  }
  if (!row->has_value()) return;
  OKR_FUZZ_CHECK((*row)->version == event.subject_version(), event.ShortDebugString());
  const google::protobuf::Any& data = event.data();
  if (data.Is<v1::OrganizationEvent>()) CheckBody<directory::v1::Organization>(**row);
  if (data.Is<v1::PersonEvent>()) CheckBody<directory::v1::Person>(**row);
  if (data.Is<v1::TeamEvent>()) CheckBody<directory::v1::Team>(**row);
  if (data.Is<v1::CycleEvent>()) CheckBody<directory::v1::Cycle>(**row);
  if (data.Is<v1::ObjectiveEvent>()) CheckBody<goals::v1::Objective>(**row);
  if (data.Is<v1::KeyResultEvent>()) CheckBody<goals::v1::KeyResult>(**row);
}

void CheckEntry(absl::string_view id, absl::string_view bytes) {
  const std::optional<events::LogPosition> at = events::LogPosition::FromEntryId(id);
  if (at) {
    OKR_FUZZ_CHECK(at->epoch >= 0 && at->position >= 0, id);
    OKR_FUZZ_CHECK(events::LogPosition::FromEntryId(at->ToEntryId()) == at, id);
  }
  const std::optional<v1::Event> event = events::EventOfEntry(kSource, kShard, id, bytes);
  if (!event) return;
  OKR_FUZZ_CHECK(at.has_value(), id);
  OKR_FUZZ_CHECK(events::PositionOf(*event) == *at, id);
  OKR_FUZZ_CHECK(event->position().shard() == kShard && event->position().source() == kSource, id);
  const std::string written = event->SerializeAsString();
  const auto again = events::EventOfEntry(kSource, kShard, at->ToEntryId(), written);
  OKR_FUZZ_CHECK(again && Same(*again, *event), event->ShortDebugString());
  CheckRow(*event);
}

void CheckPayload(absl::string_view type, absl::string_view bytes) {
  v1::Event event;
  event.set_id("event");
  event.set_subject_version(7);
  event.mutable_data()->set_type_url(absl::StrCat("type.googleapis.com/okr.events.v1.", type));
  event.mutable_data()->set_value(std::string(bytes));
  CheckRow(event);
}

void CheckFilter(absl::string_view organization, absl::string_view bytes) {
  v1::EventFilter filter;
  if (!filter.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return;
  const bool everywhere = organization == auth::kAnyOrganization;
  const auth::Principal principal{.organization = std::string(organization),
                                  .role = everywhere ? auth::Role::kService : auth::Role::kMember};
  const auto read = events::ToLogFilter(principal, filter);
  if (!read.ok()) {
    if (absl::IsPermissionDenied(read.status())) {
      OKR_FUZZ_CHECK(ReasonOf(read.status()) == "WRONG_ORGANIZATION", organization);
    } else {
      CheckNamesFields(read.status());
    }
    return;
  }
  OKR_FUZZ_CHECK(everywhere || read->organization_id == organization, organization);
  OKR_FUZZ_CHECK(read->shard >= 0 && read->types.size() <= 100, filter.ShortDebugString());
  const events::LogStates states = {{0, {}}, {1, {}}};
  const auto shard = events::FindShard(*read, states);
  if (!shard.ok()) return CheckNamesFields(shard.status(), "filter.shard");
  OKR_FUZZ_CHECK(*shard == 0 || *shard == 1, "");
}

}  // namespace

void Event(absl::string_view input) {
  Input parts(input);
  const absl::string_view mode = parts.Line();
  const absl::string_view line = parts.Line();
  if (mode == "entry") return CheckEntry(line, parts.Rest());
  if (mode == "payload") return CheckPayload(line, parts.Rest());
  if (mode == "filter") return CheckFilter(line, parts.Rest());
  // What is no mode is the input of an event.
  CheckEntry("1700000000-42", input);
}

}  // namespace okr::fuzz
