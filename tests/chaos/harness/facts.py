"""What the logs say: each resource as its last event has it, and everything that scores follow from."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from .arithmetic import Facts, nanos
from .check_history import relative, resource_of
from .state import Event, Key, State


@dataclass
class Books:
    """Gathered in one pass through all logs; keys are organization id and relative name."""

    resources: dict[Key, Any] = field(default_factory=dict)  # Of goals: the last of each.
    last_events: dict[Key, Event] = field(default_factory=dict)
    versions: dict[Key, list[tuple[Event, Any]]] = field(default_factory=lambda: defaultdict(list))
    check_ins: dict[Key, list[Any]] = field(
        default_factory=lambda: defaultdict(list)
    )  # By key result, in the log's order.
    check_in_events: dict[Key, list[Event]] = field(default_factory=lambda: defaultdict(list))
    next_due: dict[Key, tuple[int, int, int | None]] = field(default_factory=dict)  # Epoch, position and what was told.
    grades: dict[Key, Event] = field(default_factory=dict)
    sealed: dict[Key, list[Event]] = field(default_factory=lambda: defaultdict(list))  # By cycle.
    scored: dict[Key, list[Event]] = field(default_factory=lambda: defaultdict(list))
    scores: dict[Key, Event] = field(default_factory=dict)  # Last ...ScoreChanged or ...StatusChanged of a subject.
    of_cycle: dict[Key, list[str]] = field(default_factory=lambda: defaultdict(list))  # Names of key results, by cycle.
    children: dict[Key, list[tuple[str, float]]] = field(
        default_factory=lambda: defaultdict(list)
    )  # By parent objective.

    def organization(self, organization: str) -> Any:
        return self.resources.get((organization, ""))

    def facts(self, key: Key) -> Facts | None:
        """Of a key result; None while something of it is not known at all."""
        organization, name = key
        key_result = self.resources.get(key)
        objective = self.resources.get((organization, name.split("/keyResults/")[0]))
        if key_result is None or objective is None:
            return None
        cycle_key = (organization, relative(objective.cycle))
        cycle = self.resources.get(cycle_key)
        if cycle is None:
            return None
        grade = self.grades.get(key)
        due = self.next_due.get(key, (0, 0, None))[2]
        return Facts(
            key_result,
            objective,
            cycle,
            self.organization(organization).time_zone,
            self.check_ins.get(key, ()),
            grade.payload.grade if grade else None,
            due,
            bool(self.sealed.get(cycle_key)),
        )


def read_books(state: State) -> Books:
    books = Books()
    for event in state.events("goals"):
        held = resource_of(event)
        if held is not None:
            key = (event.organization, relative(held[1].name))
            books.resources[key] = held[1]
            books.last_events[key] = event
            books.versions[key].append((event, held[1]))
    for event in state.events("checkins"):
        _take_check_in(event, books)
    for event in state.events("scoring"):
        key = (event.organization, relative(event.subject))
        if event.type.endswith("KeyResultGraded"):
            books.grades[key] = event
        elif event.type.endswith("CycleScored"):
            books.scored[key].append(event)
        else:
            books.scores[key] = event
    for (organization, name), resource in books.resources.items():
        if resource.DESCRIPTOR.name == "KeyResult":
            books.of_cycle[(organization, relative(resource.cycle))].append(resource.name)
        if resource.DESCRIPTOR.name == "Objective":
            for alignment in resource.alignments:
                if "/keyResults/" not in alignment.parent:
                    weight = alignment.weight if alignment.HasField("weight") else 1.0
                    books.children[(organization, relative(alignment.parent))].append((name, weight))
    return books


def _take_check_in(event: Event, books: Books) -> None:
    payload = event.payload
    kind = event.type.rsplit(".", 1)[1]
    if kind == "CycleSealed":
        books.sealed[(event.organization, relative(payload.cycle))].append(event)
        return
    if kind == "CheckInCreated":
        name = relative(payload.check_in.name).split("/checkIns/")[0]
        books.check_ins[(event.organization, name)].append(payload.check_in)
        books.check_in_events[(event.organization, name)].append(event)
        due = nanos(payload.next_due_time) if payload.HasField("next_due_time") else None
    else:
        name = relative(payload.key_result)
        due = nanos(payload.due_time)
    books.next_due[(event.organization, name)] = (event.epoch, event.position, due)
