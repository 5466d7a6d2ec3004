// okr-bench-load: puts load on a running suite, and measures. Prints one line of JSON for each
// measurement. tests/bench/run knows how to use it.
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/rpc/grpc_status.h"
#include "common/status/macros.h"
#include "tests/bench/load/echo_server.h"
#include "tests/bench/load/fill.h"
#include "tests/bench/load/followers.h"
#include "tests/bench/load/report.h"
#include "tests/bench/load/streams.h"
#include "tests/support/health.h"

namespace okr::bench {
namespace {

struct Flags {
  Dataset::Options dataset;
  std::string keys;
  std::string goals;
  std::string checkins;
  std::string scoring;
  std::string address;
  std::string redis;
  std::string file;
  int in_flight = 64;
  double rate = 0;  // Calls a second in an open loop; 0 for a closed loop.
  double warm_up = 10;
  double seconds = 30;
  int connections = 4;
  int bytes = 0;
  uint64_t seed = static_cast<uint64_t>(absl::ToUnixNanos(absl::Now()));

  Timing timing() const { return {.warm_up = Seconds(warm_up), .measured = Seconds(seconds)}; }
};

// Whom a command that calls the suite calls as.
struct Crowd {
  static absl::StatusOr<std::unique_ptr<Crowd>> Gather(const Flags& flags) {
    auto crowd = std::make_unique<Crowd>(flags);
    OKR_ASSIGN_OR_RETURN(crowd->identities,
                         Identities::Mint(flags.keys, crowd->dataset, absl::Now()));
    return crowd;
  }
  explicit Crowd(const Flags& flags) : dataset(flags.dataset), aims(dataset, flags.seed) {}
  Company company() { return {.dataset = dataset, .identities = identities, .aims = aims}; }

  const Dataset dataset;
  Identities identities;
  Aims aims;
};

Measurement Run(const Flags& flags, Workload& workload) {
  if (flags.rate > 0) return RunOpenLoop(workload, flags.rate, flags.timing());
  return RunClosedLoop(workload, flags.in_flight, flags.timing());
}

Drive DriveOf(const Flags& flags) {
  return [&flags](Workload& workload) { return Run(flags, workload); };
}

void Print(absl::string_view name, Measurement measurement) {
  std::cout << ToJson(name, measurement) << std::endl;
}

absl::Status FillCommand(const Flags& flags) {
  OKR_ASSIGN_OR_RETURN(const auto crowd, Crowd::Gather(flags));
  return Fill(crowd->dataset, crowd->identities, flags.goals, flags.in_flight);
}

absl::Status CheckInCommand(const Flags& flags) {
  OKR_ASSIGN_OR_RETURN(const auto crowd, Crowd::Gather(flags));
  CheckIns workload(crowd->company(), flags.checkins, flags.connections);
  Print("check-in", Run(flags, workload));
  return absl::OkStatus();
}

absl::Status GetCommand(const Flags& flags) {
  OKR_ASSIGN_OR_RETURN(const auto crowd, Crowd::Gather(flags));
  Reads workload(crowd->company(), flags.goals, flags.connections);
  Print("get", Run(flags, workload));
  return absl::OkStatus();
}

void PrintFollowed(Followed followed) {
  Print("check-in", std::move(followed.check_ins));
  Print("lag", std::move(followed.lags));
}

absl::Status EventsCommand(const Flags& flags) {
  OKR_ASSIGN_OR_RETURN(const auto crowd, Crowd::Gather(flags));
  OKR_ASSIGN_OR_RETURN(Followed followed, FollowEvents(crowd->company(), flags.checkins,
                                                       flags.connections, DriveOf(flags)));
  PrintFollowed(std::move(followed));
  return absl::OkStatus();
}

absl::Status ScoresCommand(const Flags& flags) {
  OKR_ASSIGN_OR_RETURN(const auto crowd, Crowd::Gather(flags));
  PrintFollowed(FollowScores(crowd->company(), flags.checkins, flags.scoring, flags.connections,
                             DriveOf(flags)));
  return absl::OkStatus();
}

absl::Status StreamCommand(const Flags& flags) {
  OKR_ASSIGN_OR_RETURN(Measurement measurement,
                       MeasureStream(flags.redis, flags.bytes, flags.rate, flags.timing()));
  Print("stream", std::move(measurement));
  return absl::OkStatus();
}

// What goals answers for a key result, for the echo server to say.
absl::Status SampleCommand(const Flags& flags) {
  OKR_ASSIGN_OR_RETURN(const auto crowd, Crowd::Gather(flags));
  const Company company = crowd->company();
  grpc::ClientContext context;
  Prepare(company, Aim(), context);
  goals::v1::GetKeyResultRequest request;
  request.set_name(company.dataset.KeyResultName(0, 0));
  goals::v1::KeyResult response;
  OKR_RETURN_IF_ERROR(rpc::FromGrpc(goals::v1::GoalsService::NewStub(Connect(flags.goals))
                                        ->GetKeyResult(&context, request, &response)));
  std::ofstream file(flags.file, std::ios::binary);
  if (!response.SerializeToOstream(&file)) {
    return absl::InternalError("cannot write " + flags.file);
  }
  return absl::OkStatus();
}

absl::Status EchoCommand(const Flags& flags) {
  std::ifstream file(flags.file, std::ios::binary);
  std::stringstream reply;
  reply << file.rdbuf();
  if (!file) return absl::NotFoundError("cannot read " + flags.file);
  if (ServeEcho(flags.address, reply.str())) return absl::OkStatus();
  return absl::UnavailableError("cannot listen on " + flags.address);
}

// Prints the time of the steady clock at which the server was SERVING.
absl::Status ServingCommand(const Flags& flags) {
  const auto channel = Connect(flags.address);
  if (!testing::WatchHealth(*channel, true, absl::Now() + absl::Seconds(flags.seconds))) {
    return absl::DeadlineExceededError(flags.address + " is not SERVING");
  }
  const std::chrono::duration<double> now = Clock::now().time_since_epoch();
  std::cout << std::fixed << now.count() << std::endl;
  return absl::OkStatus();
}

void AddCrowdFlags(CLI::App& app, Flags& flags) {
  app.add_option("--keys", flags.keys, "Folder of the development issuer's keys")->required();
  app.add_option("--prefix", flags.dataset.prefix, "Id of the organizations");
  app.add_option("--organizations", flags.dataset.organizations, "How many of them");
  app.add_option("--key-results", flags.dataset.key_results, "Key results of each");
  app.add_option("--seed", flags.seed, "Of what is random; the present time if not given");
  app.add_option("--connections", flags.connections, "To each service");
}

void AddLoopFlags(CLI::App& app, Flags& flags) {
  app.add_option("--in-flight", flags.in_flight, "Calls at once, in a closed loop");
  app.add_option("--rate", flags.rate, "Calls a second, in an open loop");
  app.add_option("--warm-up", flags.warm_up, "Seconds before it counts");
  app.add_option("--seconds", flags.seconds, "Seconds that count");
}

using Command = absl::Status (*)(const Flags&);

struct CommandLine {
  CommandLine() { app.require_subcommand(1); }

