"""The same check-in as pgbench does it: the reference for CreateCheckIn."""

import hashlib
import os
import re
import statistics
import string
import subprocess

from harness.suite import ROOT, Failed, run, say_used

SHARDS = 8
# Unix microseconds, in 2100: the first check-in of a key result moves its due time there, those after it find it there.
NEXT_DUE = 4_102_444_800_000_000


def shard_of(organization):
    return int.from_bytes(hashlib.sha256(organization.encode()).digest()[:4], "big") % SHARDS


def _bytes(size):
    return "\\x" + os.urandom(round(float(size))).hex()


def sizes(suite):
    """How many bytes the services store for a check-in, on average."""
    row = suite.psql(
        "SELECT (SELECT avg(length(body)) FROM okr_checkins.check_ins),"
        " (SELECT avg(length(body)) FROM okr_checkins.due_states),"
        " (SELECT avg(length(response)) FROM okr_checkins.requests WHERE method LIKE '%CreateCheckIn'),"
        " (SELECT avg(length(data)) FROM okr_checkins.event_log WHERE type = 'okr.checkins.v1.CheckInCreated')")[0]
    return dict(zip(("check_in", "due_state", "response", "event"), row))


class PgBench:
    """Runs one of the scripts of reference/ for some organizations."""

    def __init__(self, suite, script, organizations, key_results):
        self.suite = suite
        self.name = script
        self.files = []
        folder = suite.state / "pgbench"
        folder.mkdir(exist_ok=True)
        self.folder = folder
        template = string.Template((ROOT / f"tests/bench/reference/{script}.pgbench").read_text(encoding="utf-8"))
        payloads = {name: _bytes(size) for name, size in sizes(suite).items()}
        objectives = key_results // 10
        for organization in organizations:
            path = folder / f"{script}-{organization}.pgbench"
            path.write_text(template.substitute(
                payloads, organization=organization, shard=shard_of(organization), objectives=objectives,
                teams=max(1, objectives // 500), digest=_bytes(32), due=NEXT_DUE,
                traceparent="00-" + "5" * 32 + "-" + "6" * 16 + "-01"), encoding="utf-8")
            self.files.append(path)

    def measure(self, clients, warm_up, seconds):
        """Transactions a second, and the median of their latencies in microseconds."""
        self._run(clients, warm_up, ())
        prefix = self.folder / "log"
        for old in self.folder.glob("log.*"):
            old.unlink()
        before = self.suite.processor_seconds()
        printed = self._run(clients, seconds, ("--log", f"--log-prefix={prefix}"))
        after = self.suite.processor_seconds()
        failed = re.search(r"number of failed transactions: (\d+)", printed)
        if failed and int(failed.group(1)) > 0:
            raise Failed("pgbench had failed transactions:\n" + printed)
        latencies = [int(line.split()[2]) for path in self.folder.glob("log.*")
                     for line in path.read_text(encoding="utf-8").splitlines()]
        say_used(before, after, len(latencies))
        rate = float(re.search(r"tps = ([\d.]+) \(without initial connection time\)", printed).group(1))
        return {"rate": rate, "p50_us": statistics.median(latencies)}

    def _run(self, clients, seconds, options):
        if seconds <= 0:
            return ""
        scripts = [a for path in self.files for a in ("-f", path)]
        # A single statement cannot switch the organization for itself.
        organization = self.files[0].stem.removeprefix(self.name + "-")
        environment = {**os.environ, "PGOPTIONS": f"-c okr.organization={organization}"}
        return run(["pgbench", "-n", "-M", "prepared", "-c", clients, "-j", min(2, clients), "-T", max(1, round(seconds)),
                    *options, *scripts, self.suite.conninfo("okr_checkins_runtime")], env=environment,
                   stdin=subprocess.DEVNULL)
