// One trace from a client through all services, as a collector of spans sees it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/log/trace_context.h"
#include "common/postgres/connection.h"
#include "tests/support/company.h"
#include "tests/support/span_receiver.h"

namespace okr::testing {
namespace {

using ::testing::Contains;
using otlp_span = ::opentelemetry::proto::trace::v1::Span;

constexpr int kInFlight = 64;
constexpr absl::Duration kPatience = absl::Seconds(60);
constexpr char kChanged[] = "process okr.scoring.v1.KeyResultStatusChanged";
constexpr char kCheckedIn[] = "process okr.checkins.v1.CheckInCreated";

std::string TraceId(int i) { return absl::StrFormat("%032x", 0xabc000 + i); }
std::string ClientSpanId(int i) { return absl::StrFormat("%016x", 0xdef000 + i); }

// One call of many at once.
struct Flight {
  grpc::ClientContext context;
  checkins::v1::CreateCheckInRequest request;
  checkins::v1::CheckIn response;
};

class TracesTest : public ::testing::Test {
 protected:
  // All that happens in the suite, once for all tests.
  static void SetUpTestSuite() {
    receiver_ = new SpanReceiver();
    auto started = Suite::Start(
        {.environment = {"OKR_OTLP_ENDPOINT=" + receiver_->endpoint(), "OKR_LOG_LEVEL=debug"}});
    ASSERT_TRUE(started.ok()) << started.status();
    suite_ = started->release();
    Company company(*suite_);
    MakeKeyResults(company);
    CheckInAllAtOnce(company);
    AwaitNotifications();
    StopAll();
    for (const ReceivedSpan& span : receiver_->spans()) {
      EXPECT_TRUE(spans_.emplace(span.span_id, span).second) << span.span_id << " is not unique";
    }
  }
  static void TearDownTestSuite() {
    delete suite_;
    delete receiver_;
  }

  static std::string ObjectiveOf(int i) { return absl::StrCat("o", i % 8); }
  static std::string KeyResultOf(int i) { return absl::StrCat("k", i); }

  static void MakeKeyResults(Company& company) {
    for (int i = 0; i < 8; ++i) {
      std::vector<NewKeyResult> key_results;
      for (int k = i; k < kInFlight; k += 8) key_results.push_back({KeyResultOf(k)});
      company.MakeObjective(ObjectiveOf(i), "", key_results);
    }
    // So that checkins and scoring know them all before the test begins.
    for (int i = 0; i < kInFlight; ++i) {
      EXPECT_OK(company.KeyResultScore("ben", ObjectiveOf(i), KeyResultOf(i)));
    }
  }

  static void CheckInAllAtOnce(Company& company) {
    const auto stub = checkins::v1::CheckinsService::NewStub(suite_->channel("checkins"));
    std::vector<Flight> flights(kInFlight);
    std::mutex mutex;
    std::condition_variable landed;
    int in_flight = kInFlight;
    for (int i = 0; i < kInFlight; ++i) {
      Flight& flight = flights[i];
      company.as("ben").Prepare(flight.context, kPatience);
      flight.context.AddMetadata("traceparent",
                                 absl::StrCat("00-", TraceId(i), "-", ClientSpanId(i), "-01"));
      // No progress at half time: off track, which the owners are told.
      flight.request = company.Parse<checkins::v1::CreateCheckInRequest>(
          "check_in { value: 0 confidence: 0.1 }");
      flight.request.set_parent(company.KeyResultOf(ObjectiveOf(i), KeyResultOf(i)));
      stub->async()->CreateCheckIn(&flight.context, &flight.request, &flight.response,
                                   [&](const grpc::Status& status) {
                                     EXPECT_TRUE(status.ok()) << status.error_message();
                                     const std::lock_guard lock(mutex);
                                     --in_flight;
                                     landed.notify_all();
                                   });
    }
    std::unique_lock lock(mutex);
    landed.wait(lock, [&] { return in_flight == 0; });
  }

  static void AwaitNotifications() {
    const auto all_told = [](const std::vector<ReceivedSpan>& spans) {
      std::set<std::string> told;
      for (const ReceivedSpan& span : spans) {
        if (span.service == "okr-notifications" && span.name == kChanged)
          told.insert(span.trace_id);
      }
      for (int i = 0; i < kInFlight; ++i) {
        if (!told.contains(TraceId(i))) return false;
      }
      return true;
    };
    EXPECT_TRUE(receiver_->Await(all_told, absl::Now() + kPatience));
  }

