#include "common/store/writer.h"

#include <utility>

#include "common/failpoint/failpoint.h"
#include "common/store/errors.h"
#include "common/store/session.h"

namespace okr::store {
namespace {

BatchDeps With(BatchDeps deps, Foresight* foresight) {
  deps.foresight = foresight;
  return deps;
}

}  // namespace

Writer::Writer(Options options, const BatchDeps& deps)
    : options_(std::move(options)),
      deps_(With(deps, &foresight_)),
      queue_(options_.max_batch, options_.max_waiting) {
  for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { Work(); });
}

Writer::~Writer() { Stop(); }

void Writer::Submit(std::unique_ptr<Command> command) {
  const std::string organization = command->organization;
  if (queue_.Push(organization, command)) return;
  command->done(queue_.closed() ? error::ShuttingDown() : error::TooMuchWaiting(queue_.waiting()),
                std::nullopt);
}

void Writer::Stop() {
  queue_.Close();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Writer::Work() {
  Session session(options_.database, deps_.clock);
  while (auto taken = queue_.Take()) {
    failpoint::Reach(failpoint::FailPoint::kBatchTaken);
    absl::StatusOr<postgres::Connection*> connection = session.Get();
    if (connection.ok()) {
      Batch(**connection, options_.batch, deps_).Run(std::move(taken->items));
    } else {
      for (std::unique_ptr<Command>& command : taken->items) {
        command->done(connection.status(), std::nullopt);
      }
    }
    queue_.Done(taken->organization);
  }
}

}  // namespace okr::store
