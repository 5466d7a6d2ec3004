#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "cli/commands/columns.h"
#include "cli/commands/commands.h"
#include "cli/render/errors.h"
#include "cli/render/fields.h"
#include "cli/render/status.h"
#include "common/status/macros.h"
#include "okr/checkins/v1/checkins_service.pb.h"

namespace okr::cli {
namespace {

using checkins::v1::CheckIn;

struct CheckInArgs {
  std::string key_result;
  std::optional<double> value;
  std::optional<double> confidence;
  std::optional<std::string> milestones_done;
  std::string note;
  std::vector<std::string> blockers;
  std::string help_from;
  std::string stated_status;
  std::string reason;
  std::string effective_time;
  std::string corrects;
  std::string id;
  bool validate_only = false;
};

absl::Status FillBlockers(const CheckInArgs& args, Session& session, CheckIn* check_in) {
  for (const std::string& text : args.blockers) check_in->add_blockers()->set_text(text);
  if (args.help_from.empty()) return absl::OkStatus();
  if (args.blockers.empty()) return UsageError("--help-from says who can help with a --blocker");
  OKR_ASSIGN_OR_RETURN(*check_in->mutable_blockers(0)->mutable_help_from(),
                       session.Name(args.help_from, {Kind::kPerson, Kind::kTeam}));
  return absl::OkStatus();
}

absl::Status FillStatus(const CheckInArgs& args, CheckIn* check_in) {
  if (args.stated_status.empty()) return absl::OkStatus();
  scoring::v1::Status status;
  if (!scoring::v1::Status_Parse(absl::StrCat("STATUS_", args.stated_status), &status)) {
    return UsageError("--status is ON_TRACK, AT_RISK or OFF_TRACK");
  }
  check_in->mutable_stated_status()->set_status(status);
  check_in->mutable_stated_status()->set_reason(args.reason);
  return absl::OkStatus();
}

absl::Status FillTime(const CheckInArgs& args, absl::string_view key_result, Session& session,
                      CheckIn* check_in) {
  if (!args.effective_time.empty()) {
    OKR_ASSIGN_OR_RETURN(const absl::Time time,
                         session.TimeOf("--effective-time", args.effective_time));
    check_in->mutable_effective_time()->set_seconds(absl::ToUnixSeconds(time));
  }
  if (!args.corrects.empty()) {
    check_in->set_corrects(absl::StrCat(key_result, "/checkIns/", IdOf(args.corrects)));
    check_in->set_correction_reason(args.reason);
  }
  return absl::OkStatus();
}

absl::Status RunCheckIn(const CheckInArgs& args, Session& session) {
  checkins::v1::CreateCheckInRequest request;
  OKR_ASSIGN_OR_RETURN(*request.mutable_parent(), session.Name(args.key_result, Kind::kKeyResult));
  request.set_check_in_id(args.id);
  request.set_validate_only(args.validate_only);
  CheckIn& check_in = *request.mutable_check_in();
  if (args.value.has_value()) check_in.set_value(*args.value);
  if (args.milestones_done.has_value()) {
    check_in.mutable_milestones_done();  // None done is a measurement too.
    for (const absl::string_view id :
         absl::StrSplit(*args.milestones_done, ',', absl::SkipEmpty())) {
      check_in.mutable_milestones_done()->add_ids(std::string(absl::StripAsciiWhitespace(id)));
    }
  }
  if (args.confidence.has_value()) check_in.set_confidence(*args.confidence);
  check_in.set_note(args.note);
  OKR_RETURN_IF_ERROR(FillBlockers(args, session, &check_in));
  OKR_RETURN_IF_ERROR(FillStatus(args, &check_in));
  OKR_RETURN_IF_ERROR(FillTime(args, request.parent(), session, &check_in));
  OKR_ASSIGN_OR_RETURN(const auto recorded, session.client().Call<CheckIn>(request));
  session.Show(recorded);
  return absl::OkStatus();
}

absl::Status ListCheckIns(const std::string& text, Session& session) {
  checkins::v1::ListCheckInsRequest request;
  const auto key_result = session.Name(text, {Kind::kKeyResult, Kind::kObjective});
  OKR_RETURN_IF_ERROR(key_result.status());
  const bool whole_objective = key_result->find("/keyResults/") == std::string::npos;
  request.set_parent(absl::StrCat(*key_result, whole_objective ? "/keyResults/-" : ""));
  OKR_ASSIGN_OR_RETURN(const auto items, session.client().ListAll(&request));
  if (!session.ShowDocuments(items)) {
    session.ShowTable(ListTable(Kind::kCheckIn, items), "no check-ins");
  }
  return absl::OkStatus();
}

struct DueArgs {
  std::string owner = "people/me";
  bool all = false;
  std::string before;
};

// Nothing is said of what becomes due only later.
Cell StandsAt(const checkins::v1::DueCheckIn& due, absl::Time now) {
  if (due.overdue()) return {"overdue", Colour::kRed};
  if (due.due_time().seconds() <= absl::ToUnixSeconds(now)) return {"due", Colour::kYellow};
  return "";
}

absl::Status RunDue(const DueArgs& args, Session& session) {
  checkins::v1::ListDueCheckInsRequest request;
  OKR_ASSIGN_OR_RETURN(*request.mutable_parent(), session.Organization());
  if (!args.all) {
    OKR_ASSIGN_OR_RETURN(*request.mutable_owner(),
                         session.Name(args.owner, {Kind::kPerson, Kind::kTeam}));
  }
  if (!args.before.empty()) {
    OKR_ASSIGN_OR_RETURN(const absl::Time time, session.EndOf("--before", args.before));
    request.mutable_due_before()->set_seconds(absl::ToUnixSeconds(time));
  }
  OKR_ASSIGN_OR_RETURN(const auto items, session.client().ListAll(&request));
  if (session.ShowDocuments(items)) return absl::OkStatus();
  Table table({"key result", "title", "owner", "due", "", "last check-in"});
  for (const auto& item : items) {
    const auto& due = dynamic_cast<const checkins::v1::DueCheckIn&>(*item);
    table.Add({ShortName(due.key_result()), due.title(), ShortName(due.owner()),
               TimeText(due.due_time().seconds()), StandsAt(due, session.Now()),
               due.has_last_check_in() ? TimeText(due.last_check_in().effective_time().seconds())
                                       : "never"});
  }
  session.ShowTable(table, "no check-ins are due; --before +7d looks ahead, --all at everybody's");
  return absl::OkStatus();
}

}  // namespace

void AddCheckInCommands(Command app, Session& session) {
  Command checkin = app.Add("checkin", "Check in on a key result");
  auto args = std::make_shared<CheckInArgs>();
  checkin.Take("key-result", &args->key_result, "OBJECTIVE/KEY-RESULT").Required();
  checkin.Take("--value", &args->value, "What it stands at");
  checkin.Take("--milestones-done", &args->milestones_done,
               "Ids of all milestones that are done, with commas between");
  checkin.Take("--confidence", &args->confidence, "How sure you are, 0.0 to 1.0");
  checkin.Take("--note", &args->note, "What happened");
  checkin.TakeAll("--blocker", &args->blockers, "What is in the way; several times for several");
  checkin.Take("--help-from", &args->help_from, "people/ID or teams/ID that can help");
  checkin.Take("--status", &args->stated_status, "Your view, if it differs from the computed")
      .OneOf({"ON_TRACK", "AT_RISK", "OFF_TRACK"});
  checkin.Take("--reason", &args->reason, "Why, for --status and --corrects");
  checkin.Take("--effective-time", &args->effective_time,
               "When it was observed: 2026-01-31, -3d, \"-1d 16:30\"; now if not given");
  checkin.Take("--corrects", &args->corrects, "Id of the check-in that this one corrects");
  checkin.Take("--id", &args->id, "Id to use");
  checkin.Switch("--validate-only", &args->validate_only, "Only check");
  session.OnRun(checkin, [args, &session] { return RunCheckIn(*args, session); });

  Command checkins = app.Add("checkins", "Look at check-ins");
  checkins.NeedsOne();
  Command list = checkins.Add("list", "Those of a key result, or of a whole objective");
  auto name = std::make_shared<std::string>();
  list.Take("name", name.get(), "OBJECTIVE/KEY-RESULT or OBJECTIVE").Required();
  session.OnRun(list, [name, &session] { return ListCheckIns(*name, session); });

  Command due = app.Add("due", "Key results whose check-in is due");
  auto due_args = std::make_shared<DueArgs>();
  due.Take("--owner", &due_args->owner, "people/ID or teams/ID; you and your teams if not given");
  due.Switch("--all", &due_args->all, "Of everybody");
  due.Take("--before", &due_args->before, "Due until then, e.g. +7d; now if not given");
  session.OnRun(due, [due_args, &session] { return RunDue(*due_args, session); });
}

}  // namespace okr::cli
