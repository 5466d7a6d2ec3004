#include "common/paging/page_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace okr::paging {
namespace {

using ::okr::testing::HasReason;
using ::okr::testing::NamesField;
using ::testing::ElementsAre;

const PageScope kScope{.method = "okr.goals.v1.GoalsService/ListObjectives",
                       .parent = "organizations/acme",
                       .filter = "state = ACTIVE",
                       .order_by = "title"};

PageTokenCodec Codec(char key = 'k') {
  return PageTokenCodec::Create(std::string(32, key)).value();
}

TEST(PageToken, CarriesTheLastKey) {
  const std::string token = Codec().Encode(kScope, {"Grow: \"10:x\"", "", "objectives/1"});
  ASSERT_OK_AND_ASSIGN(const auto key, Codec().Decode(kScope, token));
  ASSERT_TRUE(key.has_value());
  EXPECT_THAT(*key, ElementsAre("Grow: \"10:x\"", "", "objectives/1"));
}

TEST(PageToken, IsUrlSafe) {
  const std::string token = Codec().Encode(kScope, {std::string(100, '\xff')});
  EXPECT_EQ(token.find_first_of("+/="), std::string::npos);
}

TEST(PageToken, IsAbsentForTheFirstPage) {
  ASSERT_OK_AND_ASSIGN(const auto key, Codec().Decode(kScope, ""));
  EXPECT_FALSE(key.has_value());
}

TEST(PageToken, BelongsToItsScope) {
  const std::string token = Codec().Encode(kScope, {"a"});
  for (std::string PageScope::*member : {&PageScope::method, &PageScope::parent, &PageScope::filter,
                                         &PageScope::order_by, &PageScope::caller}) {
    PageScope other = kScope;
    other.*member += "x";
    EXPECT_THAT(Codec().Decode(other, token), NamesField("page_token"));
  }
}

TEST(PageToken, DoesNotMixNeighboringFields) {
  const PageScope ab{.filter = "a", .order_by = "b"};
  const PageScope ba{.filter = "ab", .order_by = ""};
  EXPECT_THAT(Codec().Decode(ba, Codec().Encode(ab, {"x"})), HasReason("INVALID_FIELDS"));
}

TEST(PageToken, OfAnotherKeyIsRefused) {
  EXPECT_THAT(Codec('k').Decode(kScope, Codec('j').Encode(kScope, {"a"})),
              NamesField("page_token"));
}

TEST(PageToken, IsRefusedWhenAnyCharacterChanges) {
  const std::string token = Codec().Encode(kScope, {"objectives/1"});
  for (size_t i = 0; i < token.size(); ++i) {
    std::string forged = token;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    const auto key = Codec().Decode(kScope, forged);
    // The last character may carry bits beyond the last byte.
    if (i + 1 < token.size()) {
      EXPECT_THAT(key, NamesField("page_token")) << i;
    }
  }
}

TEST(PageToken, RefusesWhatIsNone) {
  for (const std::string& token :
       {std::string("x"), std::string("1"), std::string("!!!!"), std::string(20, 'A'),
        std::string(24, 'A'), std::string(10'000'000, 'A'), std::string("\xff\xfe")}) {
    EXPECT_THAT(Codec().Decode(kScope, token), NamesField("page_token"));
  }
}

TEST(PageTokenCodec, RefusesAShortKey) { EXPECT_FALSE(PageTokenCodec::Create("short").ok()); }

}  // namespace
}  // namespace okr::paging
