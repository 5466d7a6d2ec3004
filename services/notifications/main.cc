// The program okr-notifications.
#include "services/notifications/process.h"

int main(int argc, char** argv) {
  okr::rpc::Runtime runtime(
      "okr-notifications",
      "Keeps the inboxes of people: what is due, changed, blocked or aligned.");
  okr::service::ProcessConfig config;
  config.AddTo(runtime.schema());
  if (const auto exit_code = runtime.Start(argc, argv)) return *exit_code;
  auto process = okr::notifications::Process::Create(runtime, config);
  if (!process.ok()) return runtime.Fail(process.status());
  return runtime.Run();
}
