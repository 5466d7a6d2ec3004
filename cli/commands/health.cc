#include "absl/strings/str_cat.h"
#include "cli/commands/commands.h"
#include "cli/render/errors.h"

namespace okr::cli {
namespace {

struct Server {
  std::string service;
  std::string address;
};

struct Health {
  Server server;
  std::string state;  // "serving", "not serving" or why it cannot be asked.
  absl::Status status;
};

// `name` as in HealthCheckRequest; "" is the server as a whole.
Health Ask(Session& session, const Server& server, const std::string& name) {
  const auto serving = session.client().IsServing(server.address, name);
  if (IsTlsFailure(serving.status()) || absl::IsNotFound(serving.status())) {
    return {server, absl::IsNotFound(serving.status()) ? "unknown" : "not reachable",
            serving.status()};
  }
  if (!serving.ok()) {
    const bool refused = ExitCodeOf(serving.status()) != kExitUnreachable;
    return {server, refused ? "not serving" : "not reachable",
            Unreachable(server.service, server.address, "it does not answer")};
  }
  if (*serving) return {server, "serving", absl::OkStatus()};
  return {server, "not serving",
          absl::FailedPreconditionError(absl::StrCat(server.service, " at ", server.address,
                                                     " is not serving; its log says why"))};
}

void ShowHealth(const std::vector<Health>& all, Session& session) {
  if (session.format() != Format::kTable) {
    const bool json = session.format() == Format::kJson;
    std::string text = json ? "{" : "";
    for (const Health& health : all) {
      absl::StrAppend(&text, json ? (text.size() > 1 ? ", \"" : "\"") : "", health.server.service,
                      json ? "\": \"" : ": ", health.state, json ? "\"" : "\n");
    }
    session.out() << text << (json ? "}\n" : "");
    return;
  }
  Table table({"service", "address", "state"});
  for (const Health& health : all) {
    table.Add({health.server.service, health.server.address,
               Cell(health.state, health.status.ok() ? Colour::kGreen : Colour::kRed)});
  }
  session.ShowTable(table, "");
}

absl::Status RunHealth(const std::string& address, const std::string& name, Session& session) {
  std::vector<Server> servers;
  if (!address.empty()) {
    servers.push_back({"server", address});
  } else {
    for (const std::string& service : ServiceNames()) {
      servers.push_back({service, AddressOf(session.settings(), service)});
    }
  }
  std::vector<Health> all;
  absl::Status first;
  for (const Server& server : servers) {
    all.push_back(Ask(session, server, name));
    first.Update(all.back().status);
  }
  ShowHealth(all, session);
  return first;
}

}  // namespace

void AddHealthCommand(Command app, Session& session) {
  Command health = app.Add("health", "Ask every service whether it serves");
  auto address = std::make_shared<std::string>();
  health.Take("--address", address.get(), "Ask only this server, host:port");
  auto name = std::make_shared<std::string>();
  health.Take("--service", name.get(),
              "Ask for this health service instead of the whole, e.g. liveness: whether the "
              "process lives, whatever its database does");
  session.OnRun(health, [&session, address, name] { return RunHealth(*address, *name, session); });
}

}  // namespace okr::cli
