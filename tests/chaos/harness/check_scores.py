"""Stored scores against docs/scoring.md, computed here from the logs alone."""

import itertools
import math
from collections.abc import Iterator
from typing import Any

from .arithmetic import (
    CYCLE_CLOSED,
    FINAL,
    INCLUDE_ALIGNED,
    OBJECTIVE_ACTIVE,
    OBJECTIVE_CLOSED,
    PROVISIONAL,
    Aligned,
    Facts,
    Numbers,
    ObjectiveNumbers,
    band,
    evaluate,
    evaluate_objective,
    nanos,
)
from .check_history import relative
from .contracts import contracts
from .facts import Books
from .history import Violation
from .state import Key, State

_CLOSE = 1e-12


def same(one: Any, other: Any) -> bool:
    """Numbers within 1e-12; the rest exactly."""
    if isinstance(one, float) and isinstance(other, (float, int)):
        return math.isclose(one, other, rel_tol=_CLOSE, abs_tol=_CLOSE)
    return one == other


def key_result_fields(numbers: Numbers) -> dict[str, Any]:
    """As okr.scoring.v1.KeyResultScore shows them; None for what is absent."""
    score = numbers.score if not numbers.left_out else None
    return {
        "progress": numbers.progress if numbers.shows_progress else None,
        "raw_progress": numbers.raw,
        "score": score,
        "computed_score": numbers.computed,
        "state": numbers.state,
        "band": band(score) if score is not None else 0,
        "status": numbers.status,
        "stated_status": numbers.stated,
        "expected": numbers.expected,
        "attainment": numbers.attainment,
        "confidence": numbers.confidence,
        "time_in_range": numbers.time_in_range,
        "value": numbers.value,
        "check_in": numbers.check_in,
        "done": numbers.done,
    }


def objective_fields(numbers: ObjectiveNumbers, state: int) -> dict[str, Any]:
    return {
        "progress": numbers.progress,
        "score": numbers.score,
        "state": state,
        "band": numbers.band,
        "status": numbers.status,
        "status_counts": dict(sorted(numbers.counts.items())),
        "incomplete": numbers.incomplete,
        "missed_promise": numbers.missed_promise,
    }


def shown(message: Any, names: Any) -> dict[str, Any]:
    """The same of a stored score."""
    fields: dict[str, Any] = {}
    for name in names:
        descriptor = message.DESCRIPTOR.fields_by_name[name]
        if name == "status_counts":
            fields[name] = {one.status: one.count for one in message.status_counts}
        elif descriptor.has_presence and not message.HasField(name):
            fields[name] = None
        else:
            fields[name] = getattr(message, name)
    return fields


def differences(wanted: dict[str, Any], found: dict[str, Any]) -> list[str]:
    return [name for name, value in wanted.items() if not same(value, found[name])]