  CLI::App& Add(const char* name, const char* about, Command command) {
    CLI::App& added = *app.add_subcommand(name, about);
    added.callback([this, command] { chosen = command; });
    return added;
  }
  CLI::App& AddLoad(const char* name, const char* about, Command command) {
    CLI::App& added = Add(name, about, command);
    AddCrowdFlags(added, flags);
    AddLoopFlags(added, flags);
    return added;
  }

  CLI::App app{"Puts load on a running suite, and measures."};
  Flags flags;
  Command chosen = nullptr;
};

void AddSuiteCommands(CommandLine& line) {
  Flags& flags = line.flags;
  CLI::App& fill = line.AddLoad("fill", "Fills an empty suite with a dataset", FillCommand);
  fill.add_option("--goals", flags.goals)->required();
  line.AddLoad("check-in", "CreateCheckIn", CheckInCommand)
      .add_option("--checkins", flags.checkins)
      ->required();
  line.AddLoad("get", "GetKeyResult", GetCommand).add_option("--goals", flags.goals)->required();
  line.AddLoad("events", "From check-ins to their events at a follower", EventsCommand)
      .add_option("--checkins", flags.checkins)
      ->required();
  CLI::App& scores = line.AddLoad("scores", "From check-ins to their scores", ScoresCommand);
  scores.add_option("--checkins", flags.checkins)->required();
  scores.add_option("--scoring", flags.scoring)->required();
  CLI::App& sample = line.AddLoad("sample", "Writes the answer of a GetKeyResult", SampleCommand);
  sample.add_option("--goals", flags.goals)->required();
  sample.add_option("--file", flags.file)->required();
}

void AddOtherCommands(CommandLine& line) {
  Flags& flags = line.flags;
  CLI::App& stream = line.Add("stream", "From XADD to XREAD", StreamCommand);
  AddLoopFlags(stream, flags);
  stream.add_option("--redis", flags.redis, "Path of its socket")->required();
  stream.add_option("--bytes", flags.bytes, "Of each entry")->required();
  CLI::App& echo = line.Add("echo-server", "Answers GetKeyResult with a file", EchoCommand);
  echo.add_option("--listen", flags.address)->required();
  echo.add_option("--file", flags.file)->required();
  CLI::App& serving = line.Add("serving", "Waits until a server is SERVING", ServingCommand);
  serving.add_option("--address", flags.address)->required();
  serving.add_option("--seconds", flags.seconds, "How long to wait");
}

int Main(int argc, char** argv) {
  CommandLine line;
  AddSuiteCommands(line);
  AddOtherCommands(line);
  CLI11_PARSE(line.app, argc, argv);
  // As the services do, so that gRPC costs the same on both sides, and in the echo server.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  const absl::Status status = line.chosen(line.flags);
  if (status.ok()) return 0;
  std::cerr << "okr-bench-load: " << status << "\n";
  return 1;
}

}  // namespace
}  // namespace okr::bench

int main(int argc, char** argv) {
  const int exit_code = okr::bench::Main(argc, argv);
  // gRPC's threads may still be busy with the last calls: nothing is taken down beneath them.
  std::cout.flush();
  std::_Exit(exit_code);
}
