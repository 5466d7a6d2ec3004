"""What services keep of each other's logs, against a recomputation from those logs."""

import time
from collections.abc import Iterator
from typing import Any

from .arithmetic import CYCLE_ACTIVE, KEY_RESULT_RETIRED, NANOS, OBJECTIVE_ACTIVE, grace_of, nanos
from .check_history import bare, relative
from .contracts import contracts
from .due_dates import DueDates
from .facts import Books
from .history import Violation
from .installation import FOLLOWS
from .state import Key, State

NEVER = 2**63 - 1
_SLACK = 20 * NANOS  # A timer may be about to look.
_PROJECTING = ("checkins", "scoring", "notifications")


def check_positions(state: State) -> Iterator[Violation]:
    """At rest each consumer stands at the head of each log that it reads."""
    for service, sources in FOLLOWS.items():
        for (source, shard), head in state.heads.items():
            if source not in sources:
                continue
            position = state.positions[service].get((source, shard))
            if head[1] and position != head or not head[1] and position is not None and position[1]:
                yield Violation(
                    "a consumer comes to the head", f"{service} of {source}-{shard}", str(head), str(position)
                )


def check_projections(state: State, books: Books) -> Iterator[Violation]:
    """The newest version of everything that goals owns."""
    for service in _PROJECTING:
        rows = state.projections.get(service, {})
        for key in rows.keys() - books.resources.keys():
            yield Violation(
                "a projection is its log", f"{service} {'/'.join(key)}", "no row", f"version {rows[key].version}"
            )
        for key, resource in books.resources.items():
            row = rows.get(key)
            event = books.last_events[key]
            if row is None:
                yield Violation(
                    "a projection is its log", f"{service} {'/'.join(key)}", f"version {event.version}", "no row"
                )
                continue
            wanted = {
                "deleted": str(
                    int("delete_time" in resource.DESCRIPTOR.fields_by_name and resource.HasField("delete_time"))
                ),
                "lookup": resource.subject if resource.DESCRIPTOR.name == "Person" else "",
                "cycle": relative(resource.cycle) if "cycle" in resource.DESCRIPTOR.fields_by_name else "",
            }
            found = type(resource).FromString(row.body)
            if row.version != event.version or bare(found) != bare(resource):
                yield Violation(
                    "a projection is its log",
                    f"{service} {'/'.join(key)}",
                    f"version {event.version}: {resource}",
                    f"version {row.version}: {found}",
                )
            if row.columns != wanted:
                yield Violation(
                    "index columns follow from the body", f"{service} {'/'.join(key)}", str(wanted), str(row.columns)
                )


def check_summaries(state: State, books: Books) -> Iterator[Violation]:
    """What goals shows of scores is what scoring told last."""
    message = contracts().message("okr.goals.v1.ScoreSummary")
    rows = state.table("goals.score_summaries")
    for key in rows.keys() ^ books.scores.keys():
        yield Violation(
            "goals shows the last score", "/".join(key), f"told: {key in books.scores}", f"shown: {key in rows}"
        )
    for key in rows.keys() & books.scores.keys():
        event = books.scores[key]
        score = event.payload.score
        wanted = message(status=score.status, score_state=score.state)
        wanted.update_time.CopyFrom(_same(wanted.update_time, score.update_time))
        for name in ("progress", "score"):
            if score.HasField(name):
                setattr(wanted, name, getattr(score, name))
        found = message.FromString(rows[key].body)
        if found != wanted or rows[key].version != event.version:
            yield Violation(
                "goals shows the last score",
                "/".join(key),
                f"version {event.version}: {wanted}",
                f"version {rows[key].version}: {found}",
            )


def _same(target: Any, source: Any) -> Any:
    return type(target).FromString(source.SerializeToString())


