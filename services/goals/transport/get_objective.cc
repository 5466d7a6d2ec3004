#include "services/goals/transport/get_objective.h"

#include <string>
#include <utility>

#include "common/resources/messages.h"
#include "common/status/macros.h"
#include "services/goals/domain/errors.h"
#include "services/goals/transport/statements.h"

namespace okr::goals::transport {
namespace {

using MaybeRow = std::optional<store::ReadRow>;

absl::Status Parse(const std::optional<std::string>& body, google::protobuf::Message& message) {
  if (body && message.ParseFromString(*body)) return absl::OkStatus();
  return absl::InternalError("a stored resource cannot be read");
}

absl::Status ParseSummary(const std::optional<std::string>& body, v1::ScoreSummary* summary) {
  return Parse(body, *summary);
}

// Columns: body, summary.
absl::Status Render(const Actor& actor, const store::ReadRow& row, const ObjectiveName& name,
                    v1::Objective& response) {
  OKR_RETURN_IF_ERROR(Parse(row[0], response));
  OKR_ASSIGN_OR_RETURN(const Objective objective, FromProto(response));
  if (!MayRead(actor, objective)) return error::NotFound(name.ToString());
  if (!row[1]) return absl::OkStatus();
  OKR_RETURN_IF_ERROR(ParseSummary(row[1], response.mutable_score_summary()));
  if (!MaySeeScore(actor, objective)) response.mutable_score_summary()->clear_score();
  return absl::OkStatus();
}

// Columns: body, summary, body of the objective.
absl::Status Render(const Actor& actor, const store::ReadRow& row, const KeyResultName& name,
                    v1::KeyResult& response) {
  v1::Objective objective_message;
  OKR_RETURN_IF_ERROR(Parse(row[0], response));
  OKR_RETURN_IF_ERROR(Parse(row[2], objective_message));
  OKR_ASSIGN_OR_RETURN(const Objective objective, FromProto(objective_message));
  if (!MayRead(actor, objective)) return error::NotFound(name.ToString());
  if (!row[1]) return absl::OkStatus();
  OKR_RETURN_IF_ERROR(ParseSummary(row[1], response.mutable_score_summary()));
  OKR_ASSIGN_OR_RETURN(const KeyResult key_result, FromProto(response));
  if (!MaySeeScore(actor, objective, key_result)) {
    response.mutable_score_summary()->clear_score();
  }
  return absl::OkStatus();
}

// The caller, then the row, then the answer; each on whatever thread the one before ended.
template <typename Name, typename Call>
void Get(const ReadDeps& deps, const postgres::Statement& statement,
         const std::shared_ptr<Call>& call) {
  absl::StatusOr<Name> name = Name::Parse(call->request().name());
  if (!name.ok()) return call->Finish(name.status());
  const std::string organization(name->organization_id());
  store::Reader* reader = deps.reader;
  deps.callers->Find(call->call(), organization,
                     [reader, statement, call, organization,
                      name = *std::move(name)](absl::StatusOr<Actor> actor) {
                       if (!actor.ok()) return call->Finish(actor.status());
                       reader->Submit({.organization = organization,
                                       .statement = statement,
                                       .name = std::string(name.relative()),
                                       .deadline = call->call().deadline,
                                       .done = [call, name, actor = *std::move(actor)](
                                                   absl::StatusOr<MaybeRow> row) {
                                         if (!row.ok()) return call->Finish(row.status());
                                         if (!*row)
                                           return call->Finish(error::NotFound(name.ToString()));
                                         call->Finish(Render(actor, **row, name, call->response()));
                                       }});
                     });
}

}  // namespace

void GetObjective(
    const ReadDeps& deps,
    const std::shared_ptr<rpc::UnaryCall<v1::GetObjectiveRequest, v1::Objective>>& call) {
  Get<ObjectiveName>(deps, kGetObjectives, call);
}

void GetKeyResult(
    const ReadDeps& deps,
    const std::shared_ptr<rpc::UnaryCall<v1::GetKeyResultRequest, v1::KeyResult>>& call) {
  Get<KeyResultName>(deps, kGetKeyResults, call);
}

}  // namespace okr::goals::transport
