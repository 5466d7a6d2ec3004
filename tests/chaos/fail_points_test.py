"""Ends services at each of their fail points, starts them again, and checks that nothing is lost and nothing happened twice.

Several services are armed at once, each in one process: a round. While clients work, the armed processes die by SIGKILL at
their points and are started again unarmed; then the suite comes to rest and the checker compares what clients were told
with what is stored. A point that is not reached fails, as does one that no round and no program ends a process at.
"""

import os
import re
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from harness import requests
from harness.api import Client, Identity, Patience
from harness.checker import check, shortened
from harness.contracts import ROOT
from harness.installation import Installation, Options
from harness.workload import Workload
from harness.world import World

BIN = Path(os.environ.get("OKR_TEST_BIN", ROOT / "build/dev/bin"))
PATIENCE = 40.0  # Seconds until the points of a round must be reached.
SEED = 1

# Service to point. What the services of a round have in common is only that they are armed together.
ROUNDS: tuple[Mapping[str, str], ...] = (
    {"goals": "batch.taken", "checkins": "batch.begun", "scoring": "consumer.read", "notifications": "consumer.prepared"},
    {"goals": "batch.decided", "checkins": "batch.written", "scoring": "consumer.locked", "notifications": "consumer.applied"},
    {"goals": "batch.committed", "checkins": "batch.told", "scoring": "consumer.moved", "notifications": "consumer.committed"},
    {"goals": "relay.log_read", "checkins": "relay.before_script", "scoring": "sweep.committed", "notifications": "apply.decided"},
    {"goals": "barrier.decided", "checkins": "seal.marked", "scoring": "sweep.claimed", "notifications": "log.appended"},
    {"goals": "barrier.committed", "checkins": "seal.appended", "scoring": "sweep.moved", "notifications": "consumer.gap_read"},
    {"goals": "consumer.applied", "checkins": "due.found", "scoring": "final.decided", "notifications": "relay.after_script"},
    {"goals": "batch.written", "checkins": "due.told", "scoring": "final.committed", "notifications": "consumer.moved"},
)

# Points that a running suite does not reach within a minute: tests that end a process of their own there, start it again
# and look at what it left.
PROGRAMS = {point: ("events_crash_test", f"AtEachPoint/{suite}.*/{point.replace('.', '_')}") for suite, points in {
    "ConsumerCrash": ("parking.begun", "parking.committed", "parking.behind"),
    "ReplayCrash": ("replay.applied", "replay.committed"),
    "RelayCrash": ("relay.refill",)}.items() for point in points}
PROGRAMS |= {point: ("service_crash_test", f"AtEachPoint/HousekeepingCrash.*/{point.replace('.', '_')}")
             for point in ("housekeeping.begun", "housekeeping.done")}


@pytest.fixture(name="workload", scope="module")
def _workload() -> Iterator[Workload]:
    """One suite for all rounds, one replica of each service: who is armed is who does the work."""
    with Installation(Options(bin=BIN, replicas=1)) as installation:
        workload = Workload(installation, SEED, organizations=3, clients=4, name="points")
        workload.found()
        workload.follow()
        yield workload
        workload.close()


def test_every_point_of_the_table_is_reached_by_a_test() -> None:
    listed = subprocess.run([str(BIN / "okr_fail_points"), "--points"], check=True, capture_output=True, text=True)
    reached = {point for armed in ROUNDS for point in armed.values()} | PROGRAMS.keys()
    assert reached == set(listed.stdout.split())


class Round:
    """The armed processes of one round. Made with everything running; they are restarted, armed."""

    def __init__(self, installation: Installation, armed: Mapping[str, str]) -> None:
        self.ends: dict[str, int | str] = {}  # By service: the exit code, or what happened instead.
        self._installation = installation
        self._threads = []
        for service, point in armed.items():
            name = f"{service}-0"
            installation.kill_replica(name)
            installation.start_replica(name, {"OKR_TEST_FAIL_POINT": point})
            self._threads.append(threading.Thread(target=self._watch, args=(service,), daemon=True))
        for thread in self._threads:
            thread.start()

    def _watch(self, service: str) -> None:
        name = f"{service}-0"
        try:
            self.ends[service] = self._installation.wait_ended(name, PATIENCE)
        except TimeoutError as error:
            self.ends[service] = str(error)
            self._installation.kill_replica(name)
        self._installation.start_replica(name)

    def is_over(self) -> bool:
        return not any(thread.is_alive() for thread in self._threads)

    def join(self) -> None:
        for thread in self._threads:
            thread.join()


