"""What the clients believe of one organization: good enough to make most requests sensible, never trusted by a check."""

import random
import threading
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass
class Known:
    """A resource as it was last acknowledged."""

    name: str
    message: Any
    alive: bool = True


@dataclass
class World:
    """Of one organization; shared by all clients."""

    organization: str
    people: dict[str, Known] = field(default_factory=dict)
    teams: dict[str, Known] = field(default_factory=dict)
    cycles: dict[str, Known] = field(default_factory=dict)
    objectives: dict[str, Known] = field(default_factory=dict)
    key_results: dict[str, Known] = field(default_factory=dict)
    check_ins: dict[str, list[str]] = field(default_factory=dict)  # Latest names, by key result.
    hot: list[str] = field(default_factory=list)  # Key results that everybody works on.
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def name(self) -> str:
        return f"organizations/{self.organization}"

    def learn(self, message: Any) -> None:
        """From an acknowledged answer."""
        kind = message.DESCRIPTOR.name
        if kind == "CheckIn":
            with self.lock:
                names = self.check_ins.setdefault(message.name.rsplit("/checkIns/", 1)[0], [])
                names.append(message.name)
                del names[:-5]
            return
        shelf = {
            "Person": self.people,
            "Team": self.teams,
            "Cycle": self.cycles,
            "Objective": self.objectives,
            "KeyResult": self.key_results,
        }.get(kind)
        if shelf is None:
            return
        with self.lock:
            deleted = kind in ("Team", "Objective", "KeyResult") and message.HasField("delete_time")
            shelf[message.name] = Known(message.name, message, not deleted)
            if kind == "Cycle" and message.state == 4:
                self._forget(message.name)

    def _forget(self, cycle: str) -> None:
        """Of a closed cycle only a few are remembered, so that requests for it go on but are rare."""
        for shelf in (self.key_results, self.objectives):
            names = [known.name for known in shelf.values() if known.message.cycle == cycle]
            for name in names[5:]:
                del shelf[name]
        self.hot = [name for name in self.hot if name in self.key_results]

    def pick(self, shelf: dict[str, Known], rng: random.Random, alive: bool = True) -> Known | None:
        """Any; with `alive` none that is known to be deleted."""
        with self.lock:
            some = [known for known in shelf.values() if known.alive or not alive]
        return rng.choice(some) if some else None

    def pick_of_cycle(self, shelf: dict[str, Known], rng: random.Random, states: tuple[int, ...]) -> Known | None:
        """One whose cycle is believed to be in one of these states."""
        with self.lock:
            cycles = {known.name for known in self.cycles.values() if known.message.state in states}
            some = [known for known in shelf.values() if known.alive and known.message.cycle in cycles]
        return rng.choice(some) if some else None

    def pick_open(self, shelf: dict[str, Known], rng: random.Random) -> Known | None:
        """Mostly one that may still be changed."""
        return (
            self.pick_of_cycle(shelf, rng, (1, 2))
            if rng.random() < 0.9
            else self.pick(shelf, rng, alive=rng.random() < 0.8)
        )

    def pick_to_check_in(self, rng: random.Random) -> Known | None:
        """A key result that is believed to take check-ins."""
        with self.lock:
            cycles = {known.name for known in self.cycles.values() if known.message.state == 2}
            active = {
                known.name
                for known in self.objectives.values()
                if known.alive and known.message.state == 3 and known.message.cycle in cycles
            }
            some = [
                known
                for known in self.key_results.values()
                if known.alive and known.message.state == 1 and known.name.split("/keyResults/")[0] in active
            ]
        return rng.choice(some) if some else None

    def cycle(self, rng: random.Random, states: tuple[int, ...]) -> Known | None:
        with self.lock:
            some = [known for known in self.cycles.values() if known.message.state in states]
        return rng.choice(some) if some else None

    def count(self, shelf: dict[str, Known], states: tuple[int, ...]) -> int:
        with self.lock:
            cycles = {known.name for known in self.cycles.values() if known.message.state in states}
            return sum(1 for known in shelf.values() if known.alive and known.message.cycle in cycles)