def check_measurements(state: State, books: Books) -> Iterator[Violation]:
    """Every check-in is counted, once, as it was said; and no other."""
    message = contracts().message("okr.scoring.stored.Measurements")
    rows = state.table("scoring.measurements")
    for key in rows.keys() - books.next_due.keys():
        yield Violation("scoring counts every check-in", "/".join(key), "nothing was said of it", "a row")
    for key, (epoch, position, due) in books.next_due.items():
        if key not in rows:
            yield Violation(
                "scoring counts every check-in",
                "/".join(key),
                f"{len(books.check_ins.get(key, ()))} check-ins",
                "no row",
            )
            continue
        found = message.FromString(rows[key].body)
        wanted = sorted(_measurement(one) for one in books.check_ins.get(key, ()))
        stored = [_stored(one) for one in found.measurements]
        if stored != wanted:
            missing = [one[0] for one in wanted if one not in stored]
            extra = [one[0] for one in stored if one not in wanted]
            yield Violation(
                "scoring counts every check-in",
                "/".join(key),
                f"{len(wanted)} as said; missing or other {missing[:5]}",
                f"{len(stored)}; too many or other {extra[:5]}",
            )
        told = (found.due_epoch, found.due_position, found.due_time * 1000 if found.HasField("due_time") else None)
        if told != (epoch, position, due):
            yield Violation("scoring knows what is due next", "/".join(key), str((epoch, position, due)), str(told))


def _id(name: str) -> str:
    return name.rsplit("/", 1)[-1]


def _measurement(one: Any) -> tuple[Any, ...]:
    kind = one.WhichOneof("measurement")
    return (
        _id(one.name),
        nanos(one.effective_time) // 1000,
        nanos(one.create_time) // 1000,
        _id(one.corrects),
        one.value if kind == "value" else None,
        tuple(one.milestones_done.ids) if kind == "milestones_done" else None,
        one.confidence if one.HasField("confidence") else None,
        one.stated_status.status,
        one.stated_status.reason,
        one.author,
    )


def _stored(one: Any) -> tuple[Any, ...]:
    return (
        one.check_in,
        one.effective_time,
        one.create_time,
        one.corrects,
        one.value if one.HasField("value") else None,
        tuple(one.milestones_done) if one.has_milestones else None,
        one.confidence if one.HasField("confidence") else None,
        one.stated_status,
        one.stated_reason,
        one.author,
    )


def check_grades(state: State, books: Books) -> Iterator[Violation]:
    """The last grade of each key result stands."""
    rows = state.table("scoring.grades")
    for key in rows.keys() ^ books.grades.keys():
        yield Violation(
            "the last grade stands", "/".join(key), f"told: {key in books.grades}", f"stored: {key in rows}"
        )
    for key in rows.keys() & books.grades.keys():
        told = books.grades[key].payload.grade
        found = type(told).FromString(rows[key].body)
        if found != told:
            yield Violation("the last grade stands", "/".join(key), str(told), str(found))


def check_corrections(state: State, books: Books) -> Iterator[Violation]:
    """A check-in is corrected at most once, and the table says by which."""
    wanted: dict[Key, str] = {}
    for key, check_ins in books.check_ins.items():
        for one in check_ins:
            if one.corrects:
                corrected = (key[0], relative(one.corrects))
                if corrected in wanted:
                    yield Violation("a check-in is corrected once", "/".join(corrected), wanted[corrected], one.name)
                wanted[corrected] = one.name
    found = {key: row.body.decode() for key, row in state.table("checkins.corrections").items()}
    for key in {key for key in wanted.keys() | found.keys() if wanted.get(key) != found.get(key)}:
        yield Violation(
            "corrections are those that were told", "/".join(key), str(wanted.get(key)), str(found.get(key))
        )


def check_due_states(state: State, books: Books, now: float | None = None) -> Iterator[Violation]:
    """How key results stand to their due dates. When tracking began is checkins' own knowledge; all else follows."""
    moment = int((time.time() if now is None else now) * NANOS)
    message = contracts().message("okr.checkins.stored.DueState")
    rows = state.table("checkins.due_states")
    for key, resource in books.resources.items():
        if resource.DESCRIPTOR.name != "KeyResult":
            continue
        row = rows.get(key)
        if row is None:
            yield Violation("every key result has its due state", "/".join(key), "a row", "none")
            continue
        found = message.FromString(row.body)
        for expected, seen in _judge_due(key, found, row.columns, books, moment):
            yield Violation(
                "due states follow from the schedule", "/".join(key), expected, f"{seen} in {found}".replace("\n", " ")
            )
    yield from _due_events(state, books)