def _make_gap(workload: Workload, service: str) -> None:
    """The streams go on while the service is away, and forget what it has not read."""
    workload.installation.kill_replica(f"{service}-0")
    workload.run(operations=60)
    with workload.installation.redis.connect() as redis:
        for stream in redis.command("KEYS", "okr:*:events"):
            redis.command("XTRIM", stream, "MAXLEN", 1)


def _keep_turning(client: Client, world: World, armed: Round) -> None:
    """Leads one cycle after the other through its whole life."""
    admin = Identity(world.organization, "admin", "ADMIN")

    def do(method: str, request: object) -> object | None:
        operation = client.write(method, request, admin, requests.new_id(client.random, "turn"))
        message = operation.response_message() if operation.response else None
        if message is not None:
            world.learn(message)
        return message

    while not armed.is_over():
        if (cycle := do("CreateCycle", requests.cycle(world, client.random))) is None:
            continue
        name = cycle.name  # type: ignore[attr-defined]
        do("ActivateCycle", requests.make("ActivateCycle", name=name))
        if objective := do("CreateObjective", requests.objective(world, client.random, world.cycles[name])):
            known = world.objectives[objective.name]  # type: ignore[attr-defined]
            key_result = do("CreateKeyResult", requests.key_result(world, client.random, known))
            do("ActivateObjective", requests.make("ActivateObjective", name=known.name))
            if key_result:
                measured = world.key_results[key_result.name]  # type: ignore[attr-defined]
                do("CreateCheckIn", requests.check_in(world, client.random, measured))
        do("OpenCycleGrading", requests.make("OpenCycleGrading", name=name))
        do("CloseCycle", requests.make("CloseCycle", name=name))


@pytest.mark.parametrize("armed", ROUNDS, ids=["+".join(armed.values()) for armed in ROUNDS])
def test_a_process_that_dies_at_its_point_loses_nothing(workload: Workload, armed: Mapping[str, str]) -> None:
    installation = workload.installation
    for service, point in armed.items():
        if point == "consumer.gap_read":
            _make_gap(workload, service)
    this = Round(installation, armed)
    if any(point.startswith("sweep.") for point in armed.values()):
        # As when a day has begun everywhere.
        installation.postgres.execute("UPDATE okr_scoring.sweeps SET due_time = now()")
    turner = threading.Thread(target=_keep_turning, daemon=True, args=(
        workload.client("turner of " + " ".join(armed.values()), Patience(attempt=3, attempts=8)), workload.worlds[-1], this))
    turner.start()
    workload.run(seconds=PATIENCE + 20, until=this.is_over)
    this.join()
    turner.join()
    assert this.ends == {service: -signal.SIGKILL for service in armed}, "a point was not reached, or its process ended otherwise"
    workload.settle()
    _, violations = check(workload)
    assert not violations, "\n".join(violation.describe() for violation in shortened(violations))


@pytest.mark.parametrize("point", PROGRAMS)
def test_a_program_that_dies_at_its_point_loses_nothing(workload: Workload, point: str) -> None:
    program, pattern = PROGRAMS[point]
    done = subprocess.run([str(BIN / program), f"--gtest_filter={pattern}"], capture_output=True, text=True, check=False,
                          cwd=ROOT, timeout=60, env=os.environ | {
                              "OKR_TEST_DATABASE_URL": workload.installation.postgres.conninfo(database="postgres")})
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\[  PASSED  \] 1 test", done.stdout), done.stdout


def test_a_name_that_does_not_exist_stops_the_start(workload: Workload) -> None:
    installation = workload.installation
    installation.kill_replica("goals-0")
    installation.start_replica("goals-0", {"OKR_TEST_FAIL_POINT": "batch.gone"})
    assert installation.wait_ended("goals-0") == 1
    process = installation.replicas["goals-0"].process
    assert process is not None and 'OKR_TEST_FAIL_POINT is "batch.gone"; expected one of batch.taken' in process.tail(1)
    installation.start_replica("goals-0")
