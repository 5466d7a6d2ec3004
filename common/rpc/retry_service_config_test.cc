#include "common/rpc/retry_service_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "okr/checkins/v1/checkins_service.pb.h"
#include "okr/directory/v1/directory_service.pb.h"
#include "okr/events/v1/event_log_service.pb.h"
#include "okr/goals/v1/goals_service.pb.h"
#include "okr/notifications/v1/notifications_service.pb.h"
#include "okr/scoring/v1/scoring_service.pb.h"

namespace okr::rpc {
namespace {

using google::protobuf::MethodDescriptor;

// A write may be tried again only by who sets its request_id, so a config for all cannot do it.
bool MayBeTriedAgain(const MethodDescriptor& method) {
  const std::string& name = method.name();
  const bool reads =
      name.rfind("Get", 0) == 0 || name.rfind("List", 0) == 0 || name.rfind("BatchGet", 0) == 0;
  return reads && !method.server_streaming();
}

std::set<std::string> Reads() {
  std::set<std::string> reads;
  for (const google::protobuf::FileDescriptor* file :
       {okr::directory::v1::GetTeamRequest::descriptor()->file(),
        okr::goals::v1::GetObjectiveRequest::descriptor()->file(),
        okr::checkins::v1::GetCheckInRequest::descriptor()->file(),
        okr::scoring::v1::GetCycleReportRequest::descriptor()->file(),
        okr::notifications::v1::ListNotificationsRequest::descriptor()->file(),
        okr::events::v1::GetHeadRequest::descriptor()->file()}) {
    for (int i = 0; i < file->service(0)->method_count(); ++i) {
      const MethodDescriptor& method = *file->service(0)->method(i);
      if (MayBeTriedAgain(method)) reads.insert(method.full_name());
    }
  }
  return reads;
}

TEST(RetryServiceConfig, NamesEveryReadAndNothingElse) {
  const auto config = nlohmann::json::parse(kRetryServiceConfig);
  std::set<std::string> named;
  for (const auto& name : config["methodConfig"][0]["name"]) {
    named.insert(name["service"].get<std::string>() + "." + name["method"].get<std::string>());
  }
  EXPECT_EQ(named, Reads());
}

// gRPC ends calls as CANCELLED that reach a server while it stops; see
// Channel.NoReadFailsWhileAServerStops.
TEST(RetryServiceConfig, TriesAgainWhatIsUnavailableOrStops) {
  const auto config = nlohmann::json::parse(kRetryServiceConfig);
  ASSERT_EQ(config["methodConfig"].size(), 1u);
  EXPECT_EQ(config["methodConfig"][0]["retryPolicy"]["retryableStatusCodes"],
            nlohmann::json({"UNAVAILABLE", "CANCELLED"}));
}

}  // namespace
}  // namespace okr::rpc
