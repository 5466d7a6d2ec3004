// Bytes that no generated stub sends.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/contract/every_rpc.h"
#include "tests/contract/raw_call.h"
#include "tests/contract/raw_http2.h"

namespace okr::contract {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

std::string PathOf(const Rpc& rpc) {
  return absl::StrCat("/", rpc.make()->GetDescriptor()->file()->service(0)->full_name(), "/",
                      rpc.name);
}

class Wire : public ::testing::Test {
 protected:
  static Company& Shared() {
    static Company& company = *[] {
      auto* made = new Company;
      SetScene(*made);
      return made;
    }();
    return company;
  }
  void TearDown() override {
    EXPECT_EQ(company_.Snapshot(), before_);
    EXPECT_OK(suite_.AwaitHealth("goals", true, absl::Seconds(10)));
  }

  absl::Status SendBytes(const std::string& method, const std::string& body,
                         const std::vector<std::pair<std::string, std::string>>& more = {}) {
    RawCall call = {.method = method, .body = body, .metadata = {Bearer(token_)}};
    call.metadata.insert(call.metadata.end(), more.begin(), more.end());
    return Send(suite_, call).status();
  }
  // A GetObjective that would succeed.
  std::string Body() const {
    goals::GetObjectiveRequest request;
    request.set_name(company_.name("objectives/a"));
    return request.SerializeAsString();
  }

  static constexpr char kGet[] = "/okr.goals.v1.GoalsService/GetObjective";

