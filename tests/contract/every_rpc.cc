#include "tests/contract/every_rpc.h"

#include <utility>

#include "google/protobuf/descriptor.h"

namespace okr::contract {
namespace {

constexpr bool kReads = false;
constexpr bool kWrites = true;

template <typename Request>
Rpc Make(std::string name, bool writes, std::string text) {
  return {.name = std::move(name),
          .writes = writes,
          .text = std::move(text),
          .make = [] { return std::make_unique<Request>(); },
          .send = [](Client& client,
                     const google::protobuf::Message& request) -> absl::StatusOr<AnyMessage> {
            auto answer = client.Send(static_cast<const Request&>(request));
            if (!answer.ok()) return answer.status();
            using Response = typename decltype(answer)::value_type;
            return std::make_unique<Response>(*std::move(answer));
          }};
}

void AddAll(const google::protobuf::ServiceDescriptor& service, std::vector<std::string>& names) {
  for (int i = 0; i < service.method_count(); ++i) names.push_back(service.method(i)->name());
}

const google::protobuf::ServiceDescriptor& Service(const google::protobuf::Message& request) {
  return *request.GetDescriptor()->file()->service(0);
}

}  // namespace

AnyMessage Rpc::Request(const Company& company) const {
  AnyMessage request = make();
  ParseText(text, company.name(), *request);
  return request;
}

std::vector<std::string> NamesOfAllRpcs() {
  std::vector<std::string> names;
  AddAll(Service(directory::GetOrganizationRequest()), names);
  AddAll(Service(goals::GetObjectiveRequest()), names);
  return names;
}

void SetScene(Company& company) {
  company.MakeObjective("a");
  company.MakeKeyResult("a", "k1");
  company.MakeKeyResult("a", "k2");
  company.MakeObjective("b");
  company.MakeObjective("c");
  company.Align("c", "b");
  company.MakeCycle("next");
  company.MakeCycle("over");
  company.ActivateCycle("over");
  company.OpenGrading("over");
}

// The macro only saves writing each name twice.
const std::vector<Rpc>& EveryRpc() {
#define OKR_RPC(package, Method, kind, text) Make<package::Method##Request>(#Method, kind, text)
  static const auto& rpcs = *new std::vector<Rpc>{
      OKR_RPC(directory, GetOrganization, kReads, "name: '$O'"),
      OKR_RPC(directory, UpdateOrganization, kWrites,
              "organization { name: '$O' display_name: 'New' }"),
      OKR_RPC(directory, CreatePerson, kWrites,
              "parent: '$O' person_id: 'new' person { display_name: 'New' subject: 'new' }"),
      OKR_RPC(directory, GetPerson, kReads, "name: '$O/people/ann'"),
      OKR_RPC(directory, ListPeople, kReads, "parent: '$O'"),
      OKR_RPC(directory, UpdatePerson, kWrites,
              "person { name: '$O/people/mia' display_name: 'New' }"),
      OKR_RPC(directory, CreateTeam, kWrites,
              "parent: '$O' team_id: 'new' team { display_name: 'New' }"),
      OKR_RPC(directory, GetTeam, kReads, "name: '$O/teams/crew'"),
      OKR_RPC(directory, ListTeams, kReads, "parent: '$O'"),
      OKR_RPC(directory, UpdateTeam, kWrites, "team { name: '$O/teams/crew' display_name: 'New' }"),
      OKR_RPC(directory, DeleteTeam, kWrites, "name: '$O/teams/spare'"),
      OKR_RPC(directory, CreateCycle, kWrites,
              "parent: '$O' cycle_id: 'new' cycle { display_name: 'New' start_date { year: 2030"
              " month: 1 day: 1 } end_date { year: 2030 month: 3 day: 31 } }"),
      OKR_RPC(directory, GetCycle, kReads, "name: '$O/cycles/now'"),
      OKR_RPC(directory, ListCycles, kReads, "parent: '$O'"),
      OKR_RPC(directory, UpdateCycle, kWrites,
              "cycle { name: '$O/cycles/now' display_name: 'New' }"),
      OKR_RPC(directory, ActivateCycle, kWrites, "name: '$O/cycles/next'"),
      OKR_RPC(directory, OpenCycleGrading, kWrites, "name: '$O/cycles/now'"),
      OKR_RPC(directory, CloseCycle, kWrites, "name: '$O/cycles/over'"),
      OKR_RPC(goals, CreateObjective, kWrites,
              "parent: '$O' objective_id: 'new' objective { title: 'New' owner: '$O/people/ann'"
              " cycle: '$O/cycles/now' }"),
      OKR_RPC(goals, GetObjective, kReads, "name: '$O/objectives/a'"),
      OKR_RPC(goals, ListObjectives, kReads, "parent: '$O'"),
      OKR_RPC(goals, UpdateObjective, kWrites,
              "objective { name: '$O/objectives/a' title: 'New' }"),
      OKR_RPC(goals, DeleteObjective, kWrites, "name: '$O/objectives/a'"),
      OKR_RPC(goals, BatchGetObjectives, kReads, "parent: '$O' names: '$O/objectives/a'"),
      OKR_RPC(goals, ActivateObjective, kWrites, "name: '$O/objectives/a'"),
      OKR_RPC(goals, RetireObjective, kWrites, "name: '$O/objectives/a' reason: 'Enough'"),
      OKR_RPC(goals, AlignObjective, kWrites,
              "name: '$O/objectives/a' alignment { parent: '$O/objectives/b' }"),
      OKR_RPC(goals, UnalignObjective, kWrites,
              "name: '$O/objectives/c' parent: '$O/objectives/b'"),
      OKR_RPC(goals, GetAlignmentTree, kReads, "parent: '$O' cycle: '$O/cycles/now'"),
      OKR_RPC(goals, CreateKeyResult, kWrites,
              "parent: '$O/objectives/a' key_result_id: 'new' key_result { title: 'New'"
              " metric { baseline: 0 target: 1 } }"),
      OKR_RPC(goals, GetKeyResult, kReads, "name: '$O/objectives/a/keyResults/k1'"),
      OKR_RPC(goals, ListKeyResults, kReads, "parent: '$O/objectives/a'"),
      OKR_RPC(goals, UpdateKeyResult, kWrites,
              "key_result { name: '$O/objectives/a/keyResults/k1' title: 'New' }"),
      OKR_RPC(goals, DeleteKeyResult, kWrites, "name: '$O/objectives/a/keyResults/k1'"),
      OKR_RPC(goals, BatchGetKeyResults, kReads,
              "parent: '$O' names: '$O/objectives/a/keyResults/k1'"),
      OKR_RPC(goals, RetireKeyResult, kWrites,
              "name: '$O/objectives/a/keyResults/k1' reason: 'Enough'")};
#undef OKR_RPC
  return rpcs;
}

}  // namespace okr::contract
