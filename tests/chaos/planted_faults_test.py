"""Plants each fault and shows that it is caught: by a test of the code that it is in, and where clients can see it by the
checker of the random run too. What would not catch these would not catch their like."""

import os
import re
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from harness import requests
from harness.api import Client, Identity
from harness.checker import check
from harness.contracts import ROOT
from harness.history import Violation
from harness.installation import Installation, Options
from harness.postgres import Postgres
from harness.workload import Workload

BIN = Path(os.environ.get("OKR_TEST_BIN", ROOT / "build/dev/bin"))

_TURNS = 5

# Fault to program and test.
TESTS = {
    "position-not-taken-last": ("store_store_test", "BatchTest.AFailedAttemptLeavesNoHoleInTheLog"),
    "consumer-position-outside-transaction": ("events_consumer_test", "ConsumerTest.ParksOnlyThePoisonousEventOfABatch"),
    "publish-without-comparing": ("events_relay_test", "RelayTest.AppendRefusesAWrongPredecessor"),
    "request-id-not-claimed": ("store_store_test", "BatchTest.ARepeatedRequestGetsTheFirstAnswerAndChangesNothing"),
    "fold-missing-in-batch": ("store_store_test", "BatchTest.FoldsCommandsOnOneRow"),
    "batch-error-fails-neighbours": ("store_store_test", "BatchTest.APoisonousCommandFailsAlone"),
    "projection-version-check-missing": ("events_consumer_test", "ProjectionTest.TakesOnlyNewerVersions"),
    "seal-ignored-at-close": ("scoring_store_test", "Close.ScoresAreFinalOnlyWhenClosedAndSealed"),
}


@dataclass(frozen=True)
class Run:
    """Of the suite with a fault in some services."""

    fault: str
    services: Sequence[str]
    rules: Sequence[str]  # Each of these finds something.
    replicas: int = 2
    # Of service to fail point: the fault shows when its process dies there.
    dies: Mapping[str, str] = field(default_factory=dict)
    operations: int = 300
    contends: bool = False


RUNS = (
    Run("position-not-taken-last", ("goals",), ("a log is contiguous",), replicas=1, dies={"goals": "batch.written:90"}),
    Run("consumer-position-outside-transaction", ("scoring",), ("a projection is its log",), replicas=1,
        dies={"scoring": "consumer.applied:3"}),
    Run("request-id-not-claimed", ("goals", "checkins"), ("a write happens once",)),
    Run("fold-missing-in-batch", ("goals", "checkins"), ("versions of a subject rise",), replicas=1, contends=True),
)


@pytest.fixture(name="database", scope="module")
def _database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where tests make databases of their own."""
    folder = Path(tmp_path_factory.mktemp("planted"))
    for part in (folder, *folder.parents[:2]):
        part.chmod(0o755)  # PostgreSQL may run as another user.
    postgres = Postgres(folder / "postgres")
    postgres.start()
    try:
        yield postgres.conninfo(database="postgres")
    finally:
        postgres.stop(immediate=True)


def test_every_fault_of_the_table_is_planted() -> None:
    listed = subprocess.run([str(BIN / "okr_fail_points"), "--faults"], check=True, capture_output=True, text=True)
    assert set(TESTS) == set(listed.stdout.split())


def _passes(program: str, test: str, database: str, fault: str) -> bool:
    environment = os.environ | {"OKR_TEST_DATABASE_URL": database, "OKR_TEST_FAULT": fault}
    done = subprocess.run([str(BIN / program), f"--gtest_filter={test}"], capture_output=True, text=True, check=False,
                          cwd=ROOT, timeout=60, env=environment)
    ended = re.search(r"\[  (PASSED|FAILED)  \] 1 test", done.stdout)
    assert ended is not None, f"{program} did not run {test}:\n{done.stdout}{done.stderr}"
    assert (done.returncode == 0) == (ended[1] == "PASSED"), done.stdout
    return ended[1] == "PASSED"


@pytest.mark.parametrize("fault", TESTS)
def test_a_test_catches_it(database: str, fault: str) -> None:
    program, test = TESTS[fault]
    assert _passes(program, test, database, ""), f"{test} fails without the fault"
    assert not _passes(program, test, database, fault), f"{test} does not see the fault"


def _contend(workload: Workload) -> None:
    """Everybody changes the same objective at once, while PostgreSQL holds its breath: so that a batch holds several of
    these changes."""
    world = workload.worlds[0]
    name = next(iter(world.objectives))
    clients = [workload.client(f"contender {index}") for index in range(8)]
    ready, go = threading.Barrier(len(clients) + 1), threading.Barrier(len(clients) + 1)

    def change(client: Client) -> None:
        for _ in range(_TURNS):
            request = requests.make("UpdateObjective", objective={"name": name, "title": requests.words(client.random)},
                                    update_mask={"paths": ["title"]})
            ready.wait()
            go.wait()
            client.write("UpdateObjective", request, Identity(world.organization, "admin", "ADMIN"),
                         requests.new_id(client.random, "contend"))

    threads = [threading.Thread(target=change, args=(client,), daemon=True) for client in clients]
    for thread in threads:
        thread.start()
    for _ in range(_TURNS):
        ready.wait()
        workload.installation.postgres.pause()
        go.wait()
        workload.installation.postgres.resume()
    for thread in threads:
        thread.join()


def _violations(run: Run) -> list[Violation]:
    environment = {service: {"OKR_TEST_FAULT": run.fault} for service in run.services}
    for service, point in run.dies.items():
        environment[service]["OKR_TEST_FAIL_POINT"] = point
    with Installation(Options(bin=BIN, replicas=run.replicas, environment=environment)) as installation:
        workload = Workload(installation, seed=1, organizations=2, clients=8, name="planted")
        workload.found()
        workload.run(operations=run.operations, until=lambda: not all(
            installation.replicas[f"{service}-0"].is_running() for service in run.dies))
        if run.contends:
            _contend(workload)
        for service in run.dies:
            assert installation.wait_ended(f"{service}-0") == -signal.SIGKILL
            installation.start_replica(f"{service}-0", {"OKR_TEST_FAIL_POINT": ""})
        workload.settle(patience=5)
        _, violations = check(workload)
        workload.close()
        return violations


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.fault)
def test_the_checker_catches_it(run: Run) -> None:
    found = {violation.rule for violation in _violations(run)}
    assert set(run.rules) <= found, f"the checker found only {sorted(found)}"
