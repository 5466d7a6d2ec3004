#include "absl/strings/str_cat.h"
#include "cli/commands/commands.h"
#include "cli/render/errors.h"
#include "cli/resources/kinds.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "okr/directory/v1/directory_service.pb.h"

namespace okr::cli {
namespace {

struct BootstrapArgs {
  std::string display_name;
  std::string time_zone;
  std::string administrator = "admin";
  std::string administrator_name;
  std::string subject;
};

directory::v1::CreateOrganizationRequest ToRequest(const BootstrapArgs& args,
                                                   const std::string& organization) {
  directory::v1::CreateOrganizationRequest request;
  request.set_organization_id(organization);
  request.mutable_organization()->set_display_name(args.display_name.empty() ? organization
                                                                             : args.display_name);
  request.mutable_organization()->set_time_zone(args.time_zone);
  const std::string id = IdOf(args.administrator);
  request.set_administrator_id(id);
  request.mutable_administrator()->set_display_name(
      args.administrator_name.empty() ? id : args.administrator_name);
  return request;
}

// An existing organization is as good as a new one; the caller may not be a person of it.
absl::Status SayThatItIsThere(Session& session, const std::string& organization,
                              const CallOptions& options) {
  directory::v1::GetOrganizationRequest request;
  request.set_name(organization);
  OKR_ASSIGN_OR_RETURN(const auto there,
                       session.client().Call<directory::v1::Organization>(request, options));
  if (!session.ShowDocument(there)) {
    session.Say(absl::StrCat("The organization ", there.name(), " (", there.display_name(),
                             ") is there already; nothing was changed."));
  }
  return absl::OkStatus();
}

absl::Status Bootstrap(const BootstrapArgs& args, Session& session) {
  OKR_ASSIGN_OR_RETURN(const std::string organization, session.Organization());
  auto request = ToRequest(args, IdOf(organization));
  const std::string subject = args.subject.empty() ? request.administrator_id() : args.subject;
  request.mutable_administrator()->set_subject(subject);
  CallOptions options;
  if (!session.credentials().is_explicit() && session.credentials().has_development_key()) {
    OKR_ASSIGN_OR_RETURN(
        options.token,
        session.credentials().Mint(subject, "ADMIN", IdOf(organization), absl::Minutes(5)));
  }
  const auto made = session.client().Call<directory::v1::Organization>(request, options);
  if (absl::IsAlreadyExists(made.status())) {
    return SayThatItIsThere(session, organization, options);
  }
  OKR_RETURN_IF_ERROR(made.status());
  if (!session.ShowDocument(*made)) {
    session.Say(absl::StrCat("Made ", made->name(), " (", made->display_name(),
                             ") with its administrator people/", request.administrator_id(), "."));
  }
  return absl::OkStatus();
}

}  // namespace

void AddAdminCommands(Command app, Session& session) {
  Command admin = app.Add("admin", "Running an organization");
  admin.NeedsOne();
  Command bootstrap = admin.Add(
      "bootstrap", "Make the organization of --organization with its first administrator");
  auto args = std::make_shared<BootstrapArgs>();
  bootstrap.Take("--display-name", &args->display_name, "What people call the organization");
  bootstrap.Take("--time-zone", &args->time_zone, "IANA time zone, e.g. Europe/Berlin");
  bootstrap.Take("--admin", &args->administrator, "Id of the administrator (admin)");
  bootstrap.Take("--admin-name", &args->administrator_name, "What people call them");
  bootstrap.Take("--subject", &args->subject,
                 "The \"sub\" of their tokens; as --admin if not given");
  session.OnRun(bootstrap, [&session, args] { return Bootstrap(*args, session); });
}

}  // namespace okr::cli
