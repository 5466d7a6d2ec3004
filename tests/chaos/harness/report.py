"""What a run came to, for people and for programs."""

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

from .checker import shortened
from .history import Outcome, Violation
from .state import State
from .workload import Workload


def summarize(workload: Workload, state: State, violations: list[Violation], **settings: Any) -> dict[str, Any]:
    """As it is written to the JSON file."""
    methods: dict[str, Counter[str]] = {}
    for operation in workload.history:
        methods.setdefault(operation.method, Counter())[operation.outcome.value] += 1
    reads = Counter(name.split()[0] for name in workload.history.reads.elements())
    return {
        "settings": settings,
        "operations": {name: dict(counts) for name, counts in sorted(methods.items())},
        "unknown_but_carried_out": sum(
            (operation.organization, operation.request_id) in state.requests[operation.service]
            for operation in workload.history
            if operation.outcome is Outcome.UNKNOWN
        ),
        "reads": dict(sorted(reads.items())),
        "refusals": dict(
            Counter(operation.reason for operation in workload.history if operation.outcome is Outcome.REFUSED)
        ),
        "attempts": sum(len(operation.attempts) for operation in workload.history),
        "faults": dict(Counter(kind for _, _, kind, _ in workload.history.faults)),
        "events": {
            service: sum(len(log) for place, log in state.logs.items() if place[0] == service)
            for service in sorted({place[0] for place in state.logs})
        },
        "subscribers": {
            follower.name: {"events": len(follower.seen), "streams": follower.streams}
            for follower in workload.followers.all
        },
        "violations": [violation.__dict__ for violation in violations],
    }


def print_report(report: dict[str, Any], violations: list[Violation]) -> None:
    """A table, then the violations."""
    columns = [outcome.value for outcome in Outcome]
    print(f"\n{'operations':26}{''.join(f'{name:>14}' for name in columns)}")
    totals: Counter[str] = Counter()
    for method, counts in report["operations"].items():
        totals.update(counts)
        print(f"{method:26}{''.join(f'{counts.get(name, 0):>14}' for name in columns)}")
    print(f"{'all':26}{''.join(f'{totals[name]:>14}' for name in columns)}")
    print(f"{report['unknown_but_carried_out']} of the unknown ones were carried out")
    print(f"\nattempts {report['attempts']}, reads {sum(report['reads'].values())}")
    print(
        "faults: "
        + (", ".join(f"{kind} {count}" for kind, count in sorted(report["faults"].items())) or "none")
        + f"; {sum(report['faults'].values())} in all"
    )
    print("events: " + ", ".join(f"{service} {count}" for service, count in report["events"].items()))
    for violation in shortened(violations):
        print("\n" + violation.describe())
    rules = Counter(violation.rule for violation in violations)
    print(f"\nviolations: {len(violations)}" + "".join(f"\n  {count:6} {rule}" for rule, count in rules.most_common()))


def write_json(report: dict[str, Any], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(report, indent=1, default=str), encoding="utf-8")


class Progress:
    """Lines with the time since the beginning."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def seconds(self) -> float:
        return time.monotonic() - self._start

    def say(self, text: str) -> None:
        print(f"[{self.seconds():7.1f} s] {text}", flush=True)
