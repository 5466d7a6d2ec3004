"""All rules together. Shares no code with the services: it knows the contracts, the tables and docs/scoring.md."""

from collections.abc import Callable, Iterator

from .check_history import check_operations, check_parked, check_tables, check_tenancy
from .check_logs import check_followers, check_logs, check_streams
from .history import Violation
from .state import State, read_state
from .workload import Workload

MOST_OF_A_RULE = 20  # More of the same only hides the others.

RULES: tuple[Callable[[State], Iterator[Violation]], ...] = (
    check_logs, check_streams, check_tables, check_tenancy, check_parked)


def check_state(state: State) -> Iterator[Violation]:
    """What can be judged without knowing what clients did."""
    for rule in RULES:
        yield from rule(state)


def check(workload: Workload) -> tuple[State, list[Violation]]:
    """Of a workload that was settled; with what was found while it ran."""
    state = read_state(workload.installation)
    found = list(workload.history.violations)
    found += check_state(state)
    found += check_operations(state, workload.history)
    found += check_followers(state, workload.followers.all)
    return state, found


def shortened(violations: list[Violation]) -> list[Violation]:
    """At most some of each rule."""
    seen: dict[str, int] = {}
    kept = []
    for violation in violations:
        seen[violation.rule] = seen.get(violation.rule, 0) + 1
        if seen[violation.rule] <= MOST_OF_A_RULE:
            kept.append(violation)
    return kept


