#include "common/trace/endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace okr::trace {
namespace {

using ::testing::HasSubstr;

TEST(UsesTls, BySchemeOfTheAddress) {
  EXPECT_FALSE(UsesTls("http://collector.observability:4317", "").value());
  EXPECT_TRUE(UsesTls("https://10.0.0.7:4317", "").value());
  EXPECT_TRUE(UsesTls("https://collector:4317", "/etc/ca.pem").value());
}

TEST(UsesTls, RefusesWhatIsNoAddress) {
  for (const char* wrong :
       {"", "collector:4317", "http://collector", "http://:4317", "http://c:0", "http://c:70000",
        "grpc://c:4317", "http://c:4317/v1/traces", "http://user@c:4317", "HTTP://c:4317"}) {
    const auto status = UsesTls(wrong, "").status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << wrong;
    EXPECT_THAT(std::string(status.message()), HasSubstr("--otlp-endpoint: is \"")) << wrong;
  }
}

TEST(UsesTls, RefusesACaFileWithoutTls) {
  EXPECT_THAT(std::string(UsesTls("http://c:4317", "/etc/ca.pem").status().message()),
              HasSubstr("--otlp-ca-file: is \"/etc/ca.pem\""));
}

}  // namespace
}  // namespace okr::trace
