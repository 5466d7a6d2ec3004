#include "cli/testing/fake_suite.h"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/grpcpp.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "cli/resources/kinds.h"
#include "cli/resources/requests.h"
#include "google/protobuf/field_mask.pb.h"
#include "okr/checkins/v1/checkins_service.pb.h"
#include "okr/directory/v1/directory_service.pb.h"
#include "okr/events/v1/event_log_service.pb.h"
#include "okr/goals/v1/goals_service.pb.h"
#include "okr/notifications/v1/notifications_service.pb.h"
#include "okr/scoring/v1/scoring_service.pb.h"

namespace okr::cli::testing {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

std::unique_ptr<Message> New(const Descriptor* type) {
  return std::unique_ptr<Message>(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
}

std::string Bytes(const grpc::ByteBuffer& wire) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!wire.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

grpc::ByteBuffer Wire(const Message& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

std::string Metadata(const grpc::ServerContextBase& context, const char* key) {
  const auto found = context.client_metadata().find(key);
  if (found == context.client_metadata().end()) return "";
  return std::string(found->second.data(), found->second.size());
}

const MethodDescriptor* FindMethod(absl::string_view path) {
  absl::ConsumePrefix(&path, "/");
  return google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
      absl::StrReplaceAll(path, {{"/", "."}}));
}

void SetNumber(Message* message, const std::string& field, int number) {
  const auto* descriptor = message->GetDescriptor()->FindFieldByName(field);
  if (descriptor != nullptr) {
    message->GetReflection()->SetEnumValue(message, descriptor, number);
  }
}

grpc::Status NotFound(const std::string& name) {
  return grpc::Status(grpc::StatusCode::NOT_FOUND, absl::StrCat("no ", name));
}

}  // namespace

// Answers with what is in memory; called under the mutex.
class FakeSuite::Handler : public grpc::CallbackGenericService {
 public:
  explicit Handler(FakeSuite& suite) : suite_(suite) {}
  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override;

  grpc::Status Answer(const MethodDescriptor& method, const Message& request, Message* response);

 private:
  grpc::Status CreateOrganization(const directory::v1::CreateOrganizationRequest& request,
                                  Message* response);
  grpc::Status Create(const Message& request, Message* response);
  grpc::Status CreateCheckIns(const checkins::v1::BatchCreateCheckInsRequest& request,
                              checkins::v1::BatchCreateCheckInsResponse* response);
  grpc::Status Get(const std::string& name, Message* response);
  grpc::Status List(const Message& request, Message* response);
  grpc::Status Update(const Message& request, Message* response);
  grpc::Status Align(const goals::v1::AlignObjectiveRequest& request, Message* response);
  grpc::Status Move(const Message& request, int state, Message* response);
  grpc::Status Grade(const scoring::v1::GradeKeyResultRequest& request, Message* response);
  void Keep(const std::string& name, const Message& resource, Message* response);

  FakeSuite& suite_;
};

class FakeSuite::Reactor : public grpc::ServerGenericBidiReactor {
 public:
  Reactor(FakeSuite& suite, grpc::GenericCallbackServerContext* context)
      : suite_(suite), context_(*context) {
    StartRead(&wire_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status(grpc::StatusCode::INTERNAL, "no request"));
    const MethodDescriptor* method = FindMethod(context_.method());
    if (method == nullptr) return Finish(grpc::Status(grpc::StatusCode::UNIMPLEMENTED, "none"));
    std::shared_ptr<Message> request = New(method->input_type());
    request->ParseFromString(Bytes(wire_));
    const std::unique_ptr<Message> response = New(method->output_type());
    const grpc::Status status = Handle(*method, request, response.get());
    if (!status.ok()) return Finish(status);
    wire_ = Wire(*response);
    StartWriteAndFinish(&wire_, grpc::WriteOptions(), status);
  }
  void OnDone() override { delete this; }

 private:
  grpc::Status Handle(const MethodDescriptor& method, const std::shared_ptr<Message>& request,
                      Message* response) {
    const std::lock_guard<std::mutex> lock(suite_.mutex_);
    std::string token = Metadata(context_, "authorization");
    if (absl::StartsWith(token, "Bearer ")) token = token.substr(7);
    suite_.calls_.push_back(
        {method.name(), token, Metadata(context_, "okr-consistency-token"), request});
    if (suite_.refusal_) {
      if (grpc::Status refused = suite_.refusal_(method.name()); !refused.ok()) return refused;
    }
    const bool writes = HasField(*request, "request_id");
    if (writes) {
      context_.AddTrailingMetadata("okr-consistency-token",
                                   absl::StrCat("goals:1700000000:0:", ++suite_.position_));
    }
    return suite_.handler_->Answer(method, *request, response);
  }

