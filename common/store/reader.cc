#include "common/store/reader.h"

#include <map>
#include <utility>

#include "common/postgres/params.h"
#include "common/postgres/sqlstate.h"
#include "common/status/macros.h"
#include "common/store/errors.h"
#include "common/store/session.h"

namespace okr::store {
namespace {

constexpr absl::Duration kBudget = absl::Seconds(10);

using Reads = std::vector<std::unique_ptr<Read>>;

ReadRow RowOf(const postgres::Result& result, int row) {
  ReadRow columns;
  for (int column = 1; column < result.columns(); ++column) {
    if (result.IsNull(row, column)) {
      columns.emplace_back(std::nullopt);
    } else {
      columns.emplace_back(std::string(result.GetBytes(row, column)));
    }
  }
  return columns;
}

void Answer(Reads& reads, const std::vector<size_t>& members, const postgres::Result& result) {
  std::map<absl::string_view, int> rows;
  for (int i = 0; i < result.rows(); ++i) rows[result.GetText(i, 0)] = i;
  for (size_t member : members) {
    const auto row = rows.find(reads[member]->name);
    reads[member]->done(row == rows.end() ? std::optional<ReadRow>()
                                          : std::optional<ReadRow>(RowOf(result, row->second)));
  }
}

// All reads are of one organization; one statement for each kind, all in one round trip.
absl::Status RunReads(postgres::Connection& connection, const std::string& organization,
                      absl::Time deadline, Reads& reads) {
  std::map<absl::string_view, std::vector<size_t>> by_statement;
  for (size_t i = 0; i < reads.size(); ++i) by_statement[reads[i]->statement.name].push_back(i);
  connection.Enqueue(postgres::kSwitchOrganization, postgres::Params().Text(organization));
  for (const auto& [name, members] : by_statement) {
    postgres::Params params;
    params.Text(organization).TextArray(members, [&](size_t i) -> absl::string_view {
      return reads[i]->name;
    });
    connection.Enqueue(reads[members.front()]->statement, params);
  }
  OKR_ASSIGN_OR_RETURN(const std::vector<postgres::Result> results, connection.Flush(deadline));
  size_t index = 1;
  for (const auto& [name, members] : by_statement) Answer(reads, members, results[index++]);
  return absl::OkStatus();
}

void Fail(Reads& reads, const absl::Status& status) {
  for (std::unique_ptr<Read>& read : reads) read->done(status);
}

void DropLate(Reads& reads, absl::Time now) {
  std::erase_if(reads, [now](std::unique_ptr<Read>& read) {
    if (read->deadline > now) return false;
    read->done(error::DeadlinePassedInQueue());
    return true;
  });
}

}  // namespace

Reader::Reader(Options options, const Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      queue_(options_.max_batch, options_.max_waiting) {
  for (int i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { Work(); });
}

Reader::~Reader() { Stop(); }

void Reader::Submit(Read read) {
  auto item = std::make_unique<Read>(std::move(read));
  const std::string organization = item->organization;
  item->submitted = clock_.Now();
  if (queue_.Push(organization, item)) return;
  const bool closed = queue_.closed();
  if (!closed) numbers_.refused.Add();
  item->done(closed ? error::ShuttingDown() : error::TooMuchWaiting(queue_.waiting()));
}

void Reader::Stop() {
  queue_.Close();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Reader::Work() {
  Session session(options_.database, clock_);
  while (auto taken = queue_.Take()) {
    // Reads need no order: while this thread has some, another may take what has come since.
    queue_.Done(taken->organization);
    const absl::Time begin = clock_.Now();
    numbers_.Taken(taken->items, begin);
    DropLate(taken->items, begin);
    absl::Status status;
    // A connection that was lost since its last use is worth one more try.
    for (int attempt = 0; attempt < 2 && !taken->items.empty(); ++attempt) {
      if (attempt > 0) numbers_.repeats.Add();
      absl::StatusOr<postgres::Connection*> connection = session.Get();
      status = connection.ok() ? RunReads(**connection, taken->organization, clock_.Now() + kBudget,
                                          taken->items)
                               : connection.status();
      if (status.ok() || !postgres::IsConnectionLost(status)) break;
    }
    if (!status.ok()) Fail(taken->items, status);
    numbers_.took.Observe(clock_.Now() - begin);
  }
}

}  // namespace okr::store
