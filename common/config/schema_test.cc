#include "common/config/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "common/testing/status_matchers.h"

namespace okr::config {
namespace {

using ::okr::testing::NamesField;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

enum class Level { kInfo, kDebug };

struct Config {
  std::string listen = "0.0.0.0:7443";
  std::string database_url;
  int workers = 4;
  double share = 0.5;
  bool reflection = true;
  absl::Duration timeout = absl::Seconds(5);
  Level level = Level::kInfo;
  std::string keys;
  std::vector<std::string> peers;
};

class SchemaTest : public ::testing::Test {
 protected:
  SchemaTest() : schema_("okr-test", "Tests settings.") {
    schema_.String("listen", &config_.listen).Help("Address to serve on");
    schema_.String("database-url", &config_.database_url).Required().Secret().Help("libpq URL");
    schema_.Int("workers", &config_.workers, 1, 64);
    schema_.Real("share", &config_.share, 0, 1);
    schema_.Bool("reflection", &config_.reflection);
    schema_.Duration("timeout", &config_.timeout, absl::Milliseconds(1), absl::Minutes(5));
    schema_.Enum("log-level", &config_.level, {{"info", Level::kInfo}, {"debug", Level::kDebug}});
    schema_.Path("keys", &config_.keys).MustExist();
    schema_.StringList("peers", &config_.peers);
  }

  // Loads with the required setting given.
  absl::StatusOr<Action> Load(std::vector<std::string> args,
                              std::map<std::string, std::string> environment = {}) {
    environment.emplace("OKR_DATABASE_URL", "postgres://secret");
    return schema_.Load(args, environment);
  }

