#include "common/store/writer.h"

#include <utility>

#include "common/failpoint/failpoint.h"
#include "common/store/errors.h"
#include "common/store/session.h"

namespace okr::store {
namespace {

BatchDeps With(BatchDeps deps, Foresight* foresight, metrics::Counter* repeats) {
  deps.foresight = foresight;
  deps.repeats = repeats;
  return deps;
}

}  // namespace

Writer::Writer(Options options, const BatchDeps& deps)
    : options_(std::move(options)),
      deps_(With(deps, &foresight_, &numbers_.repeats)),
      queue_(options_.max_batch, options_.max_waiting) {
  for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { Work(); });
}

Writer::~Writer() { Stop(); }

void Writer::Submit(std::unique_ptr<Command> command) {
  const std::string organization = command->organization;
  command->submitted = deps_.clock.Now();
  if (queue_.Push(organization, command)) return;
  const bool closed = queue_.closed();
  if (!closed) numbers_.refused.Add();
  command->done(closed ? error::ShuttingDown() : error::TooMuchWaiting(queue_.waiting()),
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
    const absl::Time begin = deps_.clock.Now();
    numbers_.Taken(taken->items, begin);
    absl::StatusOr<postgres::Connection*> connection = session.Get();
    if (connection.ok()) {
      Batch(**connection, options_.batch, deps_).Run(std::move(taken->items));
    } else {
      for (std::unique_ptr<Command>& command : taken->items) {
        command->done(connection.status(), std::nullopt);
      }
    }
    numbers_.took.Observe(deps_.clock.Now() - begin);
    queue_.Done(taken->organization);
  }
}

}  // namespace okr::store