  testing::Suite& suite_ = GoalsSuite();
  Company& company_ = Shared();
  const std::string before_ = company_.Snapshot();
  const std::string token_ =
      suite_.Token({.organization = company_.id(), .subject = "admin", .role = auth::Role::kAdmin});
};

TEST_F(Wire, TheUsualCallPasses) { EXPECT_OK(SendBytes(kGet, Body())); }

TEST_F(Wire, InvalidUtf8IsNamedInEveryRpc) {
  for (const Rpc& rpc : EveryRpc()) {
    const std::string body = absl::StrReplaceAll(rpc.Request(company_)->SerializeAsString(),
                                                 {{"organizations/", "\xff\xfeganizations/"}});
    const absl::Status refused = SendBytes(PathOf(rpc), body);
    EXPECT_THAT(refused, IsRefused("INVALID_FIELDS")) << rpc.name;
    EXPECT_THAT(DetailsOf(refused).violations, Not(IsEmpty())) << rpc.name;
  }
}

TEST_F(Wire, InvalidUtf8IsNamedOnEveryLevel) {
  const auto request = company_.ann().Parse<goals::CreateKeyResultRequest>(
      "parent: '$O/objectives/a' key_result { title: 'BADBAD' metric { target: 1 unit: 'BADBAD' }"
      " }");
  for (const char* bad : {"\xff\xff\xff\xff\xff\xff", "\xc0\xaf\xc0\xaf\xc0\xaf",
                          "\xed\xa0\x80\xed\xa0\x80", "abcde\xe2", "\xf5\x80\x80\x80zz"}) {
    EXPECT_THAT(
        WrongFields(SendBytes("/okr.goals.v1.GoalsService/CreateKeyResult",
                              absl::StrReplaceAll(request.SerializeAsString(), {{"BADBAD", bad}}))),
        ElementsAre("key_result.metric.unit", "key_result.title"));
  }
}

TEST_F(Wire, GarbageIsRefusedByEveryRpc) {
  std::mt19937 random(7);
  for (const Rpc& rpc : EveryRpc()) {
    for (const size_t size : {1, 7, 100, 5'000}) {
      std::string garbage(size, '\0');
      for (char& byte : garbage) byte = static_cast<char>(random());
      EXPECT_EQ(SendBytes(PathOf(rpc), garbage).code(), absl::StatusCode::kInvalidArgument)
          << rpc.name << " " << size;
    }
  }
}

TEST_F(Wire, TruncatedMessagesAreRefused) {
  const std::string body = Body();
  for (size_t size = 1; size < body.size(); ++size) {
    EXPECT_EQ(SendBytes(kGet, body.substr(0, size)).code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST_F(Wire, LengthsBeyondTheEndAreRefused) {
  EXPECT_THAT(SendBytes(kGet, "\x0a\xff\xff\xff\xff\x07"), IsRefused("INVALID_FIELDS"));
  EXPECT_THAT(SendBytes(kGet, "\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
              IsRefused("INVALID_FIELDS"));
}

TEST_F(Wire, DeepNestingIsRefused) {
  EXPECT_EQ(SendBytes(kGet, std::string(1'000'000, '\x0b')).code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(Wire, UnknownFieldsAreIgnored) {
  EXPECT_OK(SendBytes(kGet, Body() + "\xfa\x3e\x03xyz"));  // Field 1007.
}

TEST_F(Wire, TheLastOfARepeatedFieldCounts) {
  goals::GetObjectiveRequest other;
  other.set_name("nonsense");
  EXPECT_OK(SendBytes(kGet, other.SerializeAsString() + Body()));
  EXPECT_THAT(WrongFields(SendBytes(kGet, Body() + other.SerializeAsString())),
              ElementsAre("name"));
}

TEST_F(Wire, UnknownMethodsAndServices) {
  for (const char* method :
       {"/okr.goals.v1.GoalsService/NoSuch", "/okr.goals.v9.GoalsService/GetObjective", "/",
        "/okr.goals.v1.GoalsService/", "/okr.goals.v1.GoalsService/getobjective",
        "//okr.goals.v1.GoalsService/GetObjective",
        "/okr.scoring.v1.ScoringService/GetTeamScorecard"}) {
    EXPECT_THAT(SendBytes(method, Body()), IsRefused("METHOD_UNKNOWN")) << method;
  }
}

TEST_F(Wire, MetadataOverTheLimit) {
  for (const size_t size : {9'000, 60'000, 1'000'000}) {
    const absl::Status refused = SendBytes(kGet, Body(), {{"x-large", std::string(size, 'x')}});
    EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted) << size << ": " << refused;
  }
  std::vector<std::pair<std::string, std::string>> many;
  for (int i = 0; i < 500; ++i) many.emplace_back(absl::StrCat("x-", i), "0123456789");
  EXPECT_FALSE(SendBytes(kGet, Body(), many).ok());
  EXPECT_OK(SendBytes(kGet, Body()));
}

TEST_F(Wire, NonsenseInTheMetadataThatIsRead) {
  for (const char* token : {"x", ":::", "goals:1:2", "goals:x:y:z", "goals:-1:-1:-1",
                            "goals:99999999999999999999:1:1", ",,,,"}) {
    const absl::Status answer = SendBytes(kGet, Body(), {{"okr-consistency-token", token}});
    EXPECT_TRUE(answer.ok() || answer.code() == absl::StatusCode::kInvalidArgument ||
                answer.code() == absl::StatusCode::kOutOfRange)
        << token << ": " << answer;
  }
  for (const char* trace :
       {"x", "00-0-0-0", "ff-ffffffffffffffffffffffffffffffff-ffffffffffffffff-ff"}) {
    EXPECT_OK(SendBytes(kGet, Body(), {{"traceparent", trace}})) << trace;
  }
}

TEST_F(Wire, OtherProtocolsOnThePort) {
  std::mt19937 random(7);
  std::string noise(50'000, '\0');
  for (char& byte : noise) byte = static_cast<char>(random());
  for (const std::string& bytes :
       {std::string("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), noise, std::string("\x16\x03\x01\x02"),
        Http2Request({}).substr(0, 24) + noise}) {
    Exchange(suite_.address("goals"), bytes, absl::Milliseconds(200));
    EXPECT_OK(SendBytes(kGet, Body()));
  }
}

TEST_F(Wire, RawHeadersAreAnswered) {
  Headers headers = CallHeaders("/no.Such/Method");
  const std::string answer =
      Exchange(suite_.address("goals"), Http2Request(headers), absl::Milliseconds(500));
  EXPECT_THAT(answer, ::testing::HasSubstr("There is no method"))
      << "else the next test tests nothing";
}

// A server of this gRPC version can be aborted by such headers (CVE-2023-1428) unless the sum of
// them is refused first.
TEST_F(Wire, CraftedHeadersDoNotEndTheProcess) {
  const std::vector<std::pair<std::string, std::string>> crafted = {
      {"te", "x"},           {":scheme", "x"},      {"grpclb_client_stats", "x"}, {":method", "x"},
      {"content-type", "x"}, {"grpc-timeout", "x"}, {"grpc-encoding", "x"}};
  for (const auto& [name, value] : crafted) {
    for (const size_t size : {7'000, 9'000, 20'000, 100'000}) {
      Headers headers = CallHeaders(kGet);
      std::erase_if(headers, [&](const auto& header) { return header.first == name; });
      headers.emplace_back(name, value);
      headers.emplace_back("x-large", std::string(size, 'x'));
      for (const bool indexed : {false, true}) {
        Exchange(suite_.address("goals"), Http2Request(headers, indexed), absl::Milliseconds(100));
      }
      ASSERT_OK(SendBytes(kGet, Body())) << name << ", " << size << ":\n" << suite_.LogOf("goals");
    }
  }
}

}  // namespace
}  // namespace okr::contract
