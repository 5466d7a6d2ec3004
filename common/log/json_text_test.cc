#include "common/log/json_text.h"

#include <gtest/gtest.h>

namespace okr::log {
namespace {

std::string Json(absl::string_view text) {
  std::string out;
  AppendJsonString(out, text);
  return out;
}

TEST(JsonString, KeepsPlainText) { EXPECT_EQ(Json("a b"), "\"a b\""); }

TEST(JsonString, EscapesQuotesAndControls) {
  EXPECT_EQ(Json("\"\\\n\r\t"), R"("\"\\\n\r\t")");
  EXPECT_EQ(Json(absl::string_view("\0\x1b\x7f", 3)), R"("\u0000\u001b\u007f")");
}

TEST(JsonString, KeepsValidUtf8) {
  EXPECT_EQ(Json("\xc3\xa4\xe2\x82\xac\xf0\x9f\x8e\xaf"),
            "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x8e\xaf\"");
}

TEST(JsonString, ReplacesInvalidUtf8) {
  EXPECT_EQ(Json("a\xff"), R"("a\ufffd")");
  EXPECT_EQ(Json("\xc3"), R"("\ufffd")");
  EXPECT_EQ(Json("\xc0\xaf"), R"("\ufffd\ufffd")");            // Overlong.
  EXPECT_EQ(Json("\xed\xa0\x80"), R"("\ufffd\ufffd\ufffd")");  // A surrogate.
  EXPECT_EQ(Json("\xe2\x82x"), R"("\ufffd\ufffdx")");
}

}  // namespace
}  // namespace okr::log
