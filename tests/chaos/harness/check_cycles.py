"""The close of a cycle: no check-in is accepted and then not counted, and nothing moves afterwards."""

from collections.abc import Iterator

from .arithmetic import CYCLE_CLOSED, FINAL
from .check_history import relative
from .contracts import contracts
from .facts import Books
from .history import Violation
from .state import Event, Key, State


def check_cycles(state: State, books: Books) -> Iterator[Violation]:
    barriers: dict[Key, Event] = {}
    for event in state.events("goals"):
        if event.type.endswith(".CycleGradingOpened"):
            barriers[(event.organization, relative(event.subject))] = event
    for key, seals in books.sealed.items():
        if key not in barriers:
            yield Violation("a seal follows a barrier", "/".join(key), "no seal", seals[0].place)
    for key, barrier in barriers.items():
        yield from _seal(state, books, key, barrier)
    yield from _check_ins_before_seals(books)
    for key, cycle in books.resources.items():
        if cycle.DESCRIPTOR.name == "Cycle":
            yield from _final(state, books, key, cycle.state == CYCLE_CLOSED)
    yield from _nothing_after(state, books)


def _seal(state: State, books: Books, key: Key, barrier: Event) -> Iterator[Violation]:
    seals = books.sealed.get(key, [])
    if len(seals) != 1 or seals[0].version != barrier.version:
        yield Violation(
            "a cycle is sealed once",
            "/".join(key),
            f"one seal of version {barrier.version}",
            str([(seal.place, seal.version) for seal in seals]),
        )
    if state.seals.get(key) != barrier.version:
        yield Violation("checkins remembers its seal", "/".join(key), str(barrier.version), str(state.seals.get(key)))


def _check_ins_before_seals(books: Books) -> Iterator[Violation]:
    for (organization, _), events in books.check_in_events.items():
        for event in events:
            key = (organization, relative(event.payload.check_in.cycle))
            for seal in books.sealed.get(key, ()):
                if event.position > seal.position:
                    yield Violation(
                        "no check-in stands behind the seal of its cycle",
                        event.subject,
                        f"before {seal.place}",
                        event.place,
                    )


def _final(state: State, books: Books, key: Key, closed: bool) -> Iterator[Violation]:
    """A closed cycle becomes scored, once; another does not."""
    told = books.scored.get(key, [])
    if len(told) != int(closed):
        yield Violation(
            "a closed cycle is scored once",
            "/".join(key),
            f"CycleScored {int(closed)} times",
            str([event.place for event in told]),
        )
    row = state.table("scoring.cycle_states").get(key)
    stored = contracts().message("okr.scoring.stored.CycleState").FromString(row.body) if row else None
    sealed = bool(books.sealed.get(key))
    if (stored.sealed, stored.scored) != (sealed, closed) if stored else sealed:
        yield Violation(
            "scoring knows how far the close has come",
            "/".join(key),
            f"sealed {sealed}, scored {closed}",
            str(stored).replace("\n", " "),
        )


def _nothing_after(state: State, books: Books) -> Iterator[Violation]:
    """Final scores never change."""
    for event in state.events("scoring"):
        payload = event.payload
        if not hasattr(payload, "score"):
            continue
        for scored in books.scored.get((event.organization, relative(payload.score.cycle)), ()):
            if event.position > scored.position:
                yield Violation(
                    "final scores never change", event.subject, f"nothing after {scored.place}", event.place
                )
            elif (
                books.scores.get((event.organization, relative(event.subject))) is event
                and payload.score.state != FINAL
            ):
                yield Violation(
                    "a closed cycle's scores are final",
                    event.subject,
                    "FINAL",
                    f"{payload.score.state} ({event.place})",
                )
