#include "cli/config/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "cli/config/files.h"
#include "common/testing/certificate_authority.h"
#include "common/testing/status_matchers.h"

namespace okr::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class SettingsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "/okrctl-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& text) {
    const std::string path = folder_ + "/config.yaml";
    EXPECT_OK(WriteFile(path, text, 0600));
    return path;
  }

  std::string folder_;
};

TEST_F(SettingsTest, TheFileBeatsDefaults) {
  Settings settings;
  ASSERT_OK(ReadSettings(
      Write("goals_address: goals:1\norganization: acme\ndevelopment: {key_dir: keys, as: ada}\n"),
      &settings));
  EXPECT_EQ(settings.goals_address, "goals:1");
  EXPECT_EQ(settings.scoring_address, "127.0.0.1:7103");
  EXPECT_EQ(settings.development_as, "ada");
  EXPECT_EQ(settings.development_key_dir, folder_ + "/keys");
}

TEST_F(SettingsTest, TlsIsSpokenIfAnyOfItsSettingsSaysSo) {
  ASSERT_OK_AND_ASSIGN(const auto authority, okr::testing::CertificateAuthority::Make());
  ASSERT_OK(WriteFile(folder_ + "/ca.crt", authority->pem(), 0600));
  Settings settings;
  EXPECT_FALSE(TlsOf(settings)->on);
  ASSERT_OK(ReadSettings(Write("ca_file: ca.crt\n"), &settings));
  ASSERT_OK_AND_ASSIGN(const TlsSettings tls, TlsOf(settings));
  EXPECT_TRUE(tls.on);
  EXPECT_EQ(tls.files.ca.path, folder_ + "/ca.crt");
  EXPECT_TRUE(TlsOf({.tls = "true"})->on);
  EXPECT_FALSE(TlsOf({.tls = "false"})->on);
}

TEST_F(SettingsTest, TlsSettingsThatCannotBeAreRefused) {
  const auto refusal = [](const Settings& settings) {
    return std::string(TlsOf(settings).status().message());
  };
  EXPECT_THAT(refusal({.tls = "yes"}), HasSubstr("tls: \"yes\" is not true or false"));
  EXPECT_THAT(refusal({.tls = "false", .ca_file = "/ca"}), HasSubstr("leave out one or the other"));
  EXPECT_THAT(refusal({.ca_file = "/nowhere/ca"}), HasSubstr("ca_file: \"/nowhere/ca\" cannot"));
  EXPECT_THAT(refusal({.key_file = "/nowhere/key"}), HasSubstr("certificate_file: is missing"));
}

TEST_F(SettingsTest, EveryWrongKeyIsNamed) {
  Settings settings;
  const absl::Status status =
      ReadSettings(Write("organisation: acme\ndevelopment: {keydir: keys}\n"), &settings);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr(":1:1: \"organisation\" is no setting; did you mean \"organization\"?"));
  EXPECT_THAT(std::string(status.message()),
              HasSubstr(":2:15: \"keydir\" is no setting; did you mean \"key_dir\"?"));
}

TEST_F(SettingsTest, WithoutAFileNothingChanges) {
  Settings settings;
  EXPECT_OK(ReadSettings(folder_ + "/none.yaml", &settings));
}

TEST_F(SettingsTest, TokensAreNotShown) {
  Settings settings;
  settings.token = "abc.def.ghi";
  EXPECT_THAT(ShowSettings(settings, "/x"), Not(HasSubstr("abc")));
}

TEST_F(SettingsTest, WhatIsWrittenCanBeRead) {
  Settings settings;
  settings.organization = "acme";
  settings.development_key_dir = "/keys";
  Settings read;
  ASSERT_OK(ReadSettings(Write(WriteSettings(settings)), &read));
  EXPECT_EQ(read.organization, "acme");
  EXPECT_EQ(read.development_key_dir, "/keys");
}

TEST_F(SettingsTest, ThePathComesFromTheEnvironmentTheFolderOrHome) {
  EXPECT_EQ(SettingsPath({{"OKRCTL_CONFIG", "/x"}}, folder_), "/x");
  EXPECT_EQ(SettingsPath({{"HOME", "/h"}}, folder_), "/h/.config/okrctl/config.yaml");
  ASSERT_OK(WriteFile(folder_ + "/.local/okrctl.yaml", "", 0600));
  EXPECT_EQ(SettingsPath({{"HOME", "/h"}}, folder_), folder_ + "/.local/okrctl.yaml");
}

}  // namespace
}  // namespace okr::cli
