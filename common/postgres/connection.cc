#include "common/postgres/connection.h"

#include <libpq-fe.h>

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/postgres/canceller.h"
#include "common/postgres/conninfo.h"
#include "common/postgres/flush.h"
#include "common/postgres/sqlstate.h"
#include "common/socket/await_socket.h"
#include "common/status/macros.h"

namespace okr::postgres {
namespace {

constexpr int kBinaryResults = 1;

void DropNotice(void*, const PGresult*) {}

// The user's `options` of the conninfo with our settings behind them.
absl::StatusOr<std::string> SessionOptions(const Options& options) {
  OKR_ASSIGN_OR_RETURN(auto settings, ParseConninfo(options.conninfo));
  std::string text = settings["options"];
  if (!options.prepared_statements) return text;
  // Every statement is short and has one good plan, which its indexes give. To plan it again for
  // each call's values costs more than to execute it, and so does compiling it.
  absl::StrAppend(&text, " -c plan_cache_mode=force_generic_plan -c jit=off");
  const auto set = [&text](absl::string_view name, absl::Duration value) {
    if (value <= absl::ZeroDuration()) return;
    absl::StrAppend(&text, " -c ", name, "=", absl::ToInt64Milliseconds(value));
  };
  set("statement_timeout", options.statement_timeout);
  set("idle_in_transaction_session_timeout", options.idle_transaction_timeout);
  return text;
}

absl::Status AwaitConnected(PGconn* connection, absl::Time deadline) {
  PostgresPollingStatusType state = PGRES_POLLING_WRITING;
  while (state != PGRES_POLLING_OK) {
    if (state == PGRES_POLLING_FAILED) {
      return MakeFailure({.message = PQerrorMessage(connection), .connection_lost = true});
    }
    const bool writing = state == PGRES_POLLING_WRITING;
    if (!AwaitSocket(PQsocket(connection), {.read = !writing, .write = writing}, deadline)) {
      return MakeFailure({.message = "the server did not answer within the connect timeout",
                          .connection_lost = true,
                          .timed_out = true});
    }
    state = PQconnectPoll(connection);
  }
  return absl::OkStatus();
}

}  // namespace

void Connection::Close::operator()(pg_conn* connection) const { PQfinish(connection); }

Connection::~Connection() { SetUsable(false); }

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const Options& options) {
  auto connection = std::unique_ptr<Connection>(new Connection(options));
  OKR_RETURN_IF_ERROR(connection->Connect());
  return connection;
}

absl::Status Connection::Reset() { return Connect(); }

absl::Status Connection::Connect() {
  absl::Status connected = TryConnect();
  if (!connected.ok() && options_.stats != nullptr) options_.stats->connect_failures.Add();
  return connected;
}

void Connection::SetUsable(bool usable) {
  if (usable == !broken_) return;
  broken_ = !usable;
  if (options_.stats != nullptr) options_.stats->open.Add(usable ? 1 : -1);
}

bool Connection::IsTimed() {
  return options_.stats != nullptr && options_.stats->statements != nullptr &&
         flushes_++ % ConnectionStats::kTimedFlushes == 0;
}

void Connection::Observe(absl::string_view statement, absl::Duration took, uint64_t times) {
  if (options_.stats == nullptr || options_.stats->statements == nullptr) return;
  metrics::Histogram*& histogram = times_[statement.data()];
  if (histogram == nullptr) {
    histogram = &options_.stats->statements->Of(statement.empty() ? "unnamed" : statement);
  }
  histogram->Observe(took, times);
}

absl::Status Connection::TryConnect() {
  SetUsable(false);
  in_transaction_ = false;
  queue_ = {};
  prepared_.clear();
  const absl::Time deadline = absl::Now() + options_.connect_timeout;
  next_plans_ = absl::Now() + options_.plans_last;
  OKR_ASSIGN_OR_RETURN(const std::string session, SessionOptions(options_));
  // Keywords before `dbname` are defaults that the conninfo may override; those after it are not.
  const char* const keywords[] = {"tcp_user_timeout",
                                  "keepalives_idle",
                                  "keepalives_interval",
                                  "dbname",
                                  "client_encoding",
                                  "application_name",
                                  "options",
                                  nullptr};
  const char* const values[] = {"10000",
                                "10",
                                "5",
                                options_.conninfo.c_str(),
                                "UTF8",
                                options_.application_name.c_str(),
                                session.c_str(),
                                nullptr};
  connection_.reset(PQconnectStartParams(keywords, values, /*expand_dbname=*/1));
  if (connection_ == nullptr) return absl::ResourceExhaustedError("out of memory");
  if (PQstatus(connection_.get()) == CONNECTION_BAD) {
    return Lost(PQerrorMessage(connection_.get()));
  }
  OKR_RETURN_IF_ERROR(AwaitConnected(connection_.get(), deadline));
  PQsetNoticeReceiver(connection_.get(), DropNotice, nullptr);
  if (PQsetnonblocking(connection_.get(), 1) != 0 || PQenterPipelineMode(connection_.get()) != 1) {
    return Lost(PQerrorMessage(connection_.get()));
  }
  SetUsable(true);
  return absl::OkStatus();
}

