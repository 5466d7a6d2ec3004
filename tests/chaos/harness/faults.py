"""What goes wrong, when: seeded schedules, one of processes and their links and one of PostgreSQL and Redis, which run beside
each other. In each one thing comes after the other, so that each has its time and is made good."""

import random
import threading
import time
from collections.abc import Callable

from .history import History, Violation
from .installation import SERVICES, Installation

Fault = Callable[[random.Random], str]


class _Schedule:
    """Each kind comes once before any comes twice, and after that as often as its weight says."""

    def __init__(self, seed: str, kinds: list[tuple[Fault, float]]) -> None:
        self.random = random.Random(seed)
        self._kinds = kinds
        self._due: list[Fault] = []

    def next(self) -> Fault:
        if not self._due:
            kinds, weights = zip(*self._kinds)
            self._due = [*self.random.sample(kinds, len(kinds)), *self.random.choices(kinds, weights, k=len(kinds))]
        return self._due.pop(0)


class Faults:
    """Breaks and mends until it is told to stop; then everything is up."""

    def __init__(self, installation: Installation, history: History, seed: int) -> None:
        self._installation = installation
        self._history = history
        self._stopping = threading.Event()
        self._schedules = [
            _Schedule(
                f"processes {seed}",
                [
                    (self.kill, 8),
                    (self.kill_all_of_one, 2),
                    (self.pause, 4),
                    (self.terminate, 3),
                    (self.kill_several, 2),
                    (self.cut_clients, 4),
                    (self.cut_services, 3),
                    (self.part_services, 2),
                ],
            ),
            _Schedule(
                f"storage {seed}",
                [
                    (self.postgres_immediate, 2),
                    (self.postgres_fast, 2),
                    (self.postgres_cut, 3),
                    (self.postgres_pause, 1),
                    (self.redis_kill, 2),
                    (self.redis_flush, 3),
                    (self.redis_fill, 2),
                    (self.redis_pause, 1),
                    (self.redis_cut, 2),
                    (self.redis_restart_empty, 2),
                ],
            ),
        ]

    def stop(self) -> None:
        """The fault that is under way is mended first."""
        self._stopping.set()

    def run(self, pause: float = 2.0) -> None:
        """Until stop; `pause` is about how long all is well between two faults of a schedule."""
        threads = [
            threading.Thread(target=self._follow, args=(schedule, pause), daemon=True) for schedule in self._schedules
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _follow(self, schedule: "_Schedule", pause: float) -> None:
        while not self._stopping.wait(schedule.random.uniform(0.3, 1.7) * pause):
            self.once(schedule.next(), schedule.random)

    def once(self, fault: "Fault", rng: random.Random) -> None:
        start = time.time()
        try:
            what = fault(rng)
        except (TimeoutError, RuntimeError, OSError) as error:
            what = str(error)
            self._history.violate(
                Violation("what is stopped ends, and what is started serves", fault.__name__, "both", what)
            )
        self._history.fault(start, fault.__name__, what)

    def _last(self, rng: random.Random, shortest: float, longest: float) -> None:
        """While something is broken; not waiting for a condition."""
        self._stopping.wait(rng.uniform(shortest, longest))

    def _replica(self, rng: random.Random) -> str:
        return rng.choice(list(self._installation.replicas))

    # Processes.

    def _restart(self, names: list[str]) -> None:
        for name in names:
            self._installation.start_replica(name)

    def kill(self, rng: random.Random) -> str:
        name = self._replica(rng)
        self._installation.kill_replica(name)
        self._last(rng, 0, 1)
        self._restart([name])
        return name

    def kill_several(self, rng: random.Random) -> str:
        names = rng.sample(list(self._installation.replicas), 3)
        for name in names:
            self._installation.kill_replica(name)
        self._last(rng, 0, 2)
        self._restart(names)
        return ", ".join(names)

    def kill_all_of_one(self, rng: random.Random) -> str:
        service = rng.choice(SERVICES)
        names = [name for name in self._installation.replicas if name.startswith(service)]
        for name in names:
            self._installation.kill_replica(name)
        self._last(rng, 0.2, 3)
        self._restart(names)
        return ", ".join(names)

    def terminate(self, rng: random.Random) -> str:
        name = self._replica(rng)
        self._installation.terminate_replica(name)
        self._restart([name])
        return name

    def pause(self, rng: random.Random) -> str:
        name = self._replica(rng)
        self._installation.pause_replica(name)
        self._last(rng, 0.5, 6)
        self._installation.continue_replica(name)
        return name

    # PostgreSQL.

    def postgres_immediate(self, rng: random.Random) -> str:
        self._installation.postgres.stop(immediate=True)
        self._last(rng, 0, 2)
        self._installation.postgres.start()
        return "immediate restart"

    def postgres_fast(self, rng: random.Random) -> str:
        self._installation.postgres.stop()
        self._last(rng, 0, 2)
        self._installation.postgres.start()
        return "fast restart"

    def postgres_cut(self, rng: random.Random) -> str:
        service = rng.choice((*SERVICES, ""))
        return f"{self._installation.postgres.cut_sessions(f'okr_{service}%')} sessions"

    def postgres_pause(self, rng: random.Random) -> str:
        self._installation.postgres.pause()
        self._last(rng, 0.5, 5)
        self._installation.postgres.resume()
        return "paused"

    # Redis.

    def redis_kill(self, rng: random.Random) -> str:
        self._installation.redis.kill()
        self._last(rng, 0.5, 5)
        self._installation.redis.start()
        return "killed, away for a while"

    def redis_restart_empty(self, _: random.Random) -> str:
        self._installation.redis.kill()
        self._installation.redis.start()
        return "restarted empty at once"

    def redis_flush(self, _: random.Random) -> str:
        self._installation.redis.flush()
        return "FLUSHALL"

    def redis_fill(self, rng: random.Random) -> str:
        self._installation.redis.fill()
        self._last(rng, 1, 5)
        self._installation.redis.unfill()
        return "full"

    def redis_pause(self, rng: random.Random) -> str:
        self._installation.redis.pause()
        self._last(rng, 0.5, 4)
        self._installation.redis.resume()
        return "paused"

    def redis_cut(self, _: random.Random) -> str:
        self._installation.redis.cut_clients()
        return "connections"

    # Links.

    def cut_clients(self, rng: random.Random) -> str:
        name = self._replica(rng)
        return f"{self._installation.links('cut', 'client>' + name)} to {name}"

    def cut_services(self, rng: random.Random) -> str:
        name = self._replica(rng)
        return f"{self._installation.links('cut', name + '>')} from {name}"

    def part_services(self, rng: random.Random) -> str:
        """A replica reaches none of the others for a while; clients still reach it."""
        name = self._replica(rng)
        self._installation.links("refuse", name + ">")
        self._last(rng, 1, 6)
        self._installation.links("accept", name + ">")
        return name
