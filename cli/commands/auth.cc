#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/commands/commands.h"
#include "cli/config/files.h"
#include "cli/render/errors.h"
#include "cli/resources/kinds.h"
#include "common/auth/development_issuer.h"
#include "common/status/macros.h"
#include "okr/directory/v1/directory_service.pb.h"

namespace okr::cli {
namespace {

// The file that services read, see common/rpc/token_issuers.h.
std::string IssuersFile(const Settings& settings) {
  return absl::StrCat(
      "# Whose tokens the services believe. This issuer is for development: whoever has its key\n"
      "# may call as anybody.\n"
      "issuers:\n  - issuer: ",
      settings.development_issuer, "\n    audience: ", settings.development_audience,
      "\n    jwks: jwks.json\n");
}

absl::Status Init(Session& session) {
  const std::string& folder = session.settings().development_key_dir;
  if (folder.empty()) return UsageError("where shall the key stand? Use --key-dir FOLDER");
  const absl::Status made = auth::DevelopmentIssuer::GenerateKey(folder);
  if (!made.ok() && !absl::IsAlreadyExists(made)) return UsageError(made.message());
  const std::string issuers = absl::StrCat(folder, "/issuers.yaml");
  if (!std::filesystem::exists(issuers)) {
    OKR_RETURN_IF_ERROR(WriteFile(issuers, IssuersFile(session.settings()), 0644));
  }
  session.Say(
      absl::StrCat(made.ok() ? "made a development key in " : "there is a key in ", folder));
  return absl::OkStatus();
}

struct TokenArgs {
  std::string as;
  std::string role;
  std::string ttl = "12h";
};

absl::Status MakeToken(const TokenArgs& args, Session& session) {
  const auto ttl = ParseSpan(args.ttl);
  if (!ttl.ok() || *ttl == absl::ZeroDuration()) {
    return UsageError(
        absl::StrCat("--ttl: \"", args.ttl, "\" is no span of time; write 12h or 90m"));
  }
  // A service belongs to no organization.
  const bool service = absl::EqualsIgnoreCase(args.role, "SERVICE");
  const std::string organization = service ? "*" : session.settings().organization;
  OKR_ASSIGN_OR_RETURN(const std::string token,
                       session.credentials().Mint(IdOf(args.as), args.role, organization, *ttl));
  session.out() << token << "\n";
  return absl::OkStatus();
}

absl::Status WhoAmI(Session& session) {
  OKR_ASSIGN_OR_RETURN(const std::string organization, session.Organization());
  directory::v1::GetPersonRequest request;
  request.set_name(absl::StrCat(organization, "/people/me"));
  OKR_ASSIGN_OR_RETURN(const auto person, session.client().Call<directory::v1::Person>(request));
  session.Show(person);
  return absl::OkStatus();
}

}  // namespace

void AddAuthCommands(Command app, Session& session) {
  Command auth = app.Add("auth", "Tokens: who calls");
  auth.NeedsOne();

  Command init = auth.Add(
      "init", "Make the key of the development issuer in --key-dir, and issuers.yaml for services");
  session.OnRun(init, [&session] { return Init(session); });

  Command token = auth.Add("token", "Print a token of the development issuer");
  // These stand before the flags of the same name that all commands have.
  auto args = std::make_shared<TokenArgs>();
  token.Take("--as", &args->as, "Whose: the id of a person, or of a service").Required();
  token.Take("--role", &args->role, "ADMIN, MEMBER (default), VIEWER or SERVICE");
  token.Take("--ttl", &args->ttl, "How long it is valid, e.g. 12h (default), 90m, 30d");
  session.OnRun(token, [&session, args] { return MakeToken(*args, session); });

  Command whoami = auth.Add("whoami", "Show the person that the services see");
  session.OnRun(whoami, [&session] { return WhoAmI(session); });
}

}  // namespace okr::cli
