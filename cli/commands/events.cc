#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/commands/commands.h"
#include "cli/render/errors.h"
#include "cli/render/fields.h"
#include "common/status/macros.h"
#include "okr/events/v1/event_log_service.pb.h"
#include "okr/events/v1/payloads.pb.h"

namespace okr::cli {
namespace {

struct TailArgs {
  std::string service;
  bool from_beginning = false;
  std::vector<std::string> types;
  std::string subject;
  int count = 0;
};

// "okr.goals.v1.ObjectiveCreated" may be written "ObjectiveCreated". The directory is in the log of
// goals.
std::vector<std::string> FullTypes(const std::string& service, const std::string& type) {
  if (absl::StrContains(type, ".")) return {type};
  std::vector<std::string> types = {absl::StrCat("okr.", service, ".v1.", type)};
  if (service == "goals") types.push_back(absl::StrCat("okr.directory.v1.", type));
  return types;
}

std::string LastWord(const std::string& type) { return type.substr(type.rfind('.') + 1); }

void ShowEvent(const events::v1::Event& event, Session& session) {
  if (session.format() != Format::kTable) {
    session.out() << RenderStreamItem(event, session.format());
  } else {
    session.out() << absl::StreamFormat(
        "%s  %d-%d  %-26s %s%s\n", TimeText(event.time().seconds()), event.position().epoch(),
        event.position().position(), LastWord(event.type()), ShortName(event.subject()),
        event.actor().empty() ? "" : absl::StrCat("  by ", ShortName(event.actor())));
  }
  session.out().flush();
}

absl::Status FillFilter(const TailArgs& args, Session& session, events::v1::EventFilter* filter) {
  OKR_ASSIGN_OR_RETURN(*filter->mutable_organization(), session.Organization());
  for (const std::string& type : args.types) {
    for (const std::string& full : FullTypes(args.service, type)) filter->add_types(full);
  }
  if (!args.subject.empty()) {
    OKR_ASSIGN_OR_RETURN(*filter->mutable_subject_prefix(),
                         session.Name(args.subject, {Kind::kObjective, Kind::kKeyResult}));
  }
  return absl::OkStatus();
}

absl::Status RunTail(const TailArgs& args, Session& session) {
  events::v1::SubscribeRequest request;
  OKR_RETURN_IF_ERROR(FillFilter(args, session, request.mutable_filter()));
  request.set_from_beginning(args.from_beginning);
  events::v1::SubscribeResponse response;
  int shown = 0;
  bool done = false;
  while (true) {
    bool progressed = false;
    const auto on_item = [&] {
      progressed = true;
      *request.mutable_after() = response.position();
      if (response.has_event()) {
        ShowEvent(response.event(), session);
        ++shown;
      }
      done = args.count > 0 && shown >= args.count;
      return !done;
    };
    const absl::Status status =
        session.client().Stream(request, &response, on_item, {.service = args.service});
    if (done) return absl::OkStatus();
    // A stream that gave something and then broke goes on where it was.
    if (!progressed || (!status.ok() && !absl::IsUnavailable(status))) return status;
  }
}

absl::Status RunHead(const std::string& service, Session& session) {
  events::v1::GetHeadRequest request;
  OKR_ASSIGN_OR_RETURN(*request.mutable_filter()->mutable_organization(), session.Organization());
  Table table({"log", "shard", "epoch", "position"});
  for (const std::string& name : ServiceNames()) {
    if (!service.empty() && name != service) continue;
    OKR_ASSIGN_OR_RETURN(const auto head,
                         session.client().Call<events::v1::Position>(request, {.service = name}));
    if (session.format() != Format::kTable) {
      session.out() << RenderStreamItem(head, session.format());
      continue;
    }
    table.Add({name, absl::StrCat(head.shard()), absl::StrCat(head.epoch()),
               absl::StrCat(head.position())});
  }
  if (session.format() == Format::kTable) session.ShowTable(table, "");
  return absl::OkStatus();
}

}  // namespace

void AddEventCommands(Command app, Session& session) {
  // Payloads are shown as JSON, for which their types must be linked in.
  google::protobuf::LinkMessageReflection<events::v1::CheckInEvent>();
  Command events = app.Add("events", "The event logs of the services");
  events.NeedsOne();

  Command tail = events.Add("tail", "Show events as they happen, until interrupted");
  auto args = std::make_shared<TailArgs>();
  tail.Take("service", &args->service, "goals, checkins, scoring or notifications")
      .Required()
      .OneOf(ServiceNames());
  tail.Switch("--from-beginning", &args->from_beginning, "All the history first");
  tail.TakeAll("--type", &args->types, "Only this type, e.g. ObjectiveCreated; several times");
  tail.Take("--subject", &args->subject, "Only of this objective or key result");
  tail.Take("--count", &args->count, "Stop after so many events").NotNegative();
  session.OnRun(tail, [args, &session] { return RunTail(*args, session); });

  Command head = events.Add("head", "Where each log ends");
  auto service = std::make_shared<std::string>();
  head.Take("service", service.get(), "Only of this service").OneOf(ServiceNames());
  session.OnRun(head, [service, &session] { return RunHead(*service, session); });
}

}  // namespace okr::cli
