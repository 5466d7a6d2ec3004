#include "services/goals/process.h"

#include "common/migrate/service.h"
#include "common/status/macros.h"
#include "goals_migrations.h"
#include "services/goals/transport/register.h"

namespace okr::goals {

absl::StatusOr<std::unique_ptr<Process>> Process::Create(rpc::Runtime& runtime,
                                                         const service::ProcessConfig& config) {
  OKR_ASSIGN_OR_RETURN(const migrate::Service schema,
                       migrate::MakeService("goals", migrations::kAllFiles));
  auto process = std::unique_ptr<Process>(new Process());
  OKR_ASSIGN_OR_RETURN(process->parts_, service::Process::Create(runtime, config, schema));
  process->AddServices(runtime.server());
  process->parts_->Follow("scoring", process->score_summaries_);
  process->parts_->Start();
  return process;
}

void Process::AddServices(rpc::Server& server) {
  callers_ = std::make_unique<transport::CallerCache>(parts_->reader());
  const transport::ReadDeps reads{.reads = &parts_->reads(),
                                  .reader = &parts_->reader(),
                                  .callers = callers_.get(),
                                  .pages = &parts_->page_tokens()};
  const service::WriteDeps writes = parts_->write_deps();
  transport::RegisterGoals(server.AddService("okr.goals.v1.GoalsService"), writes, reads);
  transport::RegisterDirectory(server.AddService("okr.directory.v1.DirectoryService"), writes,
                               reads);
}

}  // namespace okr::goals