def _judge_due(key: Key, found: Any, columns: dict[str, str], books: Books, now: int) -> Iterator[tuple[str, str]]:
    facts = books.facts(key)
    if facts is None:
        return
    taken = (
        facts.cycle.state == CYCLE_ACTIVE
        and facts.objective.state == OBJECTIVE_ACTIVE
        and not facts.objective.HasField("delete_time")
        and not facts.key_result.HasField("delete_time")
        and facts.key_result.state != KEY_RESULT_RETIRED
    )
    if found.is_tracked != taken:
        yield f"is_tracked {taken}", str(found.is_tracked)
        return
    if found.has_check_ins != bool(facts.check_ins):
        yield f"has_check_ins {bool(facts.check_ins)}", str(found.has_check_ins)
    due = found.due_time * 1000 if found.HasField("due_time") else None
    dates = DueDates(facts.cycle, facts.key_result, facts.zone)
    if not taken:
        if due is not None or found.stage:
            yield "nothing is due", f"due {due}, stage {found.stage}"
    else:
        satisfied = found.satisfied_time * 1000 if found.HasField("satisfied_time") else dates.start
        wanted = dates.first_after(max(satisfied, dates.start))
        if due != wanted:
            yield f"due {wanted}", str(due)
        grace = grace_of(facts.cycle)
        if found.grace * 1000 != grace:
            yield f"grace {grace // 1000}", str(found.grace)
        if due is not None and found.stage not in _stages(due, grace, now):
            yield f"a stage of {_stages(due, grace, now)}", str(found.stage)
        if facts.check_ins and _one_schedule(key, books):
            satisfied_by = _satisfied(facts.check_ins, dates)
            if satisfied != satisfied_by:
                yield f"satisfied until {satisfied_by}", str(satisfied)
    fire = NEVER if due is None or found.stage == 2 else due // 1000 + (found.grace if found.stage else 0)
    wanted_columns = {"due_time": str(NEVER if due is None else due // 1000), "fire_time": str(fire)}
    if {name: columns[name] for name in wanted_columns} != wanted_columns:
        yield str(wanted_columns), str(columns)


def _stages(due: int, grace: int, now: int) -> set[int]:
    """None, due or overdue; two of them about the moment when it changes."""
    allowed = set()
    if now < due + _SLACK:
        allowed.add(0)
    if due - _SLACK < now < due + grace + _SLACK:
        allowed.add(1)
    if now > due + grace - _SLACK:
        allowed.add(2)
    return allowed


def _satisfied(check_ins: list[Any] | Any, dates: DueDates) -> int:
    """Each satisfies the period in which it was observed, and all before."""
    satisfied: int | None = None
    for one in check_ins:
        effective = nanos(one.effective_time) // 1000 * 1000
        until = dates.first_after(max(effective, dates.start))
        until = effective if until is None else until
        satisfied = until if satisfied is None else max(satisfied, until)
    assert satisfied is not None
    return satisfied


def _one_schedule(key: Key, books: Books) -> bool:
    """Whether nothing that due dates follow from ever changed."""
    organization, name = key
    cycle = relative(books.resources[key].cycle)
    schedules = {
        (str(one.start_date), str(one.end_date), str(one.check_in_schedule))
        for _, one in books.versions[(organization, cycle)]
    }
    zones = {one.time_zone for _, one in books.versions[(organization, "")]}
    dates = {(str(one.start_date), str(one.due_date)) for _, one in books.versions[(organization, name)]}
    return len(schedules) == len(zones) == len(dates) == 1


def _due_events(state: State, books: Books) -> Iterator[Violation]:
    """Nobody is told twice of one due time."""
    told: dict[tuple[str, str, str, int], str] = {}
    for event in state.events("checkins"):
        kind = event.type.rsplit(".", 1)[1]
        if kind not in ("CheckInDue", "CheckInOverdue"):
            continue
        key = (event.organization, relative(event.subject))
        due = nanos(event.payload.due_time)
        if (*key, kind, due) in told and key in books.resources and _one_schedule(key, books):
            yield Violation(
                "what is due is told once", event.subject, told[(*key, kind, due)], f"again {event.place} {kind}"
            )
        told[(*key, kind, due)] = event.place
