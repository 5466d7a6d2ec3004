// A server with two services of the suite, whose handlers each test sets. For tests only.
#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/client_unary_call.h>
#include <grpcpp/impl/rpc_method.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/auth/auth_errors.h"
#include "common/clock/clock.h"
#include "common/rpc/event.h"
#include "common/rpc/grpc_status.h"
#include "common/rpc/server.h"
#include "common/rpc/wire.h"
#include "common/testing/status_matchers.h"
#include "okr/events/v1/event_log_service.pb.h"
#include "okr/notifications/v1/notifications_service.pb.h"

namespace okr::rpc {

using okr::events::v1::GetHeadRequest;
using okr::events::v1::ListEventsRequest;
using okr::events::v1::ListEventsResponse;
using okr::events::v1::Position;
using okr::events::v1::SubscribeRequest;
using okr::events::v1::SubscribeResponse;
using okr::notifications::v1::ListNotificationsRequest;
using okr::notifications::v1::ListNotificationsResponse;
using okr::notifications::v1::MarkNotificationsReadRequest;
using okr::notifications::v1::MarkNotificationsReadResponse;
using ListCall = UnaryCall<ListNotificationsRequest, ListNotificationsResponse>;
using SubscribeCall = StreamCall<SubscribeRequest, SubscribeResponse>;

inline constexpr char kNotifications[] = "okr.notifications.v1.NotificationsService";
inline constexpr char kEventLog[] = "okr.events.v1.EventLogService";
inline constexpr char kList[] = "/okr.notifications.v1.NotificationsService/ListNotifications";
inline constexpr char kMark[] = "/okr.notifications.v1.NotificationsService/MarkNotificationsRead";
inline constexpr char kSubscribe[] = "/okr.events.v1.EventLogService/Subscribe";
inline constexpr char kAnn[] = "acme ann MEMBER";
inline constexpr absl::Duration kPatience = absl::Seconds(20);

// "acme ann MEMBER" is Ann's token.
inline absl::StatusOr<auth::Principal> BelieveEverybody(absl::string_view token, absl::Time) {
  const std::vector<std::string> parts = absl::StrSplit(token, ' ');
  if (parts.size() != 3) return auth::error::TokenMalformed("expected organization subject role");
  return auth::Principal{.organization = parts[0],
                         .subject = parts[1],
                         .role = auth::RoleFromName(parts[2]).value_or(auth::Role::kViewer)};
}

// What a client sends beside the request; a token of "" sends none.
struct Sent {
  std::string token = kAnn;
  std::multimap<std::string, std::string> metadata = {};
  absl::Duration timeout = kPatience;
};

// What it gets.
struct Answer {
  absl::Status status;
  grpc::Status raw;
  std::string bytes;
  std::map<std::string, std::string> trailing;

  template <typename Response>
  Response As() const {
    Response response;
    EXPECT_TRUE(response.ParseFromString(bytes));
    return response;
  }
};

inline grpc::ByteBuffer BufferOf(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

inline std::string BytesOf(const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  if (!buffer.Valid() || !buffer.DumpToSingleSlice(&slice).ok()) return "";
  return {reinterpret_cast<const char*>(slice.begin()), slice.size()};
}

inline void Prepare(const Sent& sent, grpc::ClientContext* context) {
  context->set_deadline(absl::ToChronoTime(absl::Now() + sent.timeout));
  if (!sent.token.empty()) {
    context->AddMetadata("authorization", absl::StrCat("Bearer ", sent.token));
  }
  for (const auto& [key, value] : sent.metadata) context->AddMetadata(key, value);
}

// Calls any method with any bytes.
inline Answer CallBytes(grpc::Channel& channel, const std::string& path, const std::string& bytes,
                        const Sent& sent = {}) {
  grpc::ClientContext context;
  Prepare(sent, &context);
  const grpc::internal::RpcMethod method(path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC);
  grpc::ByteBuffer answer;
  Answer out;
  out.raw = grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
      &channel, method, &context, BufferOf(bytes), &answer);
  out.status = FromGrpc(out.raw);
  out.bytes = BytesOf(answer);
  for (const auto& [key, value] : context.GetServerTrailingMetadata()) {
    out.trailing.emplace(std::string(key.data(), key.size()),
                         std::string(value.data(), value.size()));
  }
  return out;
}

inline ListNotificationsRequest ListOf(const std::string& parent) {
  ListNotificationsRequest request;
  request.set_parent(parent);
  return request;
}

class TestServer {
 public:
  TestServer() {
    options.gate.authenticate = BelieveEverybody;
    options.gate.clock = &clock;
  }

  // Set before Start.
  FakeClock clock;
  ServerOptions options;
  Hooks hooks;
  std::function<absl::Status()> check = [] { return absl::OkStatus(); };
  std::function<void(std::shared_ptr<ListCall>)> list = [](std::shared_ptr<ListCall> call) {
    call->response().set_unread_count(7);
    call->Finish(absl::OkStatus());
  };
  std::function<absl::StatusOr<MarkNotificationsReadResponse>(Call&,
                                                              const MarkNotificationsReadRequest&)>
      mark = [](Call&, const MarkNotificationsReadRequest& request) {
        MarkNotificationsReadResponse response;
        response.set_marked_count(request.names_size());
        return response;
      };
  std::function<void(std::shared_ptr<SubscribeCall>)> subscribe =
      [](std::shared_ptr<SubscribeCall> call) { call->Finish(absl::OkStatus()); };

  absl::Status Start() {
    server_ = std::make_unique<Server>(options);
    server_->hooks() = hooks;
    server_->AddReadinessCheck("test", check);
    Service& notifications = server_->AddService(kNotifications);
    notifications.Async<ListNotificationsRequest, ListNotificationsResponse>("ListNotifications",
                                                                             list);
    notifications.Blocking<MarkNotificationsReadRequest, MarkNotificationsReadResponse>(
        "MarkNotificationsRead", mark);
    Service& events = server_->AddService(kEventLog);
    events.Blocking<ListEventsRequest, ListEventsResponse>(
        "ListEvents", [](const Call&, const ListEventsRequest&) { return ListEventsResponse(); });
    events.Blocking<GetHeadRequest, Position>(
        "GetHead", [](const Call&, const GetHeadRequest&) { return Position(); });
    events.Stream<SubscribeRequest, SubscribeResponse>("Subscribe", subscribe);
    if (absl::Status status = server_->Start(); !status.ok()) return status;
    channel_ = grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_->port()),
                                   grpc::InsecureChannelCredentials());
    return absl::OkStatus();
  }

  Server& server() { return *server_; }
  grpc::Channel& channel() { return *channel_; }
  std::shared_ptr<grpc::Channel> shared_channel() { return channel_; }

  Answer List(const ListNotificationsRequest& request, const Sent& sent = {}) {
    return CallBytes(*channel_, kList, request.SerializeAsString(), sent);
  }
  Answer Mark(const MarkNotificationsReadRequest& request, const Sent& sent = {}) {
    return CallBytes(*channel_, kMark, request.SerializeAsString(), sent);
  }

 private:
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

// A value that one thread sets once and another waits for.
template <typename T>
class Slot {
 public:
  void Set(T value) {
    value_ = std::move(value);
    set_.Set();
  }
  // A default value if nothing comes.
  T Wait() {
    EXPECT_TRUE(set_.WaitFor(kPatience));
    return set_.IsSet() ? std::move(value_) : T();
  }

 private:
  Event set_;
  T value_;
};

}  // namespace okr::rpc
