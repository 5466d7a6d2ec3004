"""All rules together. Shares no code with the services: it knows the contracts, the tables and docs/scoring.md."""

from collections.abc import Callable, Iterator

from .api import Patience
from .check_answers import check_answers
from .check_cycles import check_cycles
from .check_history import check_causes, check_operations, check_parked, check_tables, check_tenancy
from .check_inboxes import check_inboxes, check_reads_marked
from .check_logs import check_followers, check_logs, check_streams
from .check_projections import (
    check_corrections,
    check_due_states,
    check_grades,
    check_measurements,
    check_positions,
    check_projections,
    check_summaries,
)
from .check_reports import check_reports
from .check_scores import Scores
from .facts import Books, read_books
from .history import Violation
from .installation import Installation
from .state import State, read_state
from .watchers import check_watchers
from .workload import Workload

MOST_OF_A_RULE = 20  # More of the same only hides the others.

_OF_STATE: tuple[Callable[[State], Iterator[Violation]], ...] = (
    check_logs,
    check_streams,
    check_tables,
    check_tenancy,
    check_parked,
    check_positions,
)
_OF_BOOKS: tuple[Callable[[State, Books], Iterator[Violation]], ...] = (
    check_projections,
    check_summaries,
    check_measurements,
    check_grades,
    check_corrections,
    check_cycles,
    check_inboxes,
)


def check_state(state: State, now: float | None = None) -> Iterator[Violation]:
    """What can be judged without knowing what clients did; `now` in Unix seconds, if it is not now."""
    for of_state in _OF_STATE:
        yield from of_state(state)
    books = read_books(state)
    for of_books in _OF_BOOKS:
        yield from of_books(state, books)
    yield from check_due_states(state, books, now)
    yield from Scores(state, books).check()


def check(workload: Workload) -> tuple[State, list[Violation]]:
    """Of a workload that was settled; with what was found while it ran."""
    state = read_state(workload.installation)
    found = list(workload.history.violations)
    found += check_state(state)
    found += check_operations(state, workload.history)
    found += check_causes(state, workload.history)
    found += check_reads_marked(state, workload.history)
    found += check_followers(state, workload.followers.all)
    found += check_watchers(state, workload.watchers.all)
    books = read_books(state)
    scores = Scores(state, books)
    list(scores.check())  # Fills in the numbers; what is wrong with them was said.
    client = workload.client("checker", Patience(attempt=30))
    organizations = [world.organization for world in workload.worlds]
    found += check_reports(client, books, scores, organizations)
    found += check_answers(client, state, organizations)
    found += check_processes(workload.installation)
    return state, found


def check_processes(installation: Installation) -> Iterator[Violation]:
    """No process ended that nobody ended."""
    for replica in installation.replicas.values():
        for end in replica.surprises:
            yield Violation("no process ends by itself", replica.name, "it runs", f"exit code {end}")


def shortened(violations: list[Violation]) -> list[Violation]:
    """At most some of each rule."""
    seen: dict[str, int] = {}
    kept = []
    for violation in violations:
        seen[violation.rule] = seen.get(violation.rule, 0) + 1
        if seen[violation.rule] <= MOST_OF_A_RULE:
            kept.append(violation)
    return kept
