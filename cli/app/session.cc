#include "cli/app/session.h"

#include <random>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/render/errors.h"
#include "cli/render/fields.h"
#include "common/status/macros.h"

namespace okr::cli {
namespace {

constexpr char kSettingsGroup[] = "Connection";

double RandomShare() {
  static thread_local std::mt19937 generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(generator);
}

}  // namespace

Session::Session(Surroundings surroundings) : surroundings_(std::move(surroundings)) {}
Session::~Session() = default;

void Session::AddGlobalFlags(Command root) {
  for (const char* service : {"goals", "checkins", "scoring", "notifications"}) {
    root.Take(absl::StrCat("--", service, "-address"), &flags_[absl::StrCat(service, "_address")],
              absl::StrCat("Address of ", service, ", host:port"))
        .Group(kSettingsGroup);
  }
  root.Take("--tls", &flags_["tls"], "Speak TLS: true or false")
      .OneOf({"true", "false"})
      .Group(kSettingsGroup);
  root.Take("--ca-file", &flags_["ca_file"], "PEM: authorities to believe; implies TLS")
      .Group(kSettingsGroup);
  root.Take("--certificate-file", &flags_["certificate_file"], "PEM: client certificate to show")
      .Group(kSettingsGroup);
  root.Take("--key-file", &flags_["key_file"], "PEM: key of that certificate")
      .Group(kSettingsGroup);
  root.Take("-O,--organization", &flags_["organization"], "Id of the organization")
      .Group(kSettingsGroup);
  root.Take("--token-file", &caller_.token_file, "File with the token to call with")
      .Group(kSettingsGroup);
  root.Take("--key-dir", &flags_["development.key_dir"],
            "Folder with the key of the development issuer")
      .Group(kSettingsGroup);
  root.Take("--as", &caller_.as, "Call as this person, by a development token")
      .Group(kSettingsGroup);
  root.Take("--role", &caller_.role, "Role of a development token: ADMIN, MEMBER, VIEWER")
      .Group(kSettingsGroup);
  root.Take("-o,--output", &format_name_, "table, json or yaml").OneOf({"table", "json", "yaml"});
}

void Session::OnRun(Command command, std::function<absl::Status()> action) {
  command.OnGiven([this, action = std::move(action)] { action_ = action; });
}

absl::Status Session::ReadFlags() {
  format_ = format_name_ == "json"   ? Format::kJson
            : format_name_ == "yaml" ? Format::kYaml
                                     : Format::kTable;
  settings_path_ = SettingsPath(surroundings_.environment, surroundings_.directory);
  OKR_RETURN_IF_ERROR(ReadSettings(settings_path_, &settings_));
  for (const SettingInfo& info : AllSettings()) {
    const auto flag = flags_.find(info.key);
    if (flag != flags_.end() && !flag->second.empty()) settings_.*info.member = flag->second;
  }
  settings_.organization = IdOf(settings_.organization);
  const auto token = surroundings_.environment.find("OKRCTL_TOKEN");
  if (token != surroundings_.environment.end()) caller_.environment_token = token->second;
  return absl::OkStatus();
}

absl::Status Session::Run() {
  OKR_RETURN_IF_ERROR(ReadFlags());
  return action_ ? action_() : UsageError("no command was given");
}

const Credentials& Session::credentials() {
  credentials_ = std::make_unique<Credentials>(settings_, caller_, *surroundings_.clock);
  return *credentials_;
}

Client& Session::client() {
  if (client_ == nullptr) {
    memory_ = std::make_unique<ConsistencyMemory>(absl::StrCat(settings_path_, ".state"),
                                                  *surroundings_.clock);
    client_ = std::make_unique<Client>(
        Client::Options{
            .address = [this](absl::string_view service) { return AddressOf(settings_, service); },
            .tls = [this] { return TlsOf(settings_); },
            .token = [this] { return credentials().Token(); },
            .new_request_id = [this] { return NewRequestId(); },
            .sleep = surroundings_.sleep,
            .random = RandomShare,
            .clock = surroundings_.clock},
        memory_.get());
  }
  return *client_;
}

bool Session::colours() const {
  const auto no_colour = surroundings_.environment.find("NO_COLOR");
  return surroundings_.out_is_terminal &&
         (no_colour == surroundings_.environment.end() || no_colour->second.empty());
}

absl::StatusOr<std::string> Session::Organization() const {
  if (settings_.organization.empty()) {
    return UsageError(
        "for which organization? Use --organization ID, or set it in the configuration");
  }
  return absl::StrCat("organizations/", settings_.organization);
}

absl::StatusOr<std::string> Session::Name(absl::string_view text,
                                          const std::vector<Kind>& kinds) const {
  std::string organization;
  if (!settings_.organization.empty()) {
    organization = absl::StrCat("organizations/", settings_.organization);
  } else if (!absl::StartsWith(text, "organizations/") &&
             kinds != std::vector{Kind::kOrganization}) {
    return Organization().status();
  }
  auto name = ResolveName(text, kinds, organization);
  if (!name.ok()) return UsageError(name.status().message());
  return name;
}

Moment Session::moment() const {
  const absl::TimeZone zone = absl::LocalTimeZone();
  return {.now = Now(), .today = absl::ToCivilDay(Now(), zone), .zone = zone};
}

absl::StatusOr<absl::Time> Session::TimeOf(absl::string_view flag, absl::string_view text) const {
  const auto time = ParseTime(text, moment());
  if (!time.ok()) return UsageError(absl::StrCat(flag, ": ", time.status().message()));
  return time;
}

absl::StatusOr<absl::Time> Session::EndOf(absl::string_view flag, absl::string_view text) const {
  const auto time = ParseEnd(text, moment());
  if (!time.ok()) return UsageError(absl::StrCat(flag, ": ", time.status().message()));
  return time;
}

bool Session::ShowDocument(const google::protobuf::Message& message) {
  if (format_ == Format::kTable) return false;
  out() << RenderDocument(message, format_);
  return true;
}

void Session::Show(const google::protobuf::Message& message) {
  if (ShowDocument(message)) return;
  Table table({"field", "value"}, 100);
  for (const auto& [field, value] : AllFieldTexts(message)) table.Add({field, value});
  out() << table.ToText(colours());
}

bool Session::ShowDocuments(
    const std::vector<std::unique_ptr<google::protobuf::Message>>& messages) {
  if (format_ == Format::kTable) return false;
  std::vector<const google::protobuf::Message*> pointers;
  for (const auto& message : messages) pointers.push_back(message.get());
  out() << RenderDocuments(pointers, format_);
  return true;
}

void Session::ShowTable(const Table& table, absl::string_view if_empty) {
  out() << (table.empty() ? absl::StrCat(if_empty, "\n") : table.ToText(colours()));
}

void Session::Say(absl::string_view line) {
  if (format_ == Format::kTable) out() << line << "\n";
}

}  // namespace okr::cli
