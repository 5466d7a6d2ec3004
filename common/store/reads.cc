#include "common/store/reads.h"

#include <map>
#include <memory>
#include <mutex>

#include "absl/strings/str_cat.h"
#include "common/postgres/params.h"
#include "common/postgres/sqlstate.h"
#include "common/status/macros.h"
#include "common/store/errors.h"
#include "common/store/working_set.h"

namespace okr::store {
namespace {

constexpr int kMaxRounds = 200;

// The first text behind all that begin with `prefix`, which is of ASCII and not empty.
std::string EndOfPrefix(std::string prefix) {
  ++prefix.back();
  return prefix;
}

// Texts of list statements, made once for each table and set of filters. Never freed.
class Statements {
 public:
  postgres::Statement Get(const TableBase& table, const ListQuery& query) {
    std::string name = absl::StrCat("store.list.", table.options().name);
    for (const auto& [column, value] : query.filters) absl::StrAppend(&name, ".", column);
    std::lock_guard lock(mutex_);
    auto& statement = statements_[name];
    if (statement == nullptr) {
      statement = std::make_unique<OwnedStatement>(OwnedStatement{name, Text(table, query)});
    }
    return statement->get();
  }

 private:
  static std::string Text(const TableBase& table, const ListQuery& query) {
    std::string text = absl::StrCat("SELECT name, version, body FROM ", table.options().name,
                                    " WHERE organization_id = $1 AND name > $2 AND name < $3");
    int parameter = 5;
    for (const auto& [column, value] : query.filters) {
      absl::StrAppend(&text, " AND ", column, " = $", parameter++);
    }
    return absl::StrCat(text, " ORDER BY name LIMIT $4");
  }

  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<OwnedStatement>> statements_;
};

Statements& ListStatements() {
  static Statements& statements = *new Statements;
  return statements;
}

postgres::Params ListParams(const std::string& organization, const ListQuery& query) {
  postgres::Params params;
  params.Text(organization);
  params.Text(std::max(query.after, query.prefix));
  // "~" stands behind everything that a name can begin with.
  params.Text(query.prefix.empty() ? "~" : EndOfPrefix(query.prefix));
  params.Int64(static_cast<int64_t>(query.limit));
  for (const auto& [column, value] : query.filters) {
    if (const auto* text = std::get_if<std::string>(&value)) {
      params.Text(*text);
    } else {
      params.Int64(std::get<int64_t>(value));
    }
  }
  return params;
}

// One snapshot of the database, from the first rows on.
absl::Status Look(postgres::Connection& connection, const std::string& organization,
                  absl::Time deadline, absl::Time now,
                  const std::function<absl::Status(View&)>& look) {
  WorkingSet rows(organization);
  for (int round = 0; round <= kMaxRounds; ++round) {
    View view(rows, now);
    absl::Status status = look(view);
    if (!view.misses_rows()) return status;
    size_t index = 0;
    if (round == 0) {
      connection.Enqueue(postgres::kBeginSnapshot);
      connection.Enqueue(postgres::kSwitchOrganization, postgres::Params().Text(organization));
      index = 2;
    }
    rows.EnqueueLoads(view.wanted(), false, connection);
    OKR_ASSIGN_OR_RETURN(const std::vector<postgres::Result> results, connection.Flush(deadline));
    OKR_RETURN_IF_ERROR(rows.TakeLoads(view.wanted(), results, index));
  }
  return error::TooManyRounds();
}

// A connection that was lost since its last use is worth one more try.
template <typename Run>
absl::Status WithConnection(postgres::ConnectionPool& pool, absl::Time deadline, Run run) {
  absl::Status status;
  for (int attempt = 0; attempt < 2; ++attempt) {
    OKR_ASSIGN_OR_RETURN(postgres::ConnectionPool::Lease connection, pool.Acquire(deadline));
    status = run(*connection);
    if (connection->in_transaction() && !connection->broken()) {
      connection->Rollback(deadline).IgnoreError();
    }
    if (!postgres::IsConnectionLost(status)) break;
  }
  return status;
}

}  // namespace

absl::Status Reads::With(const std::string& organization, absl::Time deadline,
                         const std::function<absl::Status(View&)>& look) {
  return WithConnection(pool_, deadline, [&](postgres::Connection& connection) {
    return Look(connection, organization, deadline, clock_.Now(), look);
  });
}

absl::StatusOr<std::vector<ListedRow>> Reads::List(const std::string& organization,
                                                   absl::Time deadline, const TableBase& table,
                                                   const ListQuery& query) {
  std::vector<ListedRow> rows;
  OKR_RETURN_IF_ERROR(WithConnection(pool_, deadline, [&](postgres::Connection& connection) {
    connection.Enqueue(postgres::kSwitchOrganization, postgres::Params().Text(organization));
    connection.Enqueue(ListStatements().Get(table, query), ListParams(organization, query));
    OKR_ASSIGN_OR_RETURN(const std::vector<postgres::Result> results, connection.Flush(deadline));
    for (int i = 0; i < results[1].rows(); ++i) {
      rows.push_back({.name = std::string(results[1].GetText(i, 0)),
                      .version = results[1].GetInt64(i, 1),
                      .body = std::string(results[1].GetBytes(i, 2))});
    }
    return absl::OkStatus();
  }));
  return rows;
}

}  // namespace okr::store
