#include "absl/strings/str_cat.h"
#include "cli/apply/applier.h"
#include "cli/commands/commands.h"
#include "cli/config/files.h"
#include "cli/plan/plan.h"
#include "cli/render/errors.h"
#include "common/status/macros.h"

namespace okr::cli {
namespace {

// Days begin and end in the organization's time zone.
absl::TimeZone ZoneOf(const Plan& plan) {
  absl::TimeZone zone = absl::UTCTimeZone();
  absl::LoadTimeZone(plan.organization.message.time_zone(), &zone);
  return zone;
}

class PlanFile {
 public:
  static absl::StatusOr<PlanFile> Open(const std::string& path) {
    OKR_ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
    SourceErrors errors;
    PlanFile file(path, ParseYaml(text, &errors));
    if (!errors.empty()) return UsageError(errors.ToText(path));
    return file;
  }

  // As of `moment`; all that is wrong with the file is one error.
  absl::StatusOr<Plan> Read(absl::string_view organization, const Moment& moment) const {
    SourceErrors errors;
    Plan plan = ReadPlan(root_, organization, moment, &errors);
    if (errors.empty()) return plan;
    return UsageError(absl::StrCat("the plan has ", errors.all().size(),
                                   errors.all().size() == 1 ? " error" : " errors", "\n",
                                   errors.ToText(path_)));
  }

 private:
  PlanFile(std::string path, const YAML::Node& root) : path_(std::move(path)), root_(root) {}

  std::string path_;
  YAML::Node root_;
};

absl::Status RunApply(const std::string& path, Session& session) {
  OKR_ASSIGN_OR_RETURN(const PlanFile file, PlanFile::Open(path));
  const std::string& configured = session.settings().organization;
  const std::string organization =
      configured.empty() ? "" : absl::StrCat("organizations/", configured);
  Moment moment{.now = session.Now(), .zone = absl::UTCTimeZone()};
  moment.today = absl::ToCivilDay(moment.now, moment.zone);
  OKR_ASSIGN_OR_RETURN(Plan plan, file.Read(organization, moment));
  session.UseOrganization(IdOf(plan.organization.name));
  moment.zone = ZoneOf(plan);
  moment.today = absl::ToCivilDay(moment.now, moment.zone);
  OKR_ASSIGN_OR_RETURN(plan, file.Read(organization, moment));

  Progress progress(session.err(), session.shows_progress());
  const Credentials credentials = session.credentials();
  Applier applier(session.client(), credentials, progress);
  OKR_RETURN_IF_ERROR(applier.Open(plan));
  OKR_RETURN_IF_ERROR(applier.ReadExisting(plan.organization.name));
  if (const int64_t days = applier.DaysToMove(plan); days != 0) {
    moment.today += days;
    OKR_ASSIGN_OR_RETURN(plan, file.Read(organization, moment));
  }
  OKR_RETURN_IF_ERROR(applier.Apply(plan));
  for (const std::string& remark : applier.remarks()) session.err() << remark << "\n";
  // JSON is YAML too.
  session.out() << (session.format() == Format::kTable ? applier.summary().ToText()
                                                       : applier.summary().ToJson())
                << "\n";
  return absl::OkStatus();
}

}  // namespace

void AddApplyCommand(Command app, Session& session) {
  Command apply = app.Add("apply", "Make an organization be as a plan file says");
  auto path = std::make_shared<std::string>();
  apply.Take("-f,--file", path.get(), "The plan, YAML; - is standard input").Required();
  session.OnRun(apply, [path, &session] { return RunApply(*path, session); });
}

}  // namespace okr::cli
