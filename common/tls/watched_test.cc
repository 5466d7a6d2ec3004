#include "common/tls/watched.h"

#include <gmock/gmock.h>

#include <mutex>
#include <vector>

#include "absl/time/clock.h"
#include "common/log/logger.h"
#include "common/tls/tls_test_support.h"

namespace okr::tls {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class TlsWatched : public TlsTest {
 protected:
  void SetUp() override {
    TlsTest::SetUp();
    log::SetDefault(
        {.service = "test", .sink = [this](absl::string_view line) { lines_.emplace_back(line); }});
    clock_.Set(absl::Now());
    ASSERT_OK_AND_ASSIGN(watched_, Watched::Open("server", files_, clock_));
  }
  void TearDown() override { log::SetDefault({.service = "test"}); }

  absl::Status PutNew(const okr::testing::CertificateRequest& request = {}) {
    const auto issued = authority_->Issue(request);
    if (!issued.ok()) return issued.status();
    return folder_->Put(*issued, authority_->pem());
  }

  FakeClock clock_;
  std::vector<std::string> lines_;
  std::shared_ptr<Watched> watched_;
};

TEST_F(TlsWatched, StaysTheSameWhileNothingChanges) {
  const auto first = watched_->Now();
  EXPECT_EQ(first->certificate, good_.certificate);
  EXPECT_EQ(watched_->Now(), first);
  EXPECT_THAT(lines_, IsEmpty());
}

TEST_F(TlsWatched, TakesWhatASymbolicLinkIsExchangedTo) {
  const auto first = watched_->Now();
  ASSERT_OK(PutNew());
  const auto second = watched_->Now();
  EXPECT_NE(second->certificate, first->certificate);
  EXPECT_EQ(watched_->Now(), second);
  EXPECT_THAT(lines_, ElementsAre(HasSubstr("new TLS files are in use")));
}

TEST_F(TlsWatched, TakesFilesWrittenInPlaceAsSoonAsTheyFit) {
  const auto first = watched_->Now();
  ASSERT_OK_AND_ASSIGN(const IssuedCertificate other, authority_->Issue());
  std::ofstream(folder_->certificate()) << other.certificate;
  EXPECT_EQ(watched_->Now(), first) << "the key is not there yet";
  std::ofstream(folder_->key()) << other.key;
  EXPECT_EQ(watched_->Now()->certificate, other.certificate);
}

TEST_F(TlsWatched, KeepsWhatItHasWhereTheNewIsBrokenAndSaysSoOnce) {
  const auto first = watched_->Now();
  ASSERT_OK_AND_ASSIGN(const IssuedCertificate one, authority_->Issue());
  ASSERT_OK_AND_ASSIGN(const IssuedCertificate other, authority_->Issue());
  ASSERT_OK(folder_->Put({.certificate = one.certificate, .key = other.key}, authority_->pem()));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(watched_->Now(), first);
  EXPECT_THAT(lines_, ElementsAre(AllOf(HasSubstr("\"ERROR\""), HasSubstr("those before stay"),
                                        HasSubstr("--key"), HasSubstr("is not the key of"))));
  lines_.clear();
  ASSERT_OK(folder_->Put({.certificate = "garbage", .key = one.key}, authority_->pem()));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(watched_->Now(), first);
  EXPECT_EQ(lines_.size(), 1u);
  ASSERT_OK(folder_->Put(one, authority_->pem()));
  EXPECT_EQ(watched_->Now()->certificate, one.certificate);
}

TEST_F(TlsWatched, WarnsOnceADayOfACertificateThatEndsWithinAWeek) {
  clock_.Set(watched_->Expiry() - absl::Hours(24 * 7) - absl::Seconds(1));
  watched_->Now();
  EXPECT_THAT(lines_, IsEmpty());
  clock_.Advance(absl::Seconds(2));
  for (int i = 0; i < 3; ++i) watched_->Now();
  EXPECT_THAT(lines_, ElementsAre(AllOf(HasSubstr("\"WARNING\""), HasSubstr("expires soon"))));
  clock_.Advance(absl::Hours(24));
  for (int i = 0; i < 3; ++i) watched_->Now();
  EXPECT_EQ(lines_.size(), 2u);
  clock_.Advance(absl::Hours(24 * 7));
  watched_->Now();
  EXPECT_THAT(lines_.back(), HasSubstr("has expired"));
}

TEST_F(TlsWatched, RefusesToOpenWhatCannotBeUsed) {
  files_.ca.path = "/nowhere";
  EXPECT_THAT(Watched::Open("server", files_), okr::testing::NamesField("--ca"));
}

}  // namespace
}  // namespace okr::tls
