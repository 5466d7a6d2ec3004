"""Everybody who uses the suite during a run."""

import functools
import random
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

from . import requests
from .api import Channels, Client, Identity, Patience
from .followers import Followers
from .history import History, Outcome, Violation
from .installation import FOLLOWS, SERVICES, Installation
from .processes import wait_until
from .state import SHARDS, shard_of
from .watchers import Watchers
from .worker import Worker
from .world import World


class Workload:
    """Make it, `found` the organizations, `run` as often as wanted, `settle` before the check."""

    def __init__(
        self, installation: Installation, seed: int, organizations: int = 6, clients: int = 8, name: str = "chaos"
    ) -> None:
        self.installation = installation
        self.history = History()
        self.channels = Channels(installation)
        self.worlds = [World(f"{name}-{'big' if index == 0 else index}") for index in range(organizations)]
        self.followers = Followers(installation, self.channels, self.history)
        self.watchers = Watchers(installation, self.channels, self.history)
        self._seed = seed
        self._clients = clients
        self._generation = 0

    def client(self, name: str, patience: Patience | None = None) -> Client:
        return Client(
            name,
            self.installation,
            self.history,
            self.channels,
            random.Random(f"{self._seed} {name}"),
            patience or Patience(),
        )

    # Beginning.

    def found(self) -> None:
        """Makes the organizations, each with a few people, teams, a running cycle, objectives and key results; while
        nothing fails yet. One thread for each."""
        self._in_threads([functools.partial(self._found, world) for world in self.worlds])

    def _found(self, world: World) -> None:
        client = self.client("founder of " + world.organization, Patience(attempt=20, attempts=3))
        rng = client.random
        admin = Identity(world.organization, "admin", "ADMIN")

        def must(method: str, request: Any) -> Any:
            operation = client.write(method, request, admin, requests.new_id(rng, "founding"))
            if operation.outcome is not Outcome.ACKNOWLEDGED:
                raise RuntimeError(f"an organization cannot be founded: {operation.describe()}")
            world.learn(operation.response_message())
            return operation.response_message()

        def learns_admin() -> bool:
            got = client.read("GetPerson", requests.make("GetPerson", name=world.name + "/people/admin"), admin)
            if got.ok:
                world.learn(got.message)
            return got.ok

        must("CreateOrganization", requests.organization(world, rng))
        wait_until(learns_admin, 60, f"{world.name}/people/admin can be read")
        for _ in range(6):
            must("CreatePerson", requests.person(world, rng))
        for _ in range(3):
            must("CreateTeam", requests.team(world, rng))
        cycle = must("CreateCycle", requests.cycle(world, rng))
        must("ActivateCycle", requests.make("ActivateCycle", name=cycle.name))
        for _ in range(6):
            must("CreateObjective", requests.objective(world, rng, world.cycles[cycle.name]))
        for known in list(world.objectives.values()):
            for _ in range(2):
                must("CreateKeyResult", requests.key_result(world, rng, known))
            must("ActivateObjective", requests.make("ActivateObjective", name=known.name))
        world.hot = list(world.key_results)[:3]

    def follow(self) -> None:
        """Subscribes to all logs of the big organization's shard, and as people to those of the small ones; watches scores."""
        for world in self.worlds[:2]:
            self.watchers.watch(world.organization)
        for service in SERVICES:
            self.followers.follow(service, shard_of(self.worlds[0].organization))
        self.followers.follow(
            "scoring", shard_of(self.worlds[0].organization), types=("okr.scoring.v1.KeyResultScoreChanged",)
        )
        for world, service in zip(self.worlds[1:], SERVICES[:3] * len(self.worlds)):
            self.followers.follow(service, shard_of(world.organization), world.organization)

    # Running.

    def run(
        self, seconds: float = float("inf"), operations: float = float("inf"), until: Callable[[], bool] = lambda: False
    ) -> None:
        """Clients work until the time is over, so many operations were begun, or the condition holds; then each ends
        what it has begun."""
        self._generation += 1
        deadline = time.monotonic() + seconds
        enough = len(self.history) + operations

        def work(index: int) -> None:
            # One of four gives up at once: so there are writes of which nobody knows whether they happened.
            patience = Patience(attempt=1.0, attempts=1) if index % 4 == 3 else Patience()
            worker = Worker(self.client(f"client-{self._generation}.{index}", patience), self.worlds)
            while time.monotonic() < deadline and len(self.history) < enough and not until():
                worker.step()

        self._in_threads([functools.partial(work, index) for index in range(self._clients)])

    def _in_threads(self, jobs: list[Callable[[], None]]) -> None:
        errors: list[str] = []

        def guarded(job: Callable[[], None]) -> None:
            try:
                job()
            except Exception:  # pylint: disable=broad-except  # Raised again below.
                errors.append(traceback.format_exc())

        threads = [threading.Thread(target=guarded, args=(job,), daemon=True) for job in jobs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if errors:
            raise RuntimeError("a client failed:\n" + "\n".join(errors))

    # Ending.

    def heads(self) -> dict[tuple[str, int], int]:
        """The last position of each log and shard."""
        return {
            (service, int(shard)): int(position)
            for service in SERVICES
            for shard, position in self.installation.postgres.query(
                f"SELECT shard, position FROM okr_{service}.log_heads"
            )
        }

    def settle(self, patience: float = 150.0) -> None:
        """Everything up; waits until all logs are published, all consumers have taken them, and nothing moves any more.
        What does not come to rest in time is a violation."""
        for replica in self.installation.replicas.values():
            if not replica.is_running():
                self.installation.start_replica(replica.name)
        self.installation.wait_serving(patience=patience)
        try:
            wait_until(self._is_quiet, patience, "the suite comes to rest", 0.2)
        except TimeoutError:
            self.history.violate(
                Violation(
                    "everything is published and consumed after the faults",
                    "the suite",
                    f"rest within {patience:g} s",
                    "; ".join(self._unrest()),
                )
            )
        self.followers.await_heads(30)
        self.watchers.await_last(30)

    def _is_quiet(self) -> bool:
        before = self.heads()
        return not self._unrest() and self.heads() == before

    def _unrest(self) -> list[str]:
        """What is not done yet, in words."""
        found = []
        query = self.installation.postgres.query
        heads = self.heads()
        for service in SERVICES:
            for source in FOLLOWS[service]:
                positions = dict(
                    query(f"SELECT shard, position FROM okr_{service}.consumer_positions WHERE source = '{source}'")
                )
                for shard in range(SHARDS):
                    if int(positions.get(str(shard), 0)) != heads[(source, shard)]:
                        found.append(
                            f"{service} took {source}-{shard} up to {positions.get(str(shard), 0)} "
                            f"of {heads[(source, shard)]}"
                        )
        if sweeps := query("SELECT organization_id, cycle FROM okr_scoring.sweeps WHERE due_time <= now()"):
            found.append(f"{len(sweeps)} cycles are to be evaluated")
        if due := query(
            "SELECT count(*) FROM okr_checkins.due_states WHERE fire_time <= extract(epoch FROM now()) * 1e6"
        )[0][0]:
            if due != "0":
                found.append(f"{due} due states are to be looked at")
        with self.installation.redis.connect() as redis:
            for (service, shard), head in heads.items():
                last = redis.command("XREVRANGE", f"okr:{{{service}-{shard}}}:events", "+", "-", "COUNT", 1)
                published = int(last[0][0].split(b"-")[1]) if last else 0
                if published != head:
                    found.append(f"{service}-{shard} is published up to {published} of {head}")
        return found

    def close(self) -> None:
        self.followers.stop()
        self.watchers.stop()
        self.channels.close()
