#include "services/scoring/consumers/checkin_events.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/ids/shard.h"
#include "common/names/names.h"
#include "common/postgres/params.h"
#include "common/resources/messages.h"
#include "common/status/macros.h"
#include "okr/events/v1/payloads.pb.h"
#include "services/scoring/consumers/statements.h"
#include "services/scoring/store/facts.h"
#include "services/scoring/store/recompute.h"
#include "services/scoring/store/tables.h"

namespace okr::scoring {
namespace {

namespace events_v1 = ::okr::events::v1;

// What one event says of a key result.
struct Said {
  std::optional<okr::checkins::v1::CheckIn> check_in;
  std::optional<absl::Time> due_time;
  ToldAt told;
};

struct News {
  std::map<std::string, std::vector<Said>> key_results;  // By relative name, in order.
  std::set<std::string> sealed;                          // Relative names of cycles.
};

template <typename Payload>
absl::StatusOr<Payload> Unpack(const events_v1::Event& event) {
  Payload payload;
  if (event.data().UnpackTo(&payload)) return payload;
  return absl::InvalidArgumentError(
      absl::StrCat("the payload of event ", event.id(), " cannot be read"));
}

std::optional<absl::Time> OptionalTime(bool has, const google::protobuf::Timestamp& time) {
  return has ? std::optional(FromTimestamp(time)) : std::nullopt;
}

absl::Status TakeCheckIn(const events_v1::Event& event, Said said, News& news) {
  OKR_ASSIGN_OR_RETURN(events_v1::CheckInEvent payload, Unpack<events_v1::CheckInEvent>(event));
  OKR_ASSIGN_OR_RETURN(const CheckInName name, CheckInName::Parse(payload.check_in().name()));
  said.due_time = OptionalTime(payload.has_next_due_time(), payload.next_due_time());
  said.check_in = std::move(*payload.mutable_check_in());
  news.key_results[std::string(name.key_result().relative())].push_back(std::move(said));
  return absl::OkStatus();
}

absl::Status TakeDue(const events_v1::Event& event, Said said, News& news) {
  OKR_ASSIGN_OR_RETURN(const auto payload, Unpack<events_v1::CheckInDueEvent>(event));
  OKR_ASSIGN_OR_RETURN(const KeyResultName name, KeyResultName::Parse(payload.key_result()));
  said.due_time = OptionalTime(payload.has_due_time(), payload.due_time());
  news.key_results[std::string(name.relative())].push_back(std::move(said));
  return absl::OkStatus();
}

absl::Status TakeSeal(const events_v1::Event& event, News& news) {
  OKR_ASSIGN_OR_RETURN(const auto payload, Unpack<events_v1::CycleSealedEvent>(event));
  OKR_ASSIGN_OR_RETURN(const CycleName name, CycleName::Parse(payload.cycle()));
  news.sealed.insert(std::string(name.relative()));
  return absl::OkStatus();
}

// Events of other kinds move no number.
absl::StatusOr<News> Read(const EventList& events) {
  News news;
  for (const events_v1::Event* event : events) {
    const Said said{.told = {event->position().epoch(), event->position().position()}};
    if (event->data().Is<events_v1::CheckInEvent>()) {
      OKR_RETURN_IF_ERROR(TakeCheckIn(*event, said, news));
    } else if (event->data().Is<events_v1::CheckInDueEvent>()) {
      OKR_RETURN_IF_ERROR(TakeDue(*event, said, news));
    } else if (event->data().Is<events_v1::CycleSealedEvent>()) {
      OKR_RETURN_IF_ERROR(TakeSeal(*event, news));
    }
  }
  return news;
}

// False if nothing was new.
bool Add(const std::vector<Said>& all, stored::Measurements& measurements) {
  bool changed = false;
  for (const Said& said : all) {
    if (said.check_in && AddCheckIn(*said.check_in, measurements)) changed = true;
    if (SetDueTime(said.due_time, said.told, measurements)) changed = true;
  }
  return changed;
}

absl::Status Decide(store::View& view, const std::string& organization, const News& news) {
  // First of all, and before anything is seen that others may be changing.
  view.Want(tables::Books(), "");
  Touched touched;
  for (const auto& [name, said] : news.key_results) {
    const auto found = view.Find(tables::Measurements(), name);
    touched.key_results.insert(name);
    if (!found.ok()) continue;
    stored::Measurements measurements;
    if (*found) measurements = **found;
    if (Add(said, measurements)) {
      view.Put(tables::Measurements(), name, std::move(measurements));
    } else {
      touched.key_results.erase(name);
    }
  }
  for (const std::string& name : news.sealed) {
    const auto found = view.Find(tables::CycleStates(), name);
    if (!found.ok() || (*found && (*found)->sealed())) continue;
    stored::CycleState state;
    if (*found) state = **found;
    state.set_sealed(true);
    view.Put(tables::CycleStates(), name, std::move(state));
  }
  return Recompute(view, organization, touched);
}

}  // namespace

MakeWork CheckInEvents(int shards) {
  return [shards](const std::string& organization, const EventList& events,
                  absl::Time now) -> absl::StatusOr<ScoreWork> {
    OKR_ASSIGN_OR_RETURN(News read, Read(events));
    const auto news = std::make_shared<const News>(std::move(read));
    const auto shard = static_cast<int32_t>(ShardOf(organization, static_cast<uint32_t>(shards)));
    return ScoreWork{
        .prepare =
            [news, organization, shard, now](postgres::Transaction& transaction) {
              if (news->sealed.empty()) return;
              transaction.Enqueue(kBeginSweeps, postgres::Params()
                                                    .Int32(shard)
                                                    .Text(organization)
                                                    .TextArray(news->sealed)
                                                    .Timestamp(now));
            },
        .decide = [news,
                   organization](store::View& view) { return Decide(view, organization, *news); }};
  };
}

}  // namespace okr::scoring
