// The spans of a batch, for the traces of those whose commands it carried out. Internal.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/trace/tracer.h"

namespace okr::store {

// The batch is one span in the trace of its first sampled member, with a link to the call of each.
// If there are several members, each sampled one gets a span in its own trace too, with a link to
// that of the batch: so the way goes from each call to the transaction and back.
class BatchSpans {
 public:
  // `status`: of the transaction.
  BatchSpans(const trace::Tracer& tracer, std::string organization, absl::Time start,
             absl::Time end, const absl::Status& status);

  // Each member, with what its call is told and how many events it wrote.
  void Add(const std::string& traceparent, const absl::Status& told, size_t events);
  void End();

 private:
  struct Sampled {
    TraceContext call;
    std::string reason;  // Why it was refused.
    int64_t events = 0;
  };

  trace::Span Make(const TraceContext& parent, const char* name) const;
  void EndMember(const Sampled& member, const TraceContext& batch) const;

  const trace::Tracer& tracer_;
  const std::string organization_;
  const absl::Time start_;
  const absl::Time end_;
  const bool failed_;
  int64_t members_ = 0;
  int64_t events_ = 0;
  std::vector<Sampled> sampled_;
};

}  // namespace okr::store