  // So every span that there is was exported.
  static void StopAll() {
    for (const char* service : {"goals", "checkins", "scoring", "notifications"}) {
      const auto exit_code = suite_->StopService(service, SIGTERM);
      ASSERT_OK(exit_code);
      EXPECT_EQ(*exit_code, 0);
      EXPECT_FALSE(absl::StrContains(suite_->LogOf(service), "spans were dropped"));
    }
  }

  static std::vector<ReceivedSpan> Of(const std::string& trace_id) {
    std::vector<ReceivedSpan> spans;
    for (const auto& [id, span] : spans_) {
      if (span.trace_id == trace_id) spans.push_back(span);
    }
    return spans;
  }
  static bool IsKnown(const std::string& trace_id, const std::string& span_id) {
    const auto span = spans_.find(span_id);
    return span != spans_.end() && span->second.trace_id == trace_id;
  }
  // "service: name" of a span and all above it, the nearest first, and the id above the last.
  static std::vector<std::string> WayUp(const ReceivedSpan& from) {
    std::vector<std::string> way;
    std::string id = from.span_id;
    for (auto span = spans_.find(id); span != spans_.end(); span = spans_.find(id)) {
      way.push_back(absl::StrCat(span->second.service, ": ", span->second.name));
      id = span->second.parent_id;
    }
    way.push_back(id);
    return way;
  }

