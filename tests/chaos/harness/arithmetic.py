"""The arithmetic of policy okr-v1, written from docs/scoring.md and from nothing else. Times are integer nanoseconds since
1970; resources are the public messages. What is absent is None."""

import datetime
import math
import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

OFF_TRACK, AT_RISK, STALE, UNMEASURED, ON_TRACK, DONE = 1, 2, 3, 4, 5, 6
COMMITTED, ASPIRATIONAL, LEARNING = 1, 2, 3
INCLUDE_ALIGNED = 2
CYCLE_ACTIVE, CYCLE_CLOSED = 2, 4
OBJECTIVE_ACTIVE, OBJECTIVE_CLOSED, OBJECTIVE_RETIRED = 3, 4, 5
KEY_RESULT_RETIRED = 2
PROVISIONAL, FINAL = 1, 2
_LIMIT = 1e15
NANOS = 1_000_000_000


def rounded(value: float) -> float:
    """To 9 decimals, half away from zero."""
    magnitude = abs(value) * 1e9
    whole = math.floor(magnitude)
    if magnitude - whole >= 0.5:
        whole += 1
    return math.copysign(whole / 1e9, value)


def clamp(value: float, lower: float, upper: float) -> float:
    return min(max(value, lower), upper) + 0.0


def weighted_mean(parts: Iterable[tuple[float, float]]) -> float | None:
    """Of (weight, value), left to right."""
    total = weights = 0.0
    for weight, value in parts:
        total += weight * value
        weights += weight
    return None if weights == 0.0 else total / weights + 0.0


def band(score: float) -> int:
    value = rounded(score)
    return 1 if value < 0.4 else 2 if value < 0.7 else 3


def nanos(timestamp: Any) -> int:
    return timestamp.seconds * NANOS + timestamp.nanos


def civil(date: Any) -> datetime.date:
    return datetime.date(date.year, date.month, date.day)


def start_of_day(day: datetime.date, zone: str) -> int:
    """The first moment that has this date; where midnight comes twice, the first of them."""
    local = datetime.datetime(day.year, day.month, day.day, tzinfo=zoneinfo.ZoneInfo(zone or "UTC"))
    moment = int(local.timestamp())
    there = datetime.datetime.fromtimestamp(moment, zoneinfo.ZoneInfo(zone or "UTC"))
    # Where midnight is left out, the day begins with the change of the clock.
    while there.date() == day and datetime.datetime.fromtimestamp(moment - 1, there.tzinfo).date() == day:
        moment -= 1
    return moment * NANOS


def end_of_day(day: datetime.date, zone: str) -> int:
    return start_of_day(day + datetime.timedelta(days=1), zone)


def window(key_result: Any, cycle: Any, zone: str) -> tuple[int, int]:
    """When it begins, and when its last day is over."""
    first, last = civil(cycle.start_date), civil(cycle.end_date)
    own_first = civil(key_result.start_date) if key_result.HasField("start_date") else first
    own_last = civil(key_result.due_date) if key_result.HasField("due_date") else last
    if first <= own_first < own_last <= last:
        first, last = own_first, own_last
    return start_of_day(first, zone), end_of_day(last, zone)


@dataclass
class Counted:
    """A check-in that stands, with the effective time of the one that it corrects."""

    effective: int
    check_in: Any


def counted(check_ins: Iterable[Any], due: int | None = None) -> list[Counted]:
    """Those that count, in the order of effective time, create time, name."""
    by_name = {one.name: one for one in check_ins}
    chains: dict[str, list[Any]] = {}
    for one in by_name.values():
        root = one
        for _ in range(len(by_name)):
            if root.corrects not in by_name:
                break
            root = by_name[root.corrects]
        chains.setdefault(root.name, []).append(one)
    standing = []
    for root_name, chain in chains.items():
        effective = _micros(by_name[root_name].effective_time)
        if due is None or effective < due:
            standing.append(Counted(effective, max(chain, key=lambda one: (_micros(one.create_time), one.name))))
    return sorted(standing, key=lambda one: (one.effective, _micros(one.check_in.create_time), one.check_in.name))


def _micros(timestamp: Any) -> int:
    """Check-ins keep microseconds."""
    return nanos(timestamp) // 1000 * 1000


@dataclass
class Facts:
    """All that a key result's numbers follow from."""

    key_result: Any
    objective: Any
    cycle: Any
    zone: str
    check_ins: Sequence[Any] = ()
    grade: Any = None
    next_due: int | None = None  # As checkins last said.
    sealed: bool = False


