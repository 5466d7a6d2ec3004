#include "common/store/batch_spans.h"

#include <optional>
#include <utility>

#include "common/status/error.h"

namespace okr::store {

BatchSpans::BatchSpans(const trace::Tracer& tracer, std::string organization, absl::Time start,
                       absl::Time end, const absl::Status& status)
    : tracer_(tracer),
      organization_(std::move(organization)),
      start_(start),
      end_(end),
      failed_(!status.ok()) {}

void BatchSpans::Add(const std::string& traceparent, const absl::Status& told, size_t events) {
  ++members_;
  if (told.ok()) events_ += static_cast<int64_t>(events);
  std::optional<TraceContext> call = ParseTraceparent(traceparent);
  if (!call || !call->sampled) return;
  sampled_.push_back({.call = *std::move(call),
                      .reason = ReasonOf(told),
                      .events = told.ok() ? static_cast<int64_t>(events) : 0});
}

void BatchSpans::End() {
  if (sampled_.empty()) return;
  trace::Span batch = Make(sampled_.front().call, "okr.batch");
  batch.attributes = {{"db.system.name", "postgresql"},
                      {"db.operation.batch.size", members_},
                      {"okr.organization", organization_},
                      {"okr.events", events_}};
  if (members_ > 1) {
    for (const Sampled& member : sampled_) {
      batch.links.push_back(member.call);
      EndMember(member, batch.context);
    }
  }
  tracer_.End(std::move(batch));
}

trace::Span BatchSpans::Make(const TraceContext& parent, const char* name) const {
  return {.context = tracer_.Begin(parent),
          .parent_id = parent.span_id,
          .name = name,
          .start = start_,
          .end = end_,
          .failed = failed_};
}

void BatchSpans::EndMember(const Sampled& member, const TraceContext& batch) const {
  trace::Span span = Make(member.call, "okr.batch.member");
  span.attributes = {{"okr.events", member.events}};
  if (!member.reason.empty()) span.attributes.push_back({"error.type", member.reason});
  span.links = {batch};
  tracer_.End(std::move(span));
}

}  // namespace okr::store