class Scores:
    """Evaluates each key result once, as of the time that its stored score names."""

    def __init__(self, state: State, books: Books) -> None:
        self._books = books
        self._key_result = contracts().message("okr.scoring.v1.KeyResultScore")
        self._objective = contracts().message("okr.scoring.v1.ObjectiveScore")
        self._key_result_rows = state.table("scoring.key_result_scores")
        self._objective_rows = state.table("scoring.objective_scores")
        self._progress: dict[tuple[Key, int], float | None] = {}
        self._of_objective: dict[Key, list[Key]] = {}
        for (organization, name), resource in books.resources.items():
            if resource.DESCRIPTOR.name == "KeyResult":
                self._of_objective.setdefault((organization, name.split("/keyResults/")[0]), []).append(
                    (organization, name)
                )
        self.numbers: dict[Key, Numbers] = {}
        self.objectives: dict[Key, ObjectiveNumbers] = {}

    def check(self) -> Iterator[Violation]:
        for key, resource in self._books.resources.items():
            if resource.DESCRIPTOR.name == "KeyResult":
                yield from self._check_key_result(key)
        for key, resource in self._books.resources.items():
            if resource.DESCRIPTOR.name == "Objective":
                yield from self._check_objective(key, resource)

    def _is_frozen(self, organization: str, cycle: str) -> bool:
        return bool(self._books.scored.get((organization, relative(cycle))))

    def _histories(self, organization: str, cycle: str) -> list[tuple[str, int]]:
        """Time zone and default roll-up: as they are, but for a closed cycle as they ever were, since nothing moves its
        scores any more."""
        now = self._books.organization(organization)
        if not self._is_frozen(organization, cycle):
            return [(now.time_zone, now.default_roll_up)]
        ever = [one for _, one in self._books.versions[(organization, "")]]
        pairs = itertools.product({one.time_zone for one in ever}, {one.default_roll_up for one in ever})
        return sorted(pairs, key=lambda pair: pair != (now.time_zone, now.default_roll_up))

    def _check_key_result(self, key: Key) -> Iterator[Violation]:
        facts = self._books.facts(key)
        if facts is None:
            return
        row = self._key_result_rows.get(key)
        if row is None:
            yield Violation("every key result has a score", "/".join(key), "a row", "none")
            return
        stored = self._key_result.FromString(row.body)
        now = nanos(stored.update_time)
        best: tuple[list[str], Numbers] | None = None
        for zone, _ in self._histories(key[0], facts.cycle.name):
            numbers = evaluate(
                Facts(
                    facts.key_result,
                    facts.objective,
                    facts.cycle,
                    zone,
                    facts.check_ins,
                    facts.grade,
                    facts.next_due,
                    facts.sealed,
                ),
                now,
            )
            wrong = differences(key_result_fields(numbers), shown(stored, key_result_fields(numbers)))
            if best is None or len(wrong) < len(best[0]):
                best = (wrong, numbers)
        assert best is not None
        self.numbers[key] = best[1]
        if best[0]:
            wanted = key_result_fields(best[1])
            found = shown(stored, wanted)
            yield Violation(
                "scores are those of docs/scoring.md",
                "/".join(key),
                str({name: wanted[name] for name in best[0]}),
                f"{ {name: found[name] for name in best[0]} } as of {now}",
            )

    def _check_objective(self, key: Key, objective: Any) -> Iterator[Violation]:
        if (key[0], relative(objective.cycle)) not in self._books.resources:
            return
        row = self._objective_rows.get(key)
        if row is None:
            yield Violation("every objective has a score", "/".join(key), "a row", "none")
            return
        stored = self._objective.FromString(row.body)
        best: tuple[list[str], ObjectiveNumbers] | None = None
        state = self.state_of(key[0], objective.cycle)
        for _, roll_up in self._histories(key[0], objective.cycle):
            numbers = self._evaluate(key, objective, roll_up)
            wrong = differences(objective_fields(numbers, state), shown(stored, objective_fields(numbers, state)))
            if best is None or len(wrong) < len(best[0]):
                best = (wrong, numbers)
        assert best is not None
        self.objectives[key] = best[1]
        if row.columns.get("cycle") != relative(objective.cycle):
            yield Violation(
                "index columns follow from the body",
                f"objective_scores {'/'.join(key)}",
                relative(objective.cycle),
                str(row.columns),
            )
        if best[0]:
            wanted = objective_fields(best[1], state)
            found = shown(stored, wanted)
            yield Violation(
                "scores are those of docs/scoring.md",
                "/".join(key),
                str({name: wanted[name] for name in best[0]}),
                str({name: found[name] for name in best[0]}),
            )

    def evaluate_objective(self, key: Key, objective: Any) -> ObjectiveNumbers:
        """From the numbers of its key results and of what serves it."""
        return self._evaluate(key, objective, self._books.organization(key[0]).default_roll_up)

    def state_of(self, organization: str, cycle: str) -> int:
        key = (organization, relative(cycle))
        return (
            FINAL if self._books.sealed.get(key) and self._books.resources[key].state == CYCLE_CLOSED else PROVISIONAL
        )

    def _evaluate(self, key: Key, objective: Any, default_roll_up: int) -> ObjectiveNumbers:
        key_results = [self.numbers[one] for one in self._of_objective.get(key, ()) if one in self.numbers]
        aligned = []
        if (objective.roll_up or default_roll_up) == INCLUDE_ALIGNED:
            for name, weight in self._books.children.get(key, ()):
                child = self._books.resources[(key[0], name)]
                counts = (
                    child.state in (OBJECTIVE_ACTIVE, OBJECTIVE_CLOSED)
                    and not child.HasField("delete_time")
                    and not child.superseded_by
                )
                aligned.append(Aligned(child.name, weight, self._progress_of((key[0], name), default_roll_up), counts))
        return evaluate_objective(objective.commitment, key_results, aligned, self.state_of(key[0], objective.cycle))

    def _progress_of(self, key: Key, default_roll_up: int) -> float | None:
        """Alignment is acyclic, which goals sees to; a circle would end in a violation of its own here."""
        memo = (key, default_roll_up)
        if memo not in self._progress:
            self._progress[memo] = None
            self._progress[memo] = self._evaluate(key, self._books.resources[key], default_roll_up).progress
        return self._progress[memo]
