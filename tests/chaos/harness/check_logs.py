"""Rules of the event logs: contiguous, published as they are, versions in order, seen once by each subscriber."""

from collections.abc import Iterable, Iterator
from typing import Any

from .contracts import contracts
from .followers import Follower
from .history import Violation
from .state import Event, State, shard_of

# Subjects of these logs have a version for each event; those of the others also have versions that tell nothing.
_GAPLESS = {"goals"}


def check_logs(state: State) -> Iterator[Violation]:
    ids: dict[str, Event] = {}
    for (service, shard), log in state.logs.items():
        yield from _contiguous(state, service, shard, log)
        for event in log:
            if event.id in ids:
                yield Violation("event ids are unique", event.id, ids[event.id].place, event.place)
            ids[event.id] = event
            if shard_of(event.organization) != shard:
                yield Violation(
                    "an organization has one shard", event.place, str(shard_of(event.organization)), str(shard)
                )
            if not event.subject.startswith(f"organizations/{event.organization}"):
                yield Violation("nothing of another organization", event.place, event.organization, event.subject)
        yield from _versions(service, log)


def _contiguous(state: State, service: str, shard: int, log: list[Event]) -> Iterator[Violation]:
    name = f"{service}-{shard}"
    epoch, head = state.heads[(service, shard)]
    if [event.position for event in log] != list(range(1, head + 1)):
        positions = {event.position for event in log}
        missing = [position for position in range(1, head + 1) if position not in positions]
        beyond = sorted(position for position in positions if position > head)
        yield Violation(
            "a log is contiguous",
            name,
            f"positions 1 to {head}",
            f"{len(log)} events, missing {missing[:10]}, beyond the head {beyond[:10]}",
        )
    epochs = state.epochs.get((service, shard), [])
    for event in log:
        known = max((one for one in epochs if one[1] <= event.position), key=lambda one: one[1], default=(0, 0))[0]
        if event.epoch != known:
            yield Violation("a position belongs to its epoch", event.place, str(known), str(event.epoch))
    if len(epochs) != 1 or epochs[0][0] != epoch:
        yield Violation("a history goes on under its epoch", name, "one epoch, as nothing was restored", str(epochs))


def _versions(service: str, log: list[Event]) -> Iterator[Violation]:
    last: dict[str, Event] = {}
    for event in log:
        before = last.get(event.subject)
        if before is not None and event.version <= before.version:
            yield Violation(
                "versions of a subject rise",
                event.subject,
                f"more than {before.version} ({before.place})",
                f"{event.version} ({event.place} {event.type})",
            )
        expected = before.version + 1 if before else 1
        if service in _GAPLESS and event.version != expected:
            yield Violation(
                "versions of a subject have no gap",
                event.subject,
                f"{expected}",
                f"{event.version} ({event.place} {event.type})",
            )
        last[event.subject] = event


def check_streams(state: State) -> Iterator[Violation]:
    """What Redis holds is the log, up to its head. It begins anywhere: streams may be trimmed at their beginning."""
    message = contracts().message("okr.events.v1.Event")
    for place, log in state.logs.items():
        name = f"{place[0]}-{place[1]}"
        entries = state.streams.get(place, [])
        wanted = log[len(log) - len(entries) :] if entries else []
        if log and not entries:
            yield Violation("a log is published", name, f"up to {log[-1].position}", "an empty stream")
        if len(entries) > len(log):
            yield Violation("a stream is its log", name, f"{len(log)} entries", f"{len(entries)}")
            continue
        for event, (entry, data) in zip(wanted, entries):
            if entry != f"{event.epoch}-{event.position}":
                yield Violation("a stream has no gap", name, f"{event.epoch}-{event.position}", entry)
                break
            yield from _same_event(event, message.FromString(data))


def _same_event(event: Event, published: Any) -> Iterator[Violation]:
    wanted = (
        event.id,
        event.type,
        f"organizations/{event.organization}",
        event.subject,
        event.version,
        event.actor,
        event.request_id,
        event.private,
        event.data,
        event.service,
        event.shard,
        event.position,
        event.epoch,
        event.time,
    )
    place = published.position
    found = (
        published.id,
        published.type,
        published.organization,
        published.subject,
        published.subject_version,
        published.actor,
        published.request_id,
        published.private,
        published.data.SerializeToString(),
        place.source,
        place.shard,
        place.position,
        place.epoch,
        published.time.ToMicroseconds(),
    )
    if wanted[:8] + wanted[9:] != found[:8] + found[9:] or not _same_any(wanted[8], found[8]):
        yield Violation("a stream is its log", event.place, str(wanted), str(found))


def _same_any(one: object, other: object) -> bool:
    return one == other or (
        isinstance(one, bytes) and isinstance(other, bytes) and contracts().unpack(one) == contracts().unpack(other)
    )


def check_followers(state: State, followers: Iterable[Follower]) -> Iterator[Violation]:
    """Each subscriber saw what it may see: once, in order, without a gap."""
    for follower in followers:
        wanted = [
            (event.position, event.id)
            for event in state.logs[(follower.service, follower.shard)]
            if (not follower.organization or (event.organization == follower.organization and not event.private))
            and (not follower.types or event.type in follower.types)
        ]
        if follower.seen == wanted:
            continue
        at = next(
            (index for index, (one, other) in enumerate(zip(follower.seen, wanted)) if one != other),
            min(len(follower.seen), len(wanted)),
        )
        yield Violation(
            "a subscriber sees each event once, in order",
            follower.name,
            f"{len(wanted)} events; the {at + 1}. is {wanted[at] if at < len(wanted) else 'none'}",
            f"{len(follower.seen)} events; the {at + 1}. is {follower.seen[at] if at < len(follower.seen) else 'none'}",
        )
