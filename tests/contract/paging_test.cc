// What holds of every list.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/contract/company.h"

namespace okr::contract {
namespace {

using ::testing::ElementsAre;

constexpr int kItems = 7;

auto& ItemsOf(const directory::ListPeopleResponse& page) { return page.people(); }
auto& ItemsOf(const directory::ListTeamsResponse& page) { return page.teams(); }
auto& ItemsOf(const directory::ListCyclesResponse& page) { return page.cycles(); }
auto& ItemsOf(const goals::ListObjectivesResponse& page) { return page.objectives(); }
auto& ItemsOf(const goals::ListKeyResultsResponse& page) { return page.key_results(); }

// A company with at least kItems of everything that is listed; lists do not change it.
Company& Filled() {
  static Company& company = *[] {
    auto* made = new Company;
    for (int i = 0; i < kItems; ++i) {
      EXPECT_OK(made->admin().Call<directory::CreatePersonRequest>(absl::StrCat(
          "parent: '$O' person_id: 'p", i, "' person { display_name: 'P' subject: 'p", i, "' }")));
      EXPECT_OK(made->admin().Call<directory::CreateTeamRequest>(
          absl::StrCat("parent: '$O' team_id: 't", i, "' team { display_name: 'T' }")));
      made->MakeCycle(absl::StrCat("c", i));
      made->MakeObjective(absl::StrCat("o", i));
      made->MakeKeyResult("o0", absl::StrCat("k", i));
    }
    return made;
  }();
  return company;
}

template <typename T>
class Lists : public ::testing::Test {
 protected:
  T Request(int page_size = 0, const std::string& token = "") const {
    T request;
    const bool key_results = std::is_same_v<T, goals::ListKeyResultsRequest>;
    request.set_parent(key_results ? Filled().name("objectives/o0") : Filled().name());
    request.set_page_size(page_size);
    request.set_page_token(token);
    return request;
  }
  Client& client() { return Filled().ann(); }
};

using ListRequests = ::testing::Types<directory::ListPeopleRequest, directory::ListTeamsRequest,
                                      directory::ListCyclesRequest, goals::ListObjectivesRequest,
                                      goals::ListKeyResultsRequest>;
TYPED_TEST_SUITE(Lists, ListRequests);

TYPED_TEST(Lists, GiveAllItemsOnceInTheOrderOfNames) {
  std::vector<std::string> whole;
  const auto all = this->client().Send(this->Request(1000));
  ASSERT_OK(all);
  EXPECT_EQ(all->next_page_token(), "");
  for (const auto& item : ItemsOf(*all)) whole.push_back(item.name());
  EXPECT_GE(whole.size(), size_t{kItems});
  EXPECT_TRUE(std::is_sorted(whole.begin(), whole.end()));
  for (const int size : {1, 2, kItems, static_cast<int>(whole.size())}) {
    std::vector<std::string> paged;
    std::string token;
    do {
      const auto page = this->client().Send(this->Request(size, token));
      ASSERT_OK(page);
      EXPECT_LE(ItemsOf(*page).size(), size);
      for (const auto& item : ItemsOf(*page)) paged.push_back(item.name());
      token = page->next_page_token();
      ASSERT_LE(paged.size(), whole.size());
    } while (!token.empty());
    EXPECT_EQ(paged, whole);
  }
}

TYPED_TEST(Lists, TakeFiftyIfNoSizeIsGivenAndLowerTooLargeOnes) {
  EXPECT_OK(this->client().Send(this->Request(0)));
  EXPECT_OK(this->client().Send(this->Request(1001)));
  EXPECT_OK(this->client().Send(this->Request(std::numeric_limits<int32_t>::max())));
}

TYPED_TEST(Lists, RefuseNegativeSizes) {
  EXPECT_THAT(WrongFields(this->client().Send(this->Request(-1))), ElementsAre("page_size"));
  EXPECT_THAT(WrongFields(this->client().Send(this->Request(std::numeric_limits<int32_t>::min()))),
              ElementsAre("page_size"));
}

TYPED_TEST(Lists, RefuseForgedTokens) {
  const auto page = this->client().Send(this->Request(1));
  ASSERT_OK(page);
  const std::string token = page->next_page_token();
  ASSERT_NE(token, "");
  for (size_t i = 0; i < token.size(); i += 7) {
    std::string forged = token;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    if (forged == token) continue;
    EXPECT_THAT(WrongFields(this->client().Send(this->Request(1, forged))),
                ElementsAre("page_token"))
        << i;
  }
  for (const std::string& forged :
       {std::string("x"), token + "A", token.substr(1), token + token, std::string(100'000, 'A'),
        std::string("../../etc"), std::string("' OR 1=1 --")}) {
    EXPECT_THAT(WrongFields(this->client().Send(this->Request(1, forged))),
                ElementsAre("page_token"))
        << forged.substr(0, 100);
  }
}

TYPED_TEST(Lists, RefuseTheTokenOfAnotherList) {
  std::vector<std::string> others;
  const auto add = [&](auto request) {
    if (std::is_same_v<decltype(request), TypeParam>) return;
    request.set_page_size(1);
    others.push_back(this->client().Send(request)->next_page_token());
  };
  const std::string parent = absl::StrCat("parent: '", Filled().name(), "'");
  add(this->client().template Parse<directory::ListPeopleRequest>(parent));
  add(this->client().template Parse<directory::ListTeamsRequest>(parent));
  add(this->client().template Parse<directory::ListCyclesRequest>(parent));
  add(this->client().template Parse<goals::ListObjectivesRequest>(parent));
  for (const std::string& token : others) {
    EXPECT_THAT(WrongFields(this->client().Send(this->Request(1, token))),
                ElementsAre("page_token"));
  }
}

TEST(PageTokens, AreBoundToTheFilter) {
  Client& ann = Filled().ann();
  const auto page = ann.Call<goals::ListObjectivesRequest>("parent: '$O' page_size: 1");
  ASSERT_OK(page);
  for (const char* other : {"cycle: '$O/cycles/now'", "owner: '$O/people/ann'",
                            "state: OBJECTIVE_STATE_DRAFT", "show_deleted: true"}) {
    EXPECT_THAT(WrongFields(ann.Call<goals::ListObjectivesRequest>(absl::StrCat(
                    "parent: '$O' page_token: '", page->next_page_token(), "' ", other))),
                ElementsAre("page_token"))
        << other;
  }
}

TEST(PageTokens, AreBoundToTheParent) {
  Client& ann = Filled().ann();
  const auto page =
      ann.Call<goals::ListKeyResultsRequest>("parent: '$O/objectives/o0' page_size: 1");
  ASSERT_OK(page);
  EXPECT_THAT(WrongFields(ann.Call<goals::ListKeyResultsRequest>(absl::StrCat(
                  "parent: '$O/objectives/-' page_token: '", page->next_page_token(), "'"))),
              ElementsAre("page_token"));
}

TEST(PageTokens, AreOfNoUseInAnotherOrganization) {
  const auto page = Filled().ann().Call<directory::ListPeopleRequest>("parent: '$O' page_size: 1");
  ASSERT_OK(page);
  Company other;
  EXPECT_THAT(WrongFields(other.ann().Call<directory::ListPeopleRequest>(
                  absl::StrCat("parent: '$O' page_token: '", page->next_page_token(), "'"))),
              ElementsAre("page_token"));
}

TEST(ListPages, WithMuchThatIsPrivateStillComeToTheEnd) {
  Company company;
  for (int i = 0; i < 12; ++i) {
    company.MakeObjective(absl::StrCat("o", i), i % 4 == 3 ? "" : "visibility: VISIBILITY_PRIVATE");
  }
  std::set<std::string> seen;
  std::string token;
  int pages = 0;
  do {
    const auto page = company.ben().Call<goals::ListObjectivesRequest>(
        absl::StrCat("parent: '$O' page_size: 2 page_token: '", token, "'"));
    ASSERT_OK(page);
    for (const auto& objective : page->objectives()) seen.insert(objective.name());
    token = page->next_page_token();
    ASSERT_LT(++pages, 20);
  } while (!token.empty());
  EXPECT_EQ(seen.size(), 3U);
}

}  // namespace
}  // namespace okr::contract