  FakeSuite& suite_;
  grpc::GenericCallbackServerContext& context_;
  grpc::ByteBuffer wire_;
};

grpc::ServerGenericBidiReactor* FakeSuite::Handler::CreateReactor(
    grpc::GenericCallbackServerContext* context) {
  return new Reactor(suite_, context);
}

grpc::Status FakeSuite::Handler::Answer(const MethodDescriptor& method, const Message& request,
                                        Message* response) {
  const std::string& name = method.name();
  if (const auto* r = dynamic_cast<const directory::v1::CreateOrganizationRequest*>(&request)) {
    return CreateOrganization(*r, response);
  }
  if (const auto* r = dynamic_cast<const checkins::v1::BatchCreateCheckInsRequest*>(&request)) {
    return CreateCheckIns(*r, dynamic_cast<checkins::v1::BatchCreateCheckInsResponse*>(response));
  }
  if (const auto* r = dynamic_cast<const goals::v1::AlignObjectiveRequest*>(&request)) {
    return Align(*r, response);
  }
  if (const auto* r = dynamic_cast<const scoring::v1::GradeKeyResultRequest*>(&request)) {
    return Grade(*r, response);
  }
  if (name == "ActivateCycle") return Move(request, directory::v1::CYCLE_STATE_ACTIVE, response);
  if (name == "OpenCycleGrading")
    return Move(request, directory::v1::CYCLE_STATE_GRADING, response);
  if (name == "CloseCycle") return Move(request, directory::v1::CYCLE_STATE_CLOSED, response);
  if (name == "ActivateObjective") {
    return Move(request, goals::v1::OBJECTIVE_STATE_ACTIVE, response);
  }
  if (name == "RetireObjective") return Move(request, goals::v1::OBJECTIVE_STATE_RETIRED, response);
  if (name == "RetireKeyResult")
    return Move(request, goals::v1::KEY_RESULT_STATE_RETIRED, response);
  if (name == "GetKeyResultScore") {
    const grpc::Status status = Get("score of " + GetText(request, "name"), response);
    return status.error_code() == grpc::StatusCode::NOT_FOUND ? grpc::Status::OK : status;
  }
  if (absl::StartsWith(name, "Create")) return Create(request, response);
  if (absl::StartsWith(name, "Update")) return Update(request, response);
  if (absl::StartsWith(name, "List")) return List(request, response);
  if (absl::StartsWith(name, "Get")) return Get(GetText(request, "name"), response);
  return grpc::Status::OK;
}

void FakeSuite::Handler::Keep(const std::string& name, const Message& resource, Message* response) {
  const std::shared_ptr<Message> kept(resource.New());
  kept->CopyFrom(resource);
  if (HasField(*kept, "name")) SetText(kept.get(), "name", name);
  if (HasField(*kept, "etag")) SetText(kept.get(), "etag", absl::StrCat("e", ++suite_.position_));
  suite_.resources_[name] = kept;
  if (response != nullptr) response->CopyFrom(*kept);
}

grpc::Status FakeSuite::Handler::CreateOrganization(
    const directory::v1::CreateOrganizationRequest& request, Message* response) {
  const std::string name = absl::StrCat("organizations/", request.organization_id());
  if (suite_.resources_.contains(name)) return {grpc::StatusCode::ALREADY_EXISTS, "it is there"};
  Keep(absl::StrCat(name, "/people/", request.administrator_id()), request.administrator(),
       nullptr);
  Keep(name, request.organization(), response);
  return grpc::Status::OK;
}

// The fields of a Create request are parent, id, resource, in this order.
grpc::Status FakeSuite::Handler::Create(const Message& request, Message* response) {
  const auto* resource_field = request.GetDescriptor()->FindFieldByNumber(3);
  const auto* id_field = request.GetDescriptor()->FindFieldByNumber(2);
  for (const KindInfo& info : AllKinds()) {
    if (info.message != resource_field->message_type()->full_name()) continue;
    const std::string name = absl::StrCat(GetText(request, "parent"), "/", info.collection, "/",
                                          request.GetReflection()->GetString(request, id_field));
    if (suite_.resources_.contains(name)) return {grpc::StatusCode::ALREADY_EXISTS, "it is there"};
    response->CopyFrom(request.GetReflection()->GetMessage(request, resource_field));
    SetNumber(response, "state", 1);  // DRAFT; ACTIVE for people and key results.
    const std::unique_ptr<Message> copy(response->New());
    copy->CopyFrom(*response);
    Keep(name, *copy, response);
  }
  return grpc::Status::OK;
}

grpc::Status FakeSuite::Handler::CreateCheckIns(
    const checkins::v1::BatchCreateCheckInsRequest& request,
    checkins::v1::BatchCreateCheckInsResponse* response) {
  for (const auto& member : request.requests()) {
    Create(member, response->add_results()->mutable_check_in());
  }
  return grpc::Status::OK;
}

grpc::Status FakeSuite::Handler::Get(const std::string& name, Message* response) {
  const auto found = suite_.resources_.find(name);
  if (found == suite_.resources_.end()) return NotFound(name);
  response->CopyFrom(*found->second);
  return grpc::Status::OK;
}

// Page tokens are the name to go on after.
grpc::Status FakeSuite::Handler::List(const Message& request, Message* response) {
  const auto* items = response->GetDescriptor()->field(0);
  const std::string parent = absl::StrReplaceAll(GetText(request, "parent"), {{"/-", ""}});
  const auto* size = request.GetDescriptor()->FindFieldByName("page_size");
  const int page_size = request.GetReflection()->GetInt32(request, size);
  const std::string after = GetText(request, "page_token");
  std::string last;
  for (const auto& [name, resource] : suite_.resources_) {
    if (!absl::StartsWith(name, parent + "/") || name <= after ||
        resource->GetDescriptor() != items->message_type()) {
      continue;
    }
    if (response->GetReflection()->FieldSize(*response, items) == page_size) {
      SetText(response, "next_page_token", last);
      break;
    }
    response->GetReflection()->AddMessage(response, items)->CopyFrom(*resource);
    last = name;
  }
  return grpc::Status::OK;
}

grpc::Status FakeSuite::Handler::Update(const Message& request, Message* response) {
  const auto* field = request.GetDescriptor()->FindFieldByNumber(1);
  const Message& wanted = request.GetReflection()->GetMessage(request, field);
  const std::string name = GetText(wanted, "name");
  if (const grpc::Status status = Get(name, response); !status.ok()) return status;
  const auto& mask =
      dynamic_cast<const google::protobuf::FieldMask&>(request.GetReflection()->GetMessage(
          request, request.GetDescriptor()->FindFieldByName("update_mask")));
  for (const std::string& path : mask.paths()) {
    const FieldDescriptor* changed = wanted.GetDescriptor()->FindFieldByName(path);
    const std::unique_ptr<Message> other(wanted.New());
    other->CopyFrom(wanted);
    response->GetReflection()->SwapFields(response, other.get(), {changed});
  }
  const std::unique_ptr<Message> copy(response->New());
  copy->CopyFrom(*response);
  Keep(name, *copy, response);
  return grpc::Status::OK;
}

grpc::Status FakeSuite::Handler::Align(const goals::v1::AlignObjectiveRequest& request,
                                       Message* response) {
  goals::v1::Objective objective;
  if (const grpc::Status status = Get(request.name(), &objective); !status.ok()) return status;
  *objective.add_alignments() = request.alignment();
  Keep(request.name(), objective, response);
  return grpc::Status::OK;
}

grpc::Status FakeSuite::Handler::Move(const Message& request, int state, Message* response) {
  const std::string name = GetText(request, "name");
  if (const grpc::Status status = Get(name, response); !status.ok()) return status;
  SetNumber(response, "state", state);
  const std::unique_ptr<Message> copy(response->New());
  copy->CopyFrom(*response);
  Keep(name, *copy, response);
  return grpc::Status::OK;
}

grpc::Status FakeSuite::Handler::Grade(const scoring::v1::GradeKeyResultRequest& request,
                                       Message* response) {
  scoring::v1::KeyResultScore score;
  score.set_key_result(request.name());
  *score.mutable_grade() = request.grade();
  Keep("score of " + request.name(), score, response);
  return grpc::Status::OK;
}

FakeSuite::FakeSuite() : handler_(std::make_unique<Handler>(*this)) {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterCallbackGenericService(handler_.get());
  server_ = builder.BuildAndStart();
  address_ = absl::StrCat("127.0.0.1:", port);
}

FakeSuite::~FakeSuite() { server_->Shutdown(); }

void FakeSuite::set_refusal(Refusal refusal) {
  const std::lock_guard<std::mutex> lock(mutex_);
  refusal_ = std::move(refusal);
}

std::vector<SeenCall> FakeSuite::calls() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return calls_;
}

size_t FakeSuite::CountCalls(const std::string& prefix) const {
  size_t count = 0;
  for (const SeenCall& call : calls()) count += absl::StartsWith(call.method, prefix) ? 1 : 0;
  return count;
}

std::shared_ptr<Message> FakeSuite::Find(const std::string& name) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = resources_.find(name);
  return found == resources_.end() ? nullptr : found->second;
}

}  // namespace okr::cli::testing
