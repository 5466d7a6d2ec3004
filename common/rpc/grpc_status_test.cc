#include "common/rpc/grpc_status.h"

#include <grpcpp/support/status.h>

#include "absl/strings/match.h"
#include "common/testing/status_matchers.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace okr::rpc {
namespace {

using absl::StatusCode;
using testing::HasCode;
using testing::HasReason;

google::rpc::Status Proto(const grpc::Status& status) {
  google::rpc::Status proto;
  EXPECT_TRUE(proto.ParseFromString(status.error_details()));
  return proto;
}

template <typename Detail>
std::vector<Detail> DetailsIn(const grpc::Status& status) {
  std::vector<Detail> found;
  const google::rpc::Status proto = Proto(status);
  for (const auto& any : proto.details()) {
    Detail detail;
    if (any.UnpackTo(&detail)) found.push_back(detail);
  }
  return found;
}

grpc::Status Sent(const absl::Status& status) { return ToGrpc(ToPublic(status, "id-1")); }

TEST(GrpcStatus, OkStaysOk) {
  EXPECT_TRUE(Sent(absl::OkStatus()).ok());
  EXPECT_OK(FromGrpc(grpc::Status::OK));
}

TEST(GrpcStatus, CarriesOneErrorInfo) {
  const grpc::Status status =
      Sent(MakeError(StatusCode::kAborted, "changed since",
                     {.reason = "ETAG_MISMATCH", .metadata = {{"etag", "2"}}}));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::ABORTED);
  EXPECT_EQ(status.error_message(), "changed since");
  EXPECT_EQ(Proto(status).code(), 10);
  EXPECT_EQ(Proto(status).message(), "changed since");
  const auto infos = DetailsIn<google::rpc::ErrorInfo>(status);
  ASSERT_EQ(infos.size(), 1u);
  EXPECT_EQ(infos[0].reason(), "ETAG_MISMATCH");
  EXPECT_EQ(infos[0].domain(), "okr");
  EXPECT_EQ(infos[0].metadata().at("etag"), "2");
  EXPECT_TRUE(DetailsIn<google::rpc::BadRequest>(status).empty());
  EXPECT_TRUE(DetailsIn<google::rpc::RetryInfo>(status).empty());
}

TEST(GrpcStatus, CarriesOneBadRequestWithAllFields) {
  const grpc::Status status = Sent(InvalidFields({{"title", "is empty"}, {"cycle", "is missing"}}));
  const auto requests = DetailsIn<google::rpc::BadRequest>(status);
  ASSERT_EQ(requests.size(), 1u);
  ASSERT_EQ(requests[0].field_violations_size(), 2);
  EXPECT_EQ(requests[0].field_violations(1).field(), "cycle");
  EXPECT_EQ(requests[0].field_violations(1).description(), "is missing");
}

TEST(GrpcStatus, ComesBackWhole) {
  const ErrorDetails details{.reason = "DATABASE_UNAVAILABLE",
                             .metadata = {{"a", "b"}},
                             .violations = {{"f", "d"}},
                             .retry_delay = absl::Milliseconds(1500)};
  const absl::Status back = FromGrpc(Sent(MakeError(StatusCode::kUnavailable, "gone", details)));
  EXPECT_THAT(back, HasCode(StatusCode::kUnavailable));
  EXPECT_EQ(back.message(), "gone");
  EXPECT_EQ(DetailsOf(back), details);
}

