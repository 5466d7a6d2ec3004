"""What the services answer about whole cycles, against a recomputation from the logs."""

from collections.abc import Iterator
from typing import Any

from . import requests
from .api import Client, Identity
from .arithmetic import (
    ASPIRATIONAL,
    COMMITTED,
    FINAL,
    OBJECTIVE_ACTIVE,
    OBJECTIVE_CLOSED,
    OBJECTIVE_RETIRED,
    ObjectiveNumbers,
    band,
    rounded,
    weighted_mean,
)
from .check_history import relative
from .check_scores import Scores, same
from .facts import Books
from .history import Violation

_FEWEST = 5
_VERDICTS = ((0.3, False, 1), (0.6, False, 2), (0.7, True, 3), (0.9, True, 4), (1.0, True, 5))


def verdict(scores: list[float]) -> int:
    """Of final aspirational scores in the order of names."""
    mean = weighted_mean((1.0, score) for score in scores)
    if mean is None or len(scores) < 3:
        return 0
    return next(
        name for limit, included, name in _VERDICTS if rounded(mean) < limit or included and rounded(mean) <= limit
    )


def aggregate_fields(objectives: list[tuple[Any, ObjectiveNumbers, int]]) -> dict[str, Any]:
    """Over objectives with their numbers and the state of their scores."""
    ordered = sorted(objectives, key=lambda one: one[0].name)
    counting = [
        one
        for one in ordered
        if one[0].state in (OBJECTIVE_ACTIVE, OBJECTIVE_CLOSED) and not one[0].HasField("delete_time")
    ]
    scored = [one for one in counting if one[1].score is not None]
    aspirational = [
        one[1].score for one in scored if one[2] == FINAL and (one[0].commitment or ASPIRATIONAL) == ASPIRATIONAL
    ]
    bands: dict[int, int] = {}
    for one in scored:
        bands[band(one[1].score or 0.0)] = bands.get(band(one[1].score or 0.0), 0) + 1
    statuses: dict[int, int] = {}
    for one in counting:
        if one[1].status:
            statuses[one[1].status] = statuses.get(one[1].status, 0) + 1
    return {
        "objective_count": len(counting),
        "scored_count": len(scored),
        "retired_count": sum(
            1 for one in ordered if one[0].state == OBJECTIVE_RETIRED and not one[0].HasField("delete_time")
        ),
        "mean_score": weighted_mean((1.0, one[1].score or 0.0) for one in scored),
        "mean_progress": weighted_mean((1.0, one[1].progress) for one in counting if one[1].progress is not None),
        "bands": bands,
        "status_counts": statuses,
        "verdict": verdict([score for score in aspirational if score is not None]),
        "missed": sorted(
            one[0].name
            for one in scored
            if one[2] == FINAL and one[0].commitment == COMMITTED and rounded(one[1].score or 0.0) < 1.0
        ),
        "incomplete_count": sum(1 for one in counting if one[1].incomplete),
    }


def _shown(aggregate: Any) -> dict[str, Any]:
    return {
        "objective_count": aggregate.objective_count,
        "scored_count": aggregate.scored_count,
        "retired_count": aggregate.retired_count,
        "mean_score": aggregate.mean_score if aggregate.HasField("mean_score") else None,
        "mean_progress": aggregate.mean_progress if aggregate.HasField("mean_progress") else None,
        "bands": {one.band: one.count for one in aggregate.bands if one.count},
        "status_counts": {one.status: one.count for one in aggregate.status_counts if one.count},
        "verdict": aggregate.verdict,
        "missed": sorted(aggregate.missed_promises),
        "incomplete_count": aggregate.incomplete_count,
    }


_ALWAYS = ("objective_count", "scored_count", "retired_count", "incomplete_count")


def _is_too_small(organization: str, objectives: list[tuple[Any, ObjectiveNumbers, int]], books: Books) -> bool:
    """Whether fewer than five people stand behind what counts, or one to four persons own some of it themselves."""
    persons: set[str] = set()
    people: set[str] = set()
    for objective, numbers, _ in objectives:
        counts = objective.state in (OBJECTIVE_ACTIVE, OBJECTIVE_CLOSED) and not objective.HasField("delete_time")
        if not counts or (numbers.score is None and numbers.progress is None):
            continue
        if "/people/" in objective.owner:
            persons.add(objective.owner)
        else:
            team = books.resources.get((organization, relative(objective.owner)))
            people |= {one.person for one in team.members} if team is not None else set()
    together = len(persons | people)
    return 0 < together < _FEWEST or 0 < len(persons) < _FEWEST


def check_reports(client: Client, books: Books, scores: Scores, organizations: list[str]) -> Iterator[Violation]:
    """The report of each cycle, as its administrator sees it. What of it may be shown is decided by scoring alone; but too
    small a group must not be."""
    of_cycle: dict[tuple[str, str], list[tuple[Any, ObjectiveNumbers, int]]] = {}
    for (organization, name), numbers in scores.objectives.items():
        objective = books.resources[(organization, name)]
        state = scores.state_of(organization, objective.cycle)
        of_cycle.setdefault((organization, relative(objective.cycle)), []).append((objective, numbers, state))
    for (organization, name), cycle in books.resources.items():
        if cycle.DESCRIPTOR.name != "Cycle" or organization not in organizations:
            continue
        full = f"organizations/{organization}/{name}"
        answer = client.read(
            "GetCycleReport", requests.make("GetCycleReport", cycle=full), Identity(organization, "admin", "ADMIN")
        )
        if not answer.ok:
            yield Violation(
                "a report can be had", full, "an answer", f"{answer.code} {answer.reason}: {answer.details}"
            )
            continue
        yield from _judge(full, organization, answer.message, of_cycle.get((organization, name), []), books)


def _judge(
    name: str, organization: str, report: Any, objectives: list[tuple[Any, ObjectiveNumbers, int]], books: Books
) -> Iterator[Violation]:
    yield from _judge_one(name, organization, report.organization, objectives, books)
    for team in report.teams:
        own = [one for one in objectives if one[0].owner == team.team]
        yield from _judge_one(f"{name} {team.team}", organization, team.own, own, books)
    if report.final != bool(books.scored.get((organization, relative(name)))):
        yield Violation("a report is final when its cycle is scored", name, str(not report.final), str(report.final))


def _judge_one(
    name: str, organization: str, aggregate: Any, objectives: list[tuple[Any, ObjectiveNumbers, int]], books: Books
) -> Iterator[Violation]:
    wanted = aggregate_fields(objectives)
    found = _shown(aggregate)
    if _is_too_small(organization, objectives, books) and not aggregate.withheld:
        yield Violation("too small a group is withheld", name, "withheld", str(found))
    compared = _ALWAYS if aggregate.withheld else tuple(wanted)
    wrong = [field for field in compared if field != "missed" and not same(wanted[field], found[field])]
    if wrong:
        yield Violation(
            "reports are those of docs/scoring.md",
            name,
            str({field: wanted[field] for field in wrong}),
            str({field: found[field] for field in wrong}),
        )
    # Not all may be named: whose promise it was is told to those who may see the score.
    if not set(found["missed"]) <= set(wanted["missed"]):
        yield Violation("reports are those of docs/scoring.md", name, str(wanted["missed"]), str(found["missed"]))