@dataclass
class Numbers:
    """Of a key result; left_out says why it leaves the mean of scores, empty if it does not."""

    name: str
    weight: float = 1.0
    progress: float = 0.0
    raw: float | None = None
    done: bool = False
    measured: bool = False
    score: float | None = None
    computed: float | None = None
    left_out: str = ""
    state: int = PROVISIONAL
    commitment: int = ASPIRATIONAL
    status: int = 0
    expected: float = 0.0
    attainment: float | None = None
    confidence: float | None = None
    time_in_range: float | None = None
    value: float | None = None
    check_in: str = ""
    stated: int = 0

    @property
    def shows_progress(self) -> bool:
        return self.left_out in ("", "UNGRADED")


def evaluate(facts: Facts, now: int) -> Numbers:
    """As of `now`, which only pace and status follow."""
    key_result = facts.key_result
    numbers = Numbers(key_result.name, key_result.weight if key_result.HasField("weight") else 1.0)
    numbers.commitment = key_result.commitment or facts.objective.commitment or ASPIRATIONAL
    numbers.state = FINAL if facts.sealed and facts.cycle.state == CYCLE_CLOSED else PROVISIONAL
    begin, due = window(key_result, facts.cycle, facts.zone)
    _progress(key_result, counted(facts.check_ins, due), begin, min(now, due), numbers)
    _score(key_result, facts.grade, numbers)
    _pace(facts, begin, due, now, numbers)
    said = counted(facts.check_ins)
    for one in said:
        if one.check_in.HasField("confidence"):
            numbers.confidence = one.check_in.confidence
    if said and said[-1].check_in.HasField("stated_status"):
        stated = said[-1].check_in.stated_status.status
        numbers.stated = stated if stated != numbers.status else 0
    return numbers


def _progress(key_result: Any, standing: list[Counted], begin: int, until: int, numbers: Numbers) -> None:
    kind = key_result.WhichOneof("kind")
    wanted = "milestones_done" if kind == "milestones" else "value"
    relevant = [one for one in standing if one.check_in.WhichOneof("measurement") == wanted]
    if not relevant:
        return
    last = relevant[-1].check_in
    numbers.measured = True
    numbers.check_in = last.name
    if kind == "metric":
        numbers.value = last.value + 0.0
        _metric(key_result.metric, relevant, numbers)
    elif kind == "maintain":
        numbers.value = last.value + 0.0
        numbers.done = _inside(key_result.maintain, last.value)
        numbers.raw = numbers.progress = float(numbers.done)
        numbers.time_in_range = _share(key_result.maintain, relevant, begin, until)
    else:
        reached = set(last.milestones_done.ids)
        steps = sorted(key_result.milestones.milestones, key=lambda step: step.id)
        parts = [(step.weight if step.HasField("weight") else 1.0, float(step.id in reached)) for step in steps]
        numbers.done = all(value for _, value in parts)
        numbers.raw = weighted_mean(parts)
        numbers.progress = clamp(numbers.raw or 0.0, 0.0, 1.0)


def _metric(metric: Any, relevant: list[Counted], numbers: Numbers) -> None:
    value = relevant[-1].check_in.value
    baseline = metric.baseline if metric.HasField("baseline") else relevant[0].check_in.value
    target = metric.target if metric.HasField("target") else None
    if metric.HasField("target_change_percent"):
        target = baseline + baseline * metric.target_change_percent / 100.0
    if target is None or target == baseline or abs(target) > _LIMIT:
        return
    numbers.raw = clamp((value - baseline) / (target - baseline), -_LIMIT, _LIMIT)
    numbers.progress = clamp(numbers.raw, 0.0, 1.0)
    numbers.done = value >= target if target > baseline else value <= target


def _inside(maintain: Any, value: float) -> bool:
    return (not maintain.HasField("lower") or value >= maintain.lower) and (
        not maintain.HasField("upper") or value <= maintain.upper
    )


