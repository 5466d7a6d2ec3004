#include "cli/render/document.h"

#include <gtest/gtest.h>

#include "okr/goals/v1/resources.pb.h"

namespace okr::cli {
namespace {

goals::v1::KeyResult Sample() {
  goals::v1::KeyResult key_result;
  key_result.set_title("true");
  key_result.set_description("one\ntwo\n");
  key_result.mutable_metric()->set_target(0.1);
  key_result.mutable_start_date()->set_year(2026);
  return key_result;
}

TEST(RenderDocument, JsonIsProto3Json) {
  EXPECT_EQ(RenderDocument(Sample(), Format::kJson),
            "{\n  \"title\": \"true\",\n  \"description\": \"one\\ntwo\\n\",\n  \"metric\": {\n"
            "    \"target\": 0.1\n  },\n  \"startDate\": {\n    \"year\": 2026\n  }\n}\n");
}

TEST(RenderDocument, YamlHasTheNamesOfFilesAndKeepsTexts) {
  EXPECT_EQ(RenderDocument(Sample(), Format::kYaml),
            "title: \"true\"\ndescription: |\n  one\n  two\nmetric:\n  target: 0.1\n"
            "start_date:\n  year: 2026\n");
}

TEST(RenderDocuments, AreAnArray) {
  EXPECT_EQ(RenderDocuments({}, Format::kJson), "[]\n");
  const goals::v1::Alignment a;
  EXPECT_EQ(RenderDocuments({&a}, Format::kJson), "[\n  {}\n]\n");
}

TEST(RenderStreamItem, IsOneLineOfJson) {
  goals::v1::Alignment a;
  a.set_parent("x");
  EXPECT_EQ(RenderStreamItem(a, Format::kJson), "{\"parent\":\"x\"}\n");
}

}  // namespace
}  // namespace okr::cli
