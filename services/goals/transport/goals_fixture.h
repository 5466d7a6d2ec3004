// The commands and reads of goals on a database of the test's own, without gRPC.
#pragma once

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/clock/clock.h"
#include "common/ids/digest.h"
#include "common/ids/uuid.h"
#include "common/migrate/migrated_database.h"
#include "common/paging/page_token.h"
#include "common/postgres/connection.h"
#include "common/postgres/pool.h"
#include "common/rpc/call.h"
#include "common/store/reader.h"
#include "common/store/reads.h"
#include "common/store/writer.h"
#include "common/testing/status_matchers.h"
#include "services/goals/transport/directory_commands.h"
#include "services/goals/transport/goals_commands.h"
#include "services/goals/transport/reads.h"

namespace okr::goals::transport {

namespace api = directory::v1;

// Each test has an organization of its own, on one database for all. It has the people `admin`,
// `ann`, `bob` and `cat` with subjects of these names, the team `web` led by ann with bob in it,
// and the cycles `year` and, within it, `q1`, both ACTIVE.
class GoalsFixture : public ::testing::Test {
 protected:
  GoalsFixture();

  rpc::Call As(const std::string& subject, auth::Role role = auth::Role::kMember) const;
  rpc::Call Admin() const { return As("admin", auth::Role::kAdmin); }

  // A writing RPC, in a batch of its own unless others run at once.
  template <typename Request, typename Response>
  absl::StatusOr<Response> Write(const rpc::Call& call,
                                 absl::Status (*decide)(const rpc::Call&, const Request&,
                                                        store::View&, Response&),
                                 const Request& request) {
    return Write(*writer_, call, decide, request);
  }
  template <typename Request, typename Response>
  absl::StatusOr<Response> Write(store::Writer& writer, const rpc::Call& call,
                                 absl::Status (*decide)(const rpc::Call&, const Request&,
                                                        store::View&, Response&),
                                 const Request& request);

  std::string Name(const std::string& relative) const {
    return absl::StrCat("organizations/", organization_, "/", relative);
  }
  std::string Parent() const { return absl::StrCat("organizations/", organization_); }

  // Requests that are right. Names are relative.
  v1::CreateObjectiveRequest ObjectiveRequest(const std::string& id,
                                              const std::string& owner = "people/ann",
                                              const std::string& cycle = "cycles/q1") const;
  v1::CreateKeyResultRequest KeyResultRequest(const std::string& objective,
                                              const std::string& id) const;
  v1::AlignObjectiveRequest AlignRequest(const std::string& child, const std::string& parent) const;
  v1::Objective MakeObjective(const std::string& id, const std::string& owner = "people/ann",
                              const std::string& cycle = "cycles/q1");
  v1::KeyResult MakeKeyResult(const std::string& objective, const std::string& id);
  // Owned by ann, seen by cat.
  v1::Objective MakePrivateObjective(const std::string& id);
  void MakeCycle(const std::string& id, const std::string& start, const std::string& end,
                 const std::string& parent = "");
  void Activate(const std::string& objective);

  // Types of the events of this organization, in order.
  std::vector<std::string> Events() const;
  // First column of all rows, of the superuser.
  std::vector<std::string> Query(const std::string& sql) const;
  // As scoring's consumer would.
  void StoreSummary(const std::string& name, double score);

  std::string organization_;
  UuidGenerator ids_;
  std::unique_ptr<store::Writer> writer_ = MakeWriter();
  std::unique_ptr<store::Writer> MakeWriter();
  std::unique_ptr<store::Reader> MakeReader() const;
  std::unique_ptr<postgres::ConnectionPool> pool_;
  std::unique_ptr<store::Reads> reads_;
  std::unique_ptr<paging::PageTokenCodec> pages_;
  ReadDeps read_deps_;

 private:
  void MakeDirectory();
};

template <typename Request, typename Response>
absl::StatusOr<Response> GoalsFixture::Write(store::Writer& writer, const rpc::Call& call,
                                             absl::Status (*decide)(const rpc::Call&,
                                                                    const Request&, store::View&,
                                                                    Response&),
                                             const Request& request) {
  Response response;
  std::promise<absl::Status> outcome;
  auto command = std::make_unique<store::Command>();
  command->organization = organization_;
  command->method = Request::descriptor()->name();
  command->request_id = request.request_id();
  command->digest = Sha256(request.SerializeAsString()).ToBytes();
  if constexpr (requires { request.validate_only(); }) {
    command->validate_only = request.validate_only();
  }
  command->decide = [&](store::View& view, google::protobuf::Message& message) {
    return decide(call, request, view, static_cast<Response&>(message));
  };
  command->response = &response;
  command->done = [&](absl::Status status, std::optional<store::LogPosition>) {
    outcome.set_value(std::move(status));
  };
  writer.Submit(std::move(command));
  if (absl::Status status = outcome.get_future().get(); !status.ok()) return status;
  return response;
}

}  // namespace okr::goals::transport