def _share(maintain: Any, relevant: list[Counted], begin: int, until: int) -> float | None:
    parts = []
    for index, one in enumerate(relevant):
        end = min(relevant[index + 1].effective, until) if index + 1 < len(relevant) else until
        stood = end - max(one.effective, begin)
        if stood >= 1000:
            parts.append((float(stood // 1000), float(_inside(maintain, one.check_in.value))))
    return weighted_mean(parts)


def _score(key_result: Any, grade: Any, numbers: Numbers) -> None:
    if numbers.commitment == ASPIRATIONAL:
        numbers.computed = numbers.progress
    elif numbers.commitment == COMMITTED:
        numbers.computed = 1.0 if numbers.done else 0.0
    numbers.score = numbers.computed
    if grade is not None:
        numbers.score = None if grade.not_applicable else grade.score
    if key_result.HasField("delete_time"):
        numbers.left_out = "DELETED"
    elif key_result.state == KEY_RESULT_RETIRED:
        numbers.left_out = "RETIRED"
    elif grade is not None and grade.not_applicable:
        numbers.left_out = "NOT_APPLICABLE"
    elif numbers.score is None:
        numbers.left_out = "UNGRADED"


def _pace(facts: Facts, begin: int, due: int, now: int, numbers: Numbers) -> None:
    numbers.expected = clamp(_to_micros(now - begin) / _to_micros(due - begin), 0.0, 1.0)
    if rounded(numbers.expected) >= 0.05:
        attainment = numbers.progress / numbers.expected
    else:
        attainment = 0.5 if numbers.raw is not None and numbers.raw < 0 else 1.0
    maintain = facts.key_result.WhichOneof("kind") == "maintain"
    if numbers.measured and not maintain:
        numbers.attainment = attainment
    numbers.status = _status(numbers, maintain, is_stale(facts, now), attainment)


def _to_micros(duration: int) -> float:
    """Cut towards zero."""
    return float(int(abs(duration) // 1000) * (1 if duration >= 0 else -1))


def is_stale(facts: Facts, now: int) -> bool:
    """Whether the check-in is overdue by more than the grace; only where check-ins are taken."""
    taken = (
        facts.cycle.state == CYCLE_ACTIVE
        and facts.objective.state == OBJECTIVE_ACTIVE
        and not facts.objective.HasField("delete_time")
        and not facts.key_result.HasField("delete_time")
        and facts.key_result.state != KEY_RESULT_RETIRED
    )
    return taken and facts.next_due is not None and now > facts.next_due + grace_of(facts.cycle)


def grace_of(cycle: Any) -> int:
    schedule = cycle.check_in_schedule
    return nanos(schedule.grace) if schedule.HasField("grace") else 3 * 86400 * NANOS


def _status(numbers: Numbers, maintain: bool, stale: bool, attainment: float) -> int:
    if numbers.done and not maintain:
        return DONE
    if stale:
        return STALE
    if not numbers.measured:
        return UNMEASURED
    if maintain:
        return ON_TRACK if numbers.done else OFF_TRACK
    on_track, at_risk = (0.9, 0.7) if numbers.commitment == COMMITTED else (0.7, 0.4)
    value = rounded(attainment)
    return ON_TRACK if value >= on_track else AT_RISK if value >= at_risk else OFF_TRACK


@dataclass
class Aligned:
    """An objective that serves another one."""

    name: str
    weight: float
    progress: float | None
    counts: bool  # Neither draft, retired, deleted nor carried over.


@dataclass
class ObjectiveNumbers:
    """Of an objective."""

    progress: float | None = None
    score: float | None = None
    band: int = 0
    status: int = 0
    counts: dict[int, int] = field(default_factory=dict)
    incomplete: bool = False
    missed_promise: bool = False


def evaluate_objective(
    commitment: int, key_results: Sequence[Numbers], aligned: Sequence[Aligned], state: int
) -> ObjectiveNumbers:
    """`aligned` is empty where the roll-up does not include them."""
    ordered = sorted(key_results, key=lambda one: one.name)
    numbers = ObjectiveNumbers()
    parts = [(one.weight, one.progress) for one in ordered if one.shows_progress]
    parts += [
        (one.weight, one.progress)
        for one in sorted(aligned, key=lambda one: one.name)
        if one.counts and one.progress is not None
    ]
    numbers.progress = weighted_mean(parts)
    scored = [one for one in ordered if not one.left_out and one.score is not None]
    numbers.score = _objective_score(commitment or ASPIRATIONAL, scored)
    if numbers.score is not None:
        numbers.band = band(numbers.score)
        numbers.missed_promise = commitment == COMMITTED and state == FINAL and rounded(numbers.score) < 1.0
    for one in ordered:
        if one.shows_progress:
            numbers.counts[one.status] = numbers.counts.get(one.status, 0) + 1
    numbers.status = min(numbers.counts, default=0)
    numbers.incomplete = any(one.left_out == "UNGRADED" for one in ordered)
    return numbers


def _objective_score(commitment: int, scored: list[Numbers]) -> float | None:
    if commitment != COMMITTED:
        return weighted_mean((one.weight, one.score or 0.0) for one in scored)
    if not scored:
        return None
    if any(one.commitment == COMMITTED and (one.score or 0.0) < 1.0 for one in scored):
        return 0.0
    others = [(one.weight, one.score or 0.0) for one in scored if one.commitment != COMMITTED]
    return weighted_mean(others) if others else 1.0
