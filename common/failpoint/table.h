// Every fail point and every planted fault, by name. docs/fail-points.md is made from these tables.
#pragma once

#include <array>
#include <cstddef>

#include "absl/strings/string_view.h"

namespace okr::failpoint {

// A place where the end of the process matters: what is done before it, and what is not.
enum class FailPoint {
  kBatchTaken,
  kBatchBegun,
  kBatchDecided,
  kBatchWritten,
  kBatchCommitted,
  kBatchTold,
  kApplyDecided,
  kLogAppended,
  kRelayLogRead,
  kRelayBeforeScript,
  kRelayAfterScript,
  kRelayRefill,
  kConsumerRead,
  kConsumerPrepared,
  kConsumerLocked,
  kConsumerApplied,
  kConsumerMoved,
  kConsumerCommitted,
  kConsumerGapRead,
  kParkingBegun,
  kParkingCommitted,
  kParkingBehind,
  kReplayApplied,
  kReplayCommitted,
  kBarrierDecided,
  kBarrierCommitted,
  kSealMarked,
  kSealAppended,
  kSweepClaimed,
  kSweepMoved,
  kSweepCommitted,
  kFinalDecided,
  kFinalCommitted,
  kDueFound,
  kDueTold,
  kHousekeepingBegun,
  kHousekeepingDone,
};

// A mistake that the tests must catch, planted on demand.
enum class Fault {
  kPositionNotLast,
  kConsumerPositionApart,
  kPublishWithoutComparing,
  kRequestIdNotClaimed,
  kFoldMissing,
  kBatchErrorFailsNeighbours,
  kProjectionVersionIgnored,
  kSealIgnored,
};

// A row of a table.
template <typename Id>
struct Named {
  Id id;
  absl::string_view name;
  absl::string_view meaning;  // One sentence.
};

inline constexpr std::array kFailPoints = {
    Named<FailPoint>{FailPoint::kBatchTaken, "batch.taken",
                     "The batcher has taken commands from its queue; no transaction is open."},
    Named<FailPoint>{FailPoint::kBatchBegun, "batch.begun",
                     "The batch's transaction is open and has locked its first rows; its request "
                     "ids were looked up."},
    Named<FailPoint>{FailPoint::kBatchDecided, "batch.decided",
                     "All commands of the batch are decided; no write was sent."},
    Named<FailPoint>{FailPoint::kBatchWritten, "batch.written",
                     "Rows, request ids and events of the batch are written and its positions "
                     "taken; COMMIT was not sent."},
    Named<FailPoint>{FailPoint::kBatchCommitted, "batch.committed",
                     "The batch is committed; neither the relay nor a caller knows."},
    Named<FailPoint>{FailPoint::kBatchTold, "batch.told",
                     "The relay was told of the batch's events; no caller has an answer."},
    Named<FailPoint>{FailPoint::kApplyDecided, "apply.decided",
                     "A consumer or timer has decided what changes inside its transaction; the "
                     "changed rows are queued, not sent."},
    Named<FailPoint>{FailPoint::kLogAppended, "log.appended",
                     "A consumer or timer has appended its own events to the log, and holds the "
                     "log's head; not committed."},
    Named<FailPoint>{FailPoint::kRelayLogRead, "relay.log_read",
                     "The relay has read events from the log; the stream was not touched."},
    Named<FailPoint>{FailPoint::kRelayBeforeScript, "relay.before_script",
                     "The relay is about to send a chunk of events and the head that it expects; "
                     "earlier chunks of the page may be in the stream."},
    Named<FailPoint>{FailPoint::kRelayAfterScript, "relay.after_script",
                     "The stream has the events; the relay has not noted its new head."},
    Named<FailPoint>{FailPoint::kRelayRefill, "relay.refill",
                     "A stream that was lost has its first events again, and not yet the rest."},
    Named<FailPoint>{FailPoint::kConsumerRead, "consumer.read",
                     "The consumer has read events from a stream; none is applied."},
    Named<FailPoint>{FailPoint::kConsumerPrepared, "consumer.prepared",
                     "Other services were asked for what the events speak of; no transaction is "
                     "open."},
    Named<FailPoint>{FailPoint::kConsumerLocked, "consumer.locked",
                     "The row of the consumer's position is locked; nothing is applied."},
    Named<FailPoint>{FailPoint::kConsumerApplied, "consumer.applied",
                     "The events are applied in the open transaction; the position is the old "
                     "one."},
    Named<FailPoint>{FailPoint::kConsumerMoved, "consumer.moved",
                     "Events are applied and the position is moved, in one transaction; COMMIT "
                     "was not sent."},
    Named<FailPoint>{FailPoint::kConsumerCommitted, "consumer.committed",
                     "Effect and position are committed; the relay and those who wait for the "
                     "position do not know."},
    Named<FailPoint>{FailPoint::kConsumerGapRead, "consumer.gap_read",
                     "Events that were missing in the stream were read from the owner's log; none "
                     "is applied."},
    Named<FailPoint>{FailPoint::kParkingBegun, "parking.begun",
                     "An event that can never be applied was found; it is not parked."},
    Named<FailPoint>{FailPoint::kParkingCommitted, "parking.committed",
                     "The event is parked and the position is past it; later events of its subject "
                     "were not looked at."},
    Named<FailPoint>{FailPoint::kParkingBehind, "parking.behind",
                     "Events whose subject has a parked one were found; they are not parked behind "
                     "it."},
    Named<FailPoint>{FailPoint::kReplayApplied, "replay.applied",
                     "A parked event is applied and forgotten in the open transaction; COMMIT was "
                     "not sent."},
    Named<FailPoint>{FailPoint::kReplayCommitted, "replay.committed",
                     "A parked event is replayed for good; those behind it are still parked."},
    Named<FailPoint>{FailPoint::kBarrierDecided, "barrier.decided",
                     "goals has decided to open a cycle's grading; the barrier is not in the log."},
    Named<FailPoint>{FailPoint::kBarrierCommitted, "barrier.committed",
                     "The barrier is in the log of goals; who asked for it has no answer."},
    Named<FailPoint>{FailPoint::kSealMarked, "seal.marked",
                     "checkins has marked the cycle as sealed in the open transaction; the seal is "
                     "not in its log."},
    Named<FailPoint>{FailPoint::kSealAppended, "seal.appended",
                     "checkins has appended the seal to its log; the transaction with mark, seal "
                     "and position is not committed."},
    Named<FailPoint>{FailPoint::kSweepClaimed, "sweep.claimed",
                     "scoring has claimed a page of a sweep, as at each beginning of a day; no "
                     "score is computed."},
    Named<FailPoint>{FailPoint::kSweepMoved, "sweep.moved",
                     "Scores and events of the page are written and the sweep's row is moved; not "
                     "committed."},
    Named<FailPoint>{FailPoint::kSweepCommitted, "sweep.committed",
                     "A page of a sweep is committed; the next one is not begun, the relay does "
                     "not know."},
    Named<FailPoint>{FailPoint::kFinalDecided, "final.decided",
                     "scoring has found a closed cycle sealed and complete; its scores are not "
                     "told to be final."},
    Named<FailPoint>{FailPoint::kFinalCommitted, "final.committed",
                     "The final scores of a cycle are committed; the relay does not know."},
    Named<FailPoint>{FailPoint::kDueFound, "due.found",
                     "The due timer has found key results to look at; none was looked at."},
    Named<FailPoint>{FailPoint::kDueTold, "due.told",
                     "The due timer's events of a page are committed; it has not gone on."},
    Named<FailPoint>{FailPoint::kHousekeepingBegun, "housekeeping.begun",
                     "Housekeeping is about to forget old request ids."},
    Named<FailPoint>{FailPoint::kHousekeepingDone, "housekeeping.done",
                     "Old request ids are forgotten; housekeeping has not noted that."},
};

inline constexpr std::array kFaults = {
    Named<Fault>{Fault::kPositionNotLast, "position-not-taken-last",
                 "A batch takes its positions in a transaction of their own before its writes, so "
                 "that commits come out of order and failed ones leave holes."},
    Named<Fault>{Fault::kConsumerPositionApart, "consumer-position-outside-transaction",
                 "A consumer commits its position before the effect, in a transaction of its own, "
                 "so that a crash or failure between them loses events."},
    Named<Fault>{Fault::kPublishWithoutComparing, "publish-without-comparing",
                 "A relay appends to the stream without comparing its head with the expected one, "
                 "so that a lost stream is continued with a gap."},
    Named<Fault>{Fault::kRequestIdNotClaimed, "request-id-not-claimed",
                 "A batch does not record the request ids that it carried out, so that a retry is "
                 "carried out again."},
    Named<Fault>{Fault::kFoldMissing, "fold-missing-in-batch",
                 "Commands of one batch do not see what those before them made, so that on one row "
                 "the last one wins."},
    Named<Fault>{Fault::kBatchErrorFailsNeighbours, "batch-error-fails-neighbours",
                 "A batch that PostgreSQL refuses is not split, so that all its commands fail with "
                 "the poisonous one."},
    Named<Fault>{Fault::kProjectionVersionIgnored, "projection-version-check-missing",
                 "A projection takes what comes, so that an older version overwrites a newer one."},
    Named<Fault>{Fault::kSealIgnored, "seal-ignored-at-close",
                 "scoring makes scores final at the close without waiting for the seal of "
                 "checkins, so that an accepted check-in may not count."},
};

// The row of a point or fault; each stands at the place of its id.
constexpr const Named<FailPoint>& RowOf(FailPoint point) {
  return kFailPoints[static_cast<size_t>(point)];
}
constexpr const Named<Fault>& RowOf(Fault fault) { return kFaults[static_cast<size_t>(fault)]; }

namespace table_internal {

template <typename Table>
constexpr bool IsInOrder(const Table& table) {
  for (size_t i = 0; i < table.size(); ++i) {
    if (static_cast<size_t>(table[i].id) != i) return false;
  }
  return true;
}

}  // namespace table_internal

static_assert(table_internal::IsInOrder(kFailPoints));
static_assert(kFailPoints.back().id == FailPoint::kHousekeepingDone, "a fail point has no row");
static_assert(table_internal::IsInOrder(kFaults));
static_assert(kFaults.back().id == Fault::kSealIgnored, "a fault has no row");

}  // namespace okr::failpoint
