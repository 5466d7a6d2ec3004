// What connections tell of themselves.
#pragma once

#include "common/metrics/values.h"

namespace okr::postgres {

// Thread-safe. Shared by the connections of one use; must outlive them.
//
// A statement's time runs from the result before it in its flush, or from the begin of the flush,
// to its own result. PostgreSQL holds results back until the end of a flush, so the statements of
// one in kTimedFlushes of a connection are asked to answer one by one, and stand for the others in
// `statements`. A statement alone in its flush is always timed.
struct ConnectionStats {
  // Prime, so that flushes that come in turns are all timed now and then.
  static constexpr uint64_t kTimedFlushes = 13;

  metrics::Gauge open;  // Connections that can be used.
  metrics::Counter connect_failures;
  metrics::HistogramMap* statements = nullptr;  // By their names; null: not timed.
};

}  // namespace okr::postgres
