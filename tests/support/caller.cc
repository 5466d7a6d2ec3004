#include "tests/support/caller.h"

namespace okr::testing {
namespace {

constexpr char kConsistencyToken[] = "okr-consistency-token";

template <typename Service>
typename Service::Stub& StubOf(std::unique_ptr<typename Service::Stub>& stub, const Suite& suite,
                               const char* service) {
  if (stub == nullptr) stub = Service::NewStub(suite.channel(service));
  return *stub;
}

}  // namespace

void Caller::Prepare(grpc::ClientContext& context, absl::Duration timeout) const {
  if (!token_.empty()) context.AddMetadata("authorization", "Bearer " + token_);
  if (const std::string seen = seen_->Text(); !seen.empty()) {
    context.AddMetadata(kConsistencyToken, seen);
  }
  context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  context.set_wait_for_ready(true);
}

void Caller::Remember(const grpc::ClientContext& context) {
  const auto& metadata = context.GetServerTrailingMetadata();
  const auto token = metadata.find(kConsistencyToken);
  if (token == metadata.end()) return;
  seen_->Note(absl::string_view(token->second.data(), token->second.size()));
}

goals::v1::GoalsService::Stub& Caller::goals() {
  return StubOf<goals::v1::GoalsService>(goals_, suite_, "goals");
}

directory::v1::DirectoryService::Stub& Caller::directory() {
  return StubOf<directory::v1::DirectoryService>(directory_, suite_, "goals");
}

checkins::v1::CheckinsService::Stub& Caller::checkins() {
  return StubOf<checkins::v1::CheckinsService>(checkins_, suite_, "checkins");
}

scoring::v1::ScoringService::Stub& Caller::scoring() {
  return StubOf<scoring::v1::ScoringService>(scoring_, suite_, "scoring");
}

notifications::v1::NotificationsService::Stub& Caller::notifications() {
  return StubOf<notifications::v1::NotificationsService>(notifications_, suite_, "notifications");
}

std::unique_ptr<events::v1::EventLogService::Stub> Caller::events(
    const std::string& service) const {
  return events::v1::EventLogService::NewStub(suite_.channel(service));
}

}  // namespace okr::testing
