#include "services/goals/domain/text.h"

#include "services/goals/domain/domain_test_support.h"

namespace okr::goals {
namespace {

struct TextCase {
  std::string what;
  std::string text;
  TextRule rule;
  bool right;
};

std::string Repeat(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

class Texts : public ::testing::TestWithParam<TextCase> {};

TEST_P(Texts, AreChecked) {
  Violations violations;
  CheckText("f", GetParam().text, GetParam().rule, violations);
  ExpectField(violations, GetParam().right ? "" : "f");
}

INSTANTIATE_TEST_SUITE_P(
    All, Texts,
    ::testing::Values(
        TextCase{"Plain", "Ada", kTitle, true}, TextCase{"EmptyWhereRequired", "", kTitle, false},
        TextCase{"BlankWhereRequired", " \t\n", kReason, false},
        TextCase{"EmptyWhereOptional", "", kWhy, true},
        TextCase{"AtTheLimit", Repeat("x", 200), kTitle, true},
        TextCase{"OverTheLimit", Repeat("x", 201), kTitle, false},
        TextCase{"CharactersNotBytesAtTheLimit", Repeat("\xC3\xA4", 200), kTitle, true},
        TextCase{"CharactersNotBytesOver", Repeat("\xF0\x9F\x8E\xAF", 201), kTitle, false},
        TextCase{"LineFeedInOneLine", "a\nb", kTitle, false},
        TextCase{"TabInOneLine", "a\tb", kTitle, false},
        TextCase{"LineFeedAndTabInMarkdown", "a\n\tb", kDescription, true},
        TextCase{"CarriageReturnInMarkdown", "a\r\nb", kDescription, false},
        TextCase{"Nul", std::string("a\0b", 3), kDescription, false},
        TextCase{"Delete", "a\x7F", kDescription, false},
        TextCase{"C1Control", "a\xC2\x85", kDescription, false},
        TextCase{"NoBreakSpace", "a\xC2\xA0", kTitle, true}),
    [](const auto& info) { return info.param.what; });

TEST(CountCharacters, CountsCodePoints) {
  EXPECT_EQ(CountCharacters("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x8E\xAF"), 4);
}

struct ZoneCase {
  std::string zone;
  bool right;
};

class TimeZones : public ::testing::TestWithParam<ZoneCase> {};

TEST_P(TimeZones, MustBeKnown) {
  Violations violations;
  CheckTimeZone("f", GetParam().zone, violations);
  ExpectField(violations, GetParam().right ? "" : "f");
}

INSTANTIATE_TEST_SUITE_P(All, TimeZones,
                         ::testing::Values(ZoneCase{"", true}, ZoneCase{"UTC", true},
                                           ZoneCase{"Europe/Berlin", true},
                                           ZoneCase{"Europe/Atlantis", false},
                                           ZoneCase{"/etc/passwd", false},
                                           ZoneCase{"../../etc/localtime", false}));

TEST(CheckEmail, TakesAddressesOnly) {
  for (const auto& [email, right] :
       std::vector<std::pair<std::string, bool>>{{"", true},
                                                 {"ada@example.com", true},
                                                 {"ada", false},
                                                 {"@example.com", false},
                                                 {"ada@", false},
                                                 {"a b@example.com", false},
                                                 {Repeat("x", 250) + "@x.de", false}}) {
    Violations violations;
    CheckEmail("f", email, violations);
    ExpectField(violations, right ? "" : "f");
  }
}

}  // namespace
}  // namespace okr::goals
