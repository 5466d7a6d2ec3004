// Each line is a flag, or with "$" before it a variable of the environment, or with "<" before it a
// line of the secret's file. A line that speaks of a file gives that file, a folder or none as the
// secret's file instead of what it says, so that nothing else of the machine is read.
#include <sys/mman.h>
#include <unistd.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/config/schema.h"
#include "common/config/sources.h"
#include "common/status/error.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/targets.h"

namespace okr::fuzz {
namespace {

enum class Level { kInfo, kDebug };

struct Values {
  std::string listen = "0.0.0.0:7443";
  std::string secret;
  int workers = 4;
  int64_t bytes = 1024;
  bool reflection = true;
  absl::Duration timeout = absl::Seconds(5);
  Level level = Level::kInfo;
  std::vector<std::string> peers;

  bool operator==(const Values&) const = default;
};

void Describe(config::Schema& schema, Values* values) {
  schema.String("listen", &values->listen).Help("Address to serve on");
  schema.String("secret", &values->secret).Required().Secret();
  schema.Int("workers", &values->workers, 1, 64);
  schema.Int("bytes", &values->bytes, int64_t{-5}, int64_t{1} << 60);
  schema.Bool("reflection", &values->reflection);
  schema.Duration("timeout", &values->timeout, absl::Milliseconds(1), absl::Minutes(5));
  schema.Enum("log-level", &values->level, {{"info", Level::kInfo}, {"debug", Level::kDebug}});
  schema.StringList("peers", &values->peers);
  schema.IgnoreEnvironment("OKR_TEST_");
}

// A file in memory, with a path.
class SecretFile {
 public:
  SecretFile() : file_(memfd_create("secret", MFD_CLOEXEC)) {}
  ~SecretFile() { close(file_); }
  SecretFile(const SecretFile&) = delete;
  SecretFile& operator=(const SecretFile&) = delete;

  void Append(absl::string_view line) const {
    const std::string text = absl::StrCat(line, "\n");
    OKR_FUZZ_CHECK(write(file_, text.data(), text.size()) == static_cast<ssize_t>(text.size()), "");
  }
  // Itself, a folder or none.
  std::string PathFor(absl::string_view line) const {
    if (absl::EndsWith(line, "/")) return "/";
    return absl::EndsWith(line, "!") ? "/no/such/file" : absl::StrCat("/proc/self/fd/", file_);
  }

 private:
  const int file_;
};

struct Sources {
  std::vector<std::string> args;
  std::map<std::string, std::string> environment;
};

void AddVariable(absl::string_view line, const SecretFile& file, Sources* sources) {
  const size_t equals = line.find('=');
  if (equals == absl::string_view::npos) return;
  if (absl::StrContains(absl::AsciiStrToLower(line), "file")) {
    sources->environment["OKR_SECRET_FILE"] = file.PathFor(line);
  } else {
    sources->environment[std::string(line.substr(0, equals))] =
        std::string(line.substr(equals + 1));
  }
}

Sources ReadSources(absl::string_view input, const SecretFile& file) {
  Sources sources;
  for (const std::string& line : Lines(input)) {
    if (absl::StartsWith(line, "$")) {
      AddVariable(absl::string_view(line).substr(1), file, &sources);
    } else if (absl::StartsWith(line, "<")) {
      file.Append(absl::string_view(line).substr(1));
    } else if (absl::StrContains(absl::AsciiStrToLower(line), "file")) {
      sources.args.push_back(absl::StrCat("--secret-file=", file.PathFor(line)));
    } else {
      sources.args.push_back(line);
    }
  }
  return sources;
}

// The flags that give these values.
std::vector<std::string> ToFlags(const Values& values) {
  return {absl::StrCat("--listen=", values.listen),
          absl::StrCat("--secret=", values.secret),
          absl::StrCat("--workers=", values.workers),
          absl::StrCat("--bytes=", values.bytes),
          absl::StrCat("--reflection=", values.reflection ? "true" : "false"),
          absl::StrCat("--timeout=", absl::FormatDuration(values.timeout)),
          absl::StrCat("--log-level=", values.level == Level::kInfo ? "info" : "debug"),
          absl::StrCat("--peers=", absl::StrJoin(values.peers, ","))};
}

void CheckAccepted(const config::Schema& schema, const Values& values) {
  OKR_FUZZ_CHECK(!values.secret.empty(), "");
  OKR_FUZZ_CHECK(values.workers >= 1 && values.workers <= 64, "");
  OKR_FUZZ_CHECK(values.bytes >= -5 && values.bytes <= int64_t{1} << 60, "");
  OKR_FUZZ_CHECK(values.timeout >= absl::Milliseconds(1) && values.timeout <= absl::Minutes(5), "");
  for (const std::string& peer : values.peers) {
    OKR_FUZZ_CHECK(!peer.empty() && absl::StripAsciiWhitespace(peer) == peer, peer);
  }
  OKR_FUZZ_CHECK(absl::StrContains(schema.Print(), "secret = ********  ("), schema.Print());

  Values again;
  config::Schema second("okr-fuzz", "Reads settings again.");
  Describe(second, &again);
  const auto loaded = second.Load(ToFlags(values), {});
  OKR_FUZZ_CHECK(loaded.ok(), config::ErrorLine("okr-fuzz", loaded.status()));
  // Less than a nanosecond is not written.
  OKR_FUZZ_CHECK(absl::AbsDuration(again.timeout - values.timeout) <= absl::Nanoseconds(1), "");
  again.timeout = values.timeout;
  OKR_FUZZ_CHECK(again == values, schema.Print());
}

}  // namespace

void Config(absl::string_view input) {
  const SecretFile file;
  const Sources sources = ReadSources(input, file);
  Values values;
  config::Schema schema("okr-fuzz", "Reads settings.");
  Describe(schema, &values);
  const auto action = schema.Load(sources.args, sources.environment);
  OKR_FUZZ_CHECK(absl::StartsWith(schema.Help(), "okr-fuzz: "), schema.Help());
  if (!action.ok()) {
    CheckNamesFields(action.status());
    OKR_FUZZ_CHECK(absl::StartsWith(config::ErrorLine("okr-fuzz", action.status()), "okr-fuzz: "),
                   action.status().ToString());
  } else if (*action != config::Action::kHelp) {
    CheckAccepted(schema, values);
  }
}

}  // namespace okr::fuzz