absl::Status Connection::Lost(absl::string_view message, bool timed_out) {
  SetUsable(false);
  in_transaction_ = false;
  return MakeFailure({.message = std::string(absl::StripAsciiWhitespace(message)),
                      .connection_lost = true,
                      .timed_out = timed_out});
}

absl::Status Connection::Misused(absl::string_view message) {
  SetUsable(false);
  in_transaction_ = false;
  return absl::InternalError(message);
}

void Connection::Abandon() {
  SetUsable(false);
  in_transaction_ = false;
  CancelInBackground(connection_.get());
}

int Connection::backend_pid() const { return PQbackendPID(connection_.get()); }

bool Connection::CheckAlive() {
  // Bounded: a server says at most a few things (a notice, its reason to close) before it is gone.
  for (int i = 0; i < 8 && !broken_; ++i) {
    if (!AwaitSocket(PQsocket(connection_.get()), {.read = true}, absl::InfinitePast()))
      return true;
    if (PQconsumeInput(connection_.get()) == 0 || PQisBusy(connection_.get()) != 0 ||
        PQstatus(connection_.get()) == CONNECTION_BAD) {
      SetUsable(false);
    }
  }
  return !broken_;
}

size_t Connection::Enqueue(const Statement& statement, const Params& params) {
  // A connection that died while idle is found before anything is sent: then it is certain that
  // nothing was committed.
  if (queue_.steps.empty() && !broken_) CheckAlive();
  if (queue_.steps.empty()) queue_.timed = IsTimed();
  const size_t index = queue_.statements++;
  if (absl::StartsWithIgnoreCase(statement.text, "BEGIN")) queue_.begins = true;
  if (broken_ && queue_.error.ok()) queue_.error = Lost("the connection is broken");
  if (!queue_.error.ok()) return index;

  const bool prepared = options_.prepared_statements && !statement.name.empty();
  if (prepared && !Prepare(statement, params)) return index;
  if (absl::EqualsIgnoreCase(statement.text, "COMMIT")) queue_.commit_step = queue_.steps.size();
  bool sent = Send(statement, params, prepared);
  if (queue_.timed) sent = sent && PQsendFlushRequest(connection_.get()) == 1;
  Add({.statement = index, .name = statement.name}, sent);
  return index;
}

bool Connection::Send(const Statement& statement, const Params& params, bool prepared) {
  const Params::Raw raw = params.raw();
  const int count = static_cast<int>(params.size());
  if (prepared) {
    return PQsendQueryPrepared(connection_.get(), std::string(statement.name).c_str(), count,
                               raw.values.data(), raw.lengths.data(), raw.formats.data(),
                               kBinaryResults) == 1;
  }
  return PQsendQueryParams(connection_.get(), std::string(statement.text).c_str(), count,
                           params.oids().data(), raw.values.data(), raw.lengths.data(),
                           raw.formats.data(), kBinaryResults) == 1;
}

bool Connection::Prepare(const Statement& statement, const Params& params) {
  const auto [known, added] = prepared_.try_emplace(statement.name, statement.text);
  if (!added) {
    if (known->second == statement.text) return true;
    queue_.error = Misused(absl::StrCat("two statements have the name ", statement.name));
    return false;
  }
  const std::string name(statement.name);
  Add({.statement = queue_.statements - 1, .prepares = name, .has_result = false},
      PQsendPrepare(connection_.get(), name.c_str(), std::string(statement.text).c_str(),
                    static_cast<int>(params.size()), params.oids().data()) == 1);
  return queue_.error.ok();
}

void Connection::Add(Step step, bool sent) {
  if (sent) {
    queue_.steps.push_back(std::move(step));
  } else {
    const char* const why = PQerrorMessage(connection_.get());
    queue_.error = PQstatus(connection_.get()) == CONNECTION_BAD ? Lost(why) : Misused(why);
  }
}

void Connection::DiscardOldPlans() {
  const bool stays_open = (in_transaction_ || queue_.begins) && !queue_.commit_step;
  const absl::Time now = absl::Now();
  if (stays_open || prepared_.empty() || now < next_plans_ || !queue_.error.ok() || broken_) return;
  next_plans_ = now + options_.plans_last;
  Add({.statement = queue_.statements, .has_result = false},
      PQsendQueryParams(connection_.get(), "DISCARD PLANS", 0, nullptr, nullptr, nullptr, nullptr,
                        kBinaryResults) == 1);
}

absl::StatusOr<std::vector<Result>> Connection::Flush(absl::Time deadline) {
  DiscardOldPlans();
  return FlushRun(*this, std::exchange(queue_, {})).Run(deadline);
}

absl::StatusOr<Result> Connection::Execute(const Statement& statement, const Params& params,
                                           absl::Time deadline) {
  if (has_queued()) return absl::InternalError("Execute while other statements are queued");
  Enqueue(statement, params);
  OKR_ASSIGN_OR_RETURN(std::vector<Result> results, Flush(deadline));
  return std::move(results.front());
}

absl::Status Connection::Rollback(absl::Time deadline) {
  if (has_queued()) return Lost("queued statements were given up");
  if (broken_ || !in_transaction_) return absl::OkStatus();
  return Execute(kRollback, {}, deadline).status();
}

}  // namespace okr::postgres