  inline static SpanReceiver* receiver_ = nullptr;
  inline static Suite* suite_ = nullptr;
  inline static std::map<std::string, ReceivedSpan> spans_;  // By id.
};

TEST_F(TracesTest, ACheckInIsOneTraceFromTheClientToTheInbox) {
  for (int i = 0; i < kInFlight; ++i) {
    std::set<std::vector<std::string>> ways;
    for (const ReceivedSpan& span : Of(TraceId(i))) {
      if (span.service == "okr-notifications" && span.name == kChanged) ways.insert(WayUp(span));
    }
    EXPECT_THAT(
        ways, Contains(std::vector<std::string>{
                  absl::StrCat("okr-notifications: ", kChanged),
                  absl::StrCat("okr-scoring: ", kCheckedIn),
                  "okr-checkins: okr.checkins.v1.CheckinsService/CreateCheckIn", ClientSpanId(i)}))
        << i;
  }
}

TEST_F(TracesTest, EverySpanHasAParentThatIsKnown) {
  std::set<std::string> clients;
  for (int i = 0; i < kInFlight; ++i) clients.insert(ClientSpanId(i));
  for (const auto& [id, span] : spans_) {
    const bool root = span.parent_id.empty() || clients.contains(span.parent_id);
    EXPECT_TRUE(root || IsKnown(span.trace_id, span.parent_id)) << span.service << " " << span.name;
    if (root) {
      EXPECT_EQ(span.kind, otlp_span::SPAN_KIND_SERVER) << span.service << " " << span.name;
    }
  }
}

TEST_F(TracesTest, ABatchIsLinkedWithTheCallsThatItCarriedOutAndTheyWithIt) {
  std::set<std::string> carried;
  size_t largest = 0;
  for (const auto& [id, span] : spans_) {
    for (const SpanLink& link : span.links) {
      EXPECT_TRUE(IsKnown(link.trace_id, link.span_id)) << span.service << " " << span.name;
    }
    if (span.service != "okr-checkins") continue;
    if (span.name == "okr.batch") {
      largest = std::max(largest, span.links.size());
      if (span.links.empty()) carried.insert(span.parent_id);
    } else if (span.name == "okr.batch.member") {
      ASSERT_EQ(span.links.size(), 1);
      const ReceivedSpan& batch = spans_.at(span.links[0].span_id);
      EXPECT_EQ(batch.name, "okr.batch");
      EXPECT_TRUE(
          std::any_of(batch.links.begin(), batch.links.end(), [&span](const SpanLink& link) {
            return link.trace_id == span.trace_id && link.span_id == span.parent_id;
          }));
      carried.insert(span.parent_id);
    }
  }
  EXPECT_GE(largest, 2) << "no two of " << kInFlight << " calls at once were carried out together";
  for (int i = 0; i < kInFlight; ++i) {
    int servers = 0;
    for (const ReceivedSpan& span : Of(TraceId(i))) {
      if (span.kind != otlp_span::SPAN_KIND_SERVER || span.service != "okr-checkins") continue;
      ++servers;
      EXPECT_TRUE(carried.contains(span.span_id)) << "no batch is known to " << i;
    }
    EXPECT_EQ(servers, 1);
  }
}

TEST_F(TracesTest, EventsOfOneTransactionAreLinkedWithIt) {
  size_t largest = 0;
  for (const auto& [id, span] : spans_) {
    if (span.name != "okr.consume") continue;
    largest = std::max(largest, span.links.size());
    for (const SpanLink& link : span.links) {
      const ReceivedSpan& event = spans_.at(link.span_id);
      EXPECT_EQ(event.kind, otlp_span::SPAN_KIND_CONSUMER);
      ASSERT_EQ(event.links.size(), 1);
      EXPECT_EQ(event.links[0].span_id, span.span_id);
    }
  }
  EXPECT_GE(largest, 2);
}

TEST_F(TracesTest, SpansSayWhoMadeThemAndNothingOfPeople) {
  std::map<std::string, std::set<std::string>> instances;
  for (const auto& [id, span] : spans_) {
    EXPECT_EQ(span.version, OKR_VERSION);
    instances[span.service].insert(span.instance);
    for (const std::string& attribute : span.attributes) {
      const std::string value = std::vector<std::string>(absl::StrSplit(attribute, '='))[1];
      EXPECT_FALSE(value == "ben" || absl::StrContains(value, "people/")) << attribute;
    }
  }
  EXPECT_EQ(instances.size(), 4);
  for (const auto& [service, ids] : instances) EXPECT_EQ(ids.size(), 1) << service;
}

TEST_F(TracesTest, TheNotificationsEventCarriesTheTrace) {
  const auto connection = postgres::Connection::Open({.conninfo = suite_->database()});
  ASSERT_OK(connection);
  const auto rows =
      (*connection)
          ->Execute({"", "SELECT DISTINCT traceparent FROM okr_notifications.event_log"}, {},
                    absl::Now() + kPatience);
  ASSERT_OK(rows);
  std::set<std::string> told;
  for (int row = 0; row < rows->rows(); ++row) {
    const auto context = ParseTraceparent(rows->GetText(row, 0));
    if (!context) continue;
    told.insert(context->trace_id);
    EXPECT_TRUE(IsKnown(context->trace_id, context->span_id));
  }
  for (int i = 0; i < kInFlight; ++i) EXPECT_TRUE(told.contains(TraceId(i))) << i;
}

TEST_F(TracesTest, LogLinesOfAllServicesCarryTheTrace) {
  for (const char* service : {"checkins", "scoring", "notifications"}) {
    const std::string log = suite_->LogOf(service);
    for (int i = 0; i < kInFlight; ++i) {
      EXPECT_TRUE(absl::StrContains(log, absl::StrCat("\"trace_id\":\"", TraceId(i), "\"")))
          << service << " " << i;
    }
  }
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// What a service that exports to `collector` by this CA file delivers.
bool Delivers(const SpanReceiver& collector, const std::string& ca_file) {
  const auto suite = Suite::Start(
      {.environment = {"OKR_OTLP_ENDPOINT=" + collector.endpoint(), "OKR_OTLP_CA_FILE=" + ca_file},
       .services = {"goals"}});
  EXPECT_OK(suite);
  Caller nobody(**suite, "no token");
  EXPECT_FALSE(Send(nobody, goals::v1::GetObjectiveRequest()).ok());
  EXPECT_EQ((*suite)->StopService("goals", SIGTERM).value(), 0);
  return !collector.spans().empty();
}

TEST(Traces, ACollectorWithTlsIsVerifiedByTheCaFile) {
  const auto directory = TempDirectory::Make();
  ASSERT_OK(directory);
  const std::string& path = (*directory)->path();
  for (const char* name : {"/collector", "/other"}) {
    ASSERT_OK(
        RunProgram({.arguments = {"/usr/bin/openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                                  "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                                  "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
                                  path + name + ".key", "-out", path + name + ".pem"},
                    .log_path = path + "/openssl.log"},
                   absl::Now() + kPatience));
  }
  const SpanReceiver collector(ReadFile(path + "/collector.key"),
                               ReadFile(path + "/collector.pem"));
  EXPECT_FALSE(Delivers(collector, path + "/other.pem"));
  EXPECT_TRUE(Delivers(collector, path + "/collector.pem"));
}

}  // namespace
}  // namespace okr::testing
