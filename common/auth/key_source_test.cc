#include "common/auth/key_source.h"

#include <gtest/gtest.h>

#include "common/auth/auth_test_support.h"
#include "common/testing/status_matchers.h"

namespace okr::auth {
namespace {

class KeySourceTest : public ::testing::Test {
 protected:
  KeySourceTest() : served_(std::make_shared<Served>(Served{.jwks = issuer_.Jwks()})) {}

  std::unique_ptr<KeySource> Make(bool local) {
    return std::make_unique<KeySource>(
        std::make_unique<FakeFetcher>(served_, local),
        KeySource::Options{
            .issuer = kIssuer, .background = false, .on_change = [this] { ++changes_; }});
  }

  const TestIssuer issuer_;
  const std::shared_ptr<Served> served_;
  int changes_ = 0;
};

TEST_F(KeySourceTest, ReadsALocalSourceAtOnce) {
  EXPECT_NE(Make(/*local=*/true)->keys(), nullptr);
  EXPECT_EQ(changes_, 1);
}

TEST_F(KeySourceTest, LeavesARemoteSourceToTheBackground) {
  EXPECT_EQ(Make(/*local=*/false)->keys(), nullptr);
  EXPECT_EQ(served_->fetches, 0);
}

TEST_F(KeySourceTest, KeepsOldKeysWhenTheSourceFails) {
  const auto source = Make(/*local=*/true);
  const auto before = source->keys();
  served_->jwks = absl::UnavailableError("gone");
  EXPECT_FALSE(source->Refresh().ok());
  served_->jwks = "rubbish";
  EXPECT_FALSE(source->Refresh().ok());
  EXPECT_EQ(source->keys(), before);
  EXPECT_EQ(changes_, 1);
}

TEST_F(KeySourceTest, TellsOnlyOfRealChanges) {
  const auto source = Make(/*local=*/true);
  EXPECT_OK(source->Refresh());
  EXPECT_EQ(changes_, 1);
  served_->jwks = TestIssuer().Jwks();
  EXPECT_OK(source->Refresh());
  EXPECT_EQ(changes_, 2);
}

TEST_F(KeySourceTest, LimitsReadingsForUnknownKeys) {
  const auto source = Make(/*local=*/true);
  for (int i = 0; i < 100; ++i) source->RefreshForUnknownKey(kNow);
  EXPECT_EQ(served_->fetches, 2);
  source->RefreshForUnknownKey(kNow + absl::Seconds(1));
  EXPECT_EQ(served_->fetches, 3);
}

TEST_F(KeySourceTest, AsksARemoteSourceOnceForUnknownKeys) {
  const auto source = Make(/*local=*/false);
  EXPECT_TRUE(source->RefreshForUnknownKey(kNow));
  EXPECT_TRUE(source->RefreshForUnknownKey(kNow));
  EXPECT_OK(source->Refresh());
  EXPECT_FALSE(source->RefreshForUnknownKey(kNow + absl::Seconds(1)));
  EXPECT_TRUE(source->RefreshForUnknownKey(kNow + absl::Seconds(5)));
}

TEST(KeyFetcher, SaysThatAUrlCannotBeReached) {
  const auto fetcher =
      MakeKeyFetcher({.location = "http://127.0.0.1:1/jwks.json", .timeout = absl::Seconds(2)});
  EXPECT_FALSE(fetcher->IsLocal());
  EXPECT_THAT(fetcher->Fetch(), testing::HasCode(absl::StatusCode::kUnavailable));
}

TEST(KeyFetcher, ReadsAFileByPathOrUrl) {
  const TestIssuer issuer;
  EXPECT_EQ(MakeKeyFetcher({.location = issuer.jwks_path()})->Fetch().value(), issuer.Jwks());
  EXPECT_EQ(MakeKeyFetcher({.location = "file://" + issuer.jwks_path()})->Fetch().value(),
            issuer.Jwks());
}

TEST(KeyFetcher, RefusesAHugeFile) {
  const TemporaryDirectory directory;
  const std::string path = directory.path() + "/huge";
  std::ofstream(path) << std::string((1 << 20) + 1, ' ');
  EXPECT_FALSE(MakeKeyFetcher({.location = path})->Fetch().ok());
}

}  // namespace
}  // namespace okr::auth