  Config config_;
  Schema schema_;
};

TEST_F(SchemaTest, KeepsDefaults) {
  EXPECT_EQ(Load({}).value(), Action::kRun);
  EXPECT_EQ(config_.listen, "0.0.0.0:7443");
  EXPECT_EQ(config_.workers, 4);
}

TEST_F(SchemaTest, ReadsEveryKindFromFlags) {
  ASSERT_OK(Load({"--listen=a:1", "--workers", "8", "--reflection=false", "--timeout=1m30s",
                  "--log-level", "debug", "--keys=/dev/null", "--peers=a, b,,c"}));
  EXPECT_EQ(config_.listen, "a:1");
  EXPECT_EQ(config_.workers, 8);
  EXPECT_FALSE(config_.reflection);
  EXPECT_EQ(config_.timeout, absl::Seconds(90));
  EXPECT_EQ(config_.level, Level::kDebug);
  EXPECT_EQ(config_.keys, "/dev/null");
  EXPECT_THAT(config_.peers, ElementsAre("a", "b", "c"));
}

TEST_F(SchemaTest, ReadsNumbersInTheirRange) {
  EXPECT_EQ(Load({"--share=0.25"}).value(), Action::kRun);
  EXPECT_EQ(config_.share, 0.25);
  for (const char* wrong : {"-0.1", "1.01", "nan", "half", ""}) {
    EXPECT_THAT(Load({absl::StrCat("--share=", wrong)}), NamesField("--share")) << wrong;
  }
  EXPECT_EQ(config_.share, 0.25);
}

TEST_F(SchemaTest, ReadsTheEnvironment) {
  ASSERT_OK(Load({}, {{"OKR_WORKERS", "9"}, {"OKR_LOG_LEVEL", "debug"}, {"HOME", "/"}}));
  EXPECT_EQ(config_.workers, 9);
  EXPECT_EQ(config_.level, Level::kDebug);
  EXPECT_EQ(config_.database_url, "postgres://secret");
}

TEST_F(SchemaTest, PrefersFlagsToTheEnvironment) {
  ASSERT_OK(Load({"--workers=2"}, {{"OKR_WORKERS", "9"}}));
  EXPECT_EQ(config_.workers, 2);
}

TEST_F(SchemaTest, TakesABoolFlagAlone) {
  config_.reflection = false;
  ASSERT_OK(Load({"--reflection", "--workers=2"}));
  EXPECT_TRUE(config_.reflection);
}

TEST_F(SchemaTest, ProposesTheNearestFlag) {
  const auto loaded = Load({"--lisen=a:1"});
  EXPECT_THAT(loaded, NamesField("--lisen"));
  EXPECT_THAT(ErrorLine("okr-test", loaded.status()), HasSubstr("did you mean --listen?"));
}

TEST_F(SchemaTest, ProposesTheNearestVariable) {
  const auto loaded = Load({}, {{"OKR_DATABASE_URI", "x"}});
  EXPECT_THAT(ErrorLine("okr-test", loaded.status()), HasSubstr("did you mean OKR_DATABASE_URL?"));
}

TEST_F(SchemaTest, ProposesNothingFarAway) {
  EXPECT_THAT(ErrorLine("okr-test", Load({"--zzzzzzzzzzzz=1"}).status()),
              HasSubstr("unknown setting, see --help"));
}

TEST_F(SchemaTest, NamesEveryWrongSetting) {
  const auto loaded = Load({"--workers=65", "--timeout=soon", "--log-level=loud", "stray",
                            "--keys=/no/such/file", "--listen"},
                           {{"OKR_REFLECTION", "perhaps"}});
  for (const char* field :
       {"--workers", "--timeout", "--log-level", "stray", "--keys", "--listen", "OKR_REFLECTION"}) {
    EXPECT_THAT(loaded, NamesField(field));
  }
}

TEST_F(SchemaTest, SaysItInOneLine) {
  const std::string line = ErrorLine("okr-test", Load({"--workers=65", "--timeout=x"}).status());
  EXPECT_EQ(line,
            "okr-test: --workers: is \"65\", expected a whole number from 1 to 64; --timeout: is "
            "\"x\", expected a duration from 1ms to 5m, as in 1m30s");
}

TEST_F(SchemaTest, MissesRequiredSettings) {
  EXPECT_THAT(schema_.Load({}, {}), NamesField("--database-url"));
}

TEST_F(SchemaTest, ReadsASecretFromAFile) {
  const std::string path = ::testing::TempDir() + "/okr_config_secret";
  std::ofstream(path) << "from the file\n";
  ASSERT_OK(schema_.Load({"--database-url-file", path}, {}));
  std::remove(path.c_str());
  EXPECT_EQ(config_.database_url, "from the file");
}

TEST_F(SchemaTest, NamesASecretFileThatIsNotThere) {
  EXPECT_THAT(schema_.Load({"--database-url-file=/no/such/file"}, {}),
              NamesField("--database-url-file"));
}

TEST_F(SchemaTest, ShowsAnEmptyArgument) { EXPECT_THAT(Load({""}), NamesField("\"\"")); }

TEST_F(SchemaTest, RefusesAFolderForASecretFile) {
  EXPECT_THAT(schema_.Load({"--database-url-file", ::testing::TempDir()}, {}),
              NamesField("--database-url-file"));
}

TEST_F(SchemaTest, RefusesAnEndlessSecretFile) {
  EXPECT_THAT(schema_.Load({"--database-url-file=/dev/zero"}, {}),
              NamesField("--database-url-file"));
}

TEST_F(SchemaTest, ReadsNoFileForWhatIsNoSecret) {
  EXPECT_THAT(Load({"--listen-file=/dev/null"}), NamesField("--listen-file"));
}

TEST_F(SchemaTest, AppliesAServiceRule) {
  std::string value;
  schema_.String("color", &value).Check([](absl::string_view text) {
    return text == "red" ? std::string("is not liked") : std::string();
  });
  EXPECT_THAT(Load({"--color=red"}), NamesField("--color"));
  EXPECT_EQ(value, "");
  EXPECT_OK(Load({"--color=blue"}));
}

TEST_F(SchemaTest, HelpListsEverySetting) {
  EXPECT_EQ(Load({"--help", "--wrong"}).value(), Action::kHelp);
  const std::string help = schema_.Help();
  EXPECT_THAT(help, HasSubstr("--database-url"));
  EXPECT_THAT(help, HasSubstr("OKR_LOG_LEVEL"));
  EXPECT_THAT(help, HasSubstr("info|debug"));
  EXPECT_THAT(help, HasSubstr("Address to serve on (default 0.0.0.0:7443)"));
}

TEST_F(SchemaTest, PrintMasksSecrets) {
  EXPECT_EQ(Load({"--print-config", "--workers=2"}).value(), Action::kPrintConfig);
  const std::string printed = schema_.Print();
  EXPECT_THAT(printed, HasSubstr("workers = 2  (--workers)\n"));
  EXPECT_THAT(printed, HasSubstr("timeout = 5s  (default)\n"));
  EXPECT_THAT(printed, HasSubstr("database-url = ********  (OKR_DATABASE_URL)\n"));
  EXPECT_THAT(printed, Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace okr::config
