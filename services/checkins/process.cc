#include "services/checkins/process.h"

#include <utility>

#include "checkins_migrations.h"
#include "common/status/macros.h"
#include "services/checkins/transport/register.h"

namespace okr::checkins {

absl::StatusOr<std::unique_ptr<Process>> Process::Create(rpc::Runtime& runtime,
                                                         const service::ProcessConfig& config) {
  OKR_ASSIGN_OR_RETURN(const migrate::Service schema,
                       migrate::MakeService("checkins", migrations::kAllFiles, config.shards));
  OKR_ASSIGN_OR_RETURN(auto base, service::Process::Create(runtime, config, schema));
  auto process = std::unique_ptr<Process>(new Process(std::move(base)));
  process->base_->Follow("goals", process->handler_);
  RegisterCheckinsService(*process->base_,
                          {.write = process->base_->write_deps(),
                           .lists = process->lists_,
                           .reads = process->base_->reads(),
                           .page_tokens = process->base_->page_tokens(),
                           .ids = process->base_->ids()},
                          runtime.server().AddService("okr.checkins.v1.CheckinsService"));
  process->base_->Start();
  process->timer_.Start();
  return process;
}

Process::Process(std::unique_ptr<service::Process> base)
    : base_(std::move(base)),
      lists_(base_->pool()),
      timer_({}, base_->clock(), lists_, base_->writer()),
      handler_({.shards = base_->shards(),
                .clock = base_->clock(),
                .ids = base_->ids(),
                .applied = [this] { timer_.Wake(); }}) {}

// The timer needs the writer, and the consumer of the base needs the handler.
Process::~Process() {
  timer_.Stop();
  base_.reset();
}

}  // namespace okr::checkins