TEST(GrpcStatus, GivesAReasonByTheCode) {
  const std::map<StatusCode, std::string> reasons = {
      {StatusCode::kNotFound, "RESOURCE_NOT_FOUND"},
      {StatusCode::kUnavailable, "SERVICE_UNAVAILABLE"},
      {StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED"},
      {StatusCode::kAborted, "CONFLICT"},
      {StatusCode::kUnimplemented, "METHOD_UNKNOWN"},
      {StatusCode::kResourceExhausted, "OVERLOADED"}};
  for (const auto& [code, reason] : reasons) {
    EXPECT_THAT(ToPublic(absl::Status(code, "x"), "id-1"), HasReason(reason));
  }
}

TEST(GrpcStatus, ReplacesReasonsThatAreNotPublic) {
  EXPECT_THAT(
      ToPublic(MakeError(StatusCode::kAborted, "x", {.reason = "TRANSACTION_CONFLICT"}), ""),
      HasReason("CONFLICT"));
  EXPECT_THAT(ToPublic(MakeError(StatusCode::kAborted, "x", {.reason = "UNSPECIFIED"}), ""),
              HasReason("CONFLICT"));
}

TEST(GrpcStatus, HidesDefectsBehindTheRequestId) {
  for (const absl::Status& defect : {absl::InternalError("secret"), absl::UnknownError("secret"),
                                     absl::DataLossError("secret")}) {
    const absl::Status told = ToPublic(defect, "id-1");
    EXPECT_THAT(told, HasCode(StatusCode::kInternal));
    EXPECT_THAT(told, HasReason("INTERNAL"));
    EXPECT_FALSE(absl::StrContains(told.ToString(), "secret"));
    EXPECT_TRUE(absl::StrContains(told.message(), "id-1"));
    EXPECT_EQ(DetailsOf(told).metadata.at("request_id"), "id-1");
  }
}

TEST(GrpcStatus, TakesAnUnexplainedPreconditionForADefect) {
  const absl::Status leaked =
      MakeError(StatusCode::kFailedPrecondition, "constraint x", {.reason = "CONSTRAINT_VIOLATED"});
  EXPECT_THAT(ToPublic(leaked, "id-1"), HasCode(StatusCode::kInternal));
  EXPECT_THAT(ToPublic(leaked, "id-1"), HasReason("INTERNAL"));
}

TEST(GrpcStatus, AdvisesWhenToTryAgain) {
  for (const StatusCode code :
       {StatusCode::kUnavailable, StatusCode::kResourceExhausted, StatusCode::kAborted}) {
    const auto retries = DetailsIn<google::rpc::RetryInfo>(Sent(absl::Status(code, "x")));
    ASSERT_EQ(retries.size(), 1u) << absl::StatusCodeToString(code);
    EXPECT_GT(retries[0].retry_delay().seconds() + retries[0].retry_delay().nanos(), 0);
  }
  EXPECT_TRUE(DetailsIn<google::rpc::RetryInfo>(Sent(MakeError(StatusCode::kResourceExhausted, "x",
                                                               {.reason = "REQUEST_TOO_LARGE"})))
                  .empty());
}

TEST(GrpcStatus, StaysSmallWithManyLongViolations) {
  Violations violations;
  for (int i = 0; i < 1000; ++i) violations.Add("requests[1].field", std::string(5000, 'x'));
  const absl::Status told = ToPublic(violations.ToStatus(), "id-1");
  EXPECT_LT(ToGrpc(told).error_details().size(), 4500u);
  const ErrorDetails details = DetailsOf(told);
  EXPECT_EQ(details.metadata.at("violations_omitted"),
            absl::StrCat(1000 - details.violations.size()));
  EXPECT_FALSE(details.violations.empty());
}

TEST(GrpcStatus, StaysSmallWithLongMessagesAndMetadata) {
  std::map<std::string, std::string> metadata;
  for (int i = 0; i < 100; ++i) metadata[absl::StrCat("key", i)] = std::string(5000, 'x');
  const grpc::Status status =
      Sent(MakeError(StatusCode::kNotFound, std::string(100'000, 'm'),
                     {.reason = "RESOURCE_NOT_FOUND", .metadata = metadata}));
  EXPECT_LT(status.error_message().size() + status.error_details().size(), 3000u);
}

TEST(GrpcStatus, KeepsForeignErrors) {
  const absl::Status status = FromGrpc(grpc::Status(grpc::StatusCode::NOT_FOUND, "from a proxy"));
  EXPECT_THAT(status, HasCode(StatusCode::kNotFound));
  EXPECT_THAT(status, HasReason(""));
  EXPECT_EQ(status.message(), "from a proxy");
}

TEST(GrpcStatus, NamesTheTransportsOwnErrors) {
  EXPECT_THAT(FromGrpc(grpc::Status(grpc::StatusCode::UNAVAILABLE, "refused")),
              HasReason("SERVICE_UNAVAILABLE"));
  EXPECT_THAT(FromGrpc(grpc::Status(grpc::StatusCode::DEADLINE_EXCEEDED, "late")),
              HasReason("DEADLINE_EXCEEDED"));
}

}  // namespace
}  // namespace okr::rpc
