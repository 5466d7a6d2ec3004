"""The figures: how each is measured, and what it must and should be."""

import contextlib
import dataclasses
import json
import statistics
import subprocess
import time
from typing import Callable

from harness.pgbench import PgBench, shard_of
from harness.suite import FIFTY, ONE, SERVICES, Failed, say, say_used, wait_until

FAILURES_ALLOWED = 0.001
EVENTS_PER_SECOND = 500
MANY = [f"many-{i}" for i in range(1, 51)]


@dataclasses.dataclass
class Plan:
    """How long and how often."""
    warm_up: float = 10
    seconds: float = 30
    rounds: int = 3

    def timing(self):
        return ("--warm-up", str(self.warm_up), "--seconds", str(self.seconds))


@dataclasses.dataclass
class Round:
    value: float  # What is compared with must and aim.
    detail: str  # What it is made of, for the table.


@dataclasses.dataclass
class Figure:
    key: str
    title: str
    must: float
    aim: float
    unit: str  # "x" for a ratio.
    more_is_better: bool
    measure: Callable  # (bench) -> Round
    service: str  # Whose time it is, for --profile.
    rounds: int | None = None  # Of the plan, unless more rounds tell nothing.


class Bench:
    """A suite, how long to measure, and what watches it."""

    def __init__(self, suite, plan, profiler=None):
        self.suite = suite
        self.plan = plan
        self.profiler = profiler

    def load(self, command, *arguments):
        """Load on the suite, while the profiler looks, if there is one. Too many failures end the run."""
        before = self.suite.processor_seconds()
        with self.looking(self.plan.warm_up, self.plan.seconds):
            measured = self.suite.load_tool(command, *arguments)
        after = self.suite.processor_seconds()
        for name, part in measured.items():
            tried = part["calls"] + part["failures"]
            if tried == 0 or part["failures"] > FAILURES_ALLOWED * tried:
                raise Failed(f"{command}: {part['failures']} of {tried} ({name}) failed: {part['error']}")
        calls = next(iter(measured.values()))["calls"] * (1 + self.plan.warm_up / self.plan.seconds)
        say_used(before, after, calls)
        return measured

    def looking(self, after, seconds):
        return self.profiler.during(after, seconds) if self.profiler else contextlib.nullcontext()


def _rate(part):
    return f"{part['rate']:,.0f}/s (p50 {part['p50_us'] / 1000:.1f} ms, p99 {part['p99_us'] / 1000:.1f} ms)"


def _check_ins(bench, dataset, in_flight):
    bench.suite.fresh()
    return bench.load("check-in", dataset, "--checkins", bench.suite.address("checkins"), "--in-flight", str(in_flight),
                      *bench.plan.timing())["check-in"]


def _reference(bench, script, organizations, key_results, clients):
    """The services are stopped, so that they take nothing from it."""
    bench.suite.stop()
    if bench.profiler:
        return None
    return PgBench(bench.suite, script, organizations, key_results).measure(clients, bench.plan.warm_up,
                                                                            bench.plan.seconds)


def check_ins_against(script, dataset, organizations, key_results, in_flight):
    def measure(bench):
        subject = _check_ins(bench, dataset, in_flight)
        reference = _reference(bench, script, organizations, key_results, 16)
        if reference is None:
            return Round(subject["rate"], _rate(subject))
        return Round(subject["rate"] / reference["rate"], f"{_rate(subject)} against {reference['rate']:,.0f}/s")
    return measure


def check_in_alone(bench):
    subject = _check_ins(bench, ONE, 1)
    reference = _reference(bench, "transaction", ["bench"], 100_000, 1)
    if reference is None:
        return Round(subject["p50_us"], _rate(subject))
    return Round(subject["p50_us"] / reference["p50_us"],
                 f"{subject['p50_us'] / 1000:.2f} ms against {reference['p50_us'] / 1000:.2f} ms")


@contextlib.contextmanager
def _echo_server(bench, reply):
    address = f"127.0.0.1:{bench.suite.port + len(SERVICES)}"
    with subprocess.Popen([bench.suite.binaries / "okr-bench-load", "echo-server", "--listen", address, "--file", reply],
                          stdin=subprocess.DEVNULL) as server:
        bench.suite.processes["echo"] = server
        try:
            yield address
        finally:
            bench.suite.stop(("echo",))


def get_against_echo(bench):
    suite = bench.suite
    suite.ensure_running()
    reply = suite.state / "reply"
    suite.load_tool("sample", ONE, "--goals", suite.address("goals"), "--file", str(reply))
    flags = ("--in-flight", "64", *bench.plan.timing())
    subject = bench.load("get", ONE, "--goals", suite.address("goals"), *flags)["get"]
    suite.stop()
    if bench.profiler:
        return Round(subject["rate"], _rate(subject))
    with _echo_server(bench, reply) as address:
        reference = bench.load("get", ONE, "--goals", address, *flags)["get"]
    return Round(subject["rate"] / reference["rate"], f"{_rate(subject)} against {_rate(reference)}")


def _p99(part):
    return f"p50 {part['p50_us'] / 1000:.1f} ms, p99 {part['p99_us'] / 1000:.1f} ms"


def event_lag(bench):
    suite = bench.suite
    suite.fresh()
    flags = ("--rate", str(EVENTS_PER_SECOND), *bench.plan.timing())
    measured = bench.load("events", ONE, "--checkins", suite.address("checkins"), *flags)
    detail = f"{_p99(measured['lag'])}; the check-in itself {_p99(measured['check-in'])}"
    if not bench.profiler:
        suite.stop()
        size = round(float(suite.psql("SELECT avg(length(data)) + 300 FROM okr_checkins.event_log"
                                      " WHERE type = 'okr.checkins.v1.CheckInCreated'")[0][0]))
        stream = suite.load_tool("stream", "--redis", suite.place["REDIS_SOCKET"], "--bytes", str(size),
                                 *flags)["stream"]
        detail += f"; XADD to XREAD of {size} bytes {_p99(stream)}"
    return Round(measured["lag"]["p99_us"] / 1000, detail)


def score_lag(bench):
    suite = bench.suite
    suite.fresh()
    measured = bench.load("scores", ONE, "--checkins", suite.address("checkins"), "--scoring", suite.address("scoring"),
                          "--rate", str(EVENTS_PER_SECOND), *bench.plan.timing())
    return Round(measured["lag"]["p99_us"] / 1000, _p99(measured["lag"]))


def _backlog(bench, services):
    """Check-ins of one organization whose events nobody has taken yet; gives its shard."""
    suite = bench.suite
    suite.fresh(services)
    suite.load_tool("check-in", ONE, "--checkins", suite.address("checkins"), "--in-flight", "256", "--warm-up", "0",
                    "--seconds", str(bench.plan.warm_up + bench.plan.seconds))
    return shard_of("bench")


def _pace(position, begin, end, pause):
    """Positions a second on the way from `begin` to `end`, as `position()` tells, and how many were counted."""
    times = []

    def arrived():
        now = position()
        if now > begin:
            times.append((time.monotonic(), now))
        return now >= end

    wait_until(arrived, 600, f"position {end} is reached", pause)
    (first_time, first), (last_time, last) = times[0], times[-1]
    if last == first:
        raise Failed(f"all {end - begin} events went by between two looks; measure more of them")
    return (last - first) / (last_time - first_time), last - first


def relay_pace(bench):
    suite = bench.suite
    shard = _backlog(bench, ("goals", "checkins"))
    suite.stop()
    suite.redis("FLUSHALL")
    head = suite.heads("checkins")[shard]
    with bench.looking(0, 3):
        suite.start(("checkins",))
        rate, count = _pace(lambda: suite.streamed("checkins", shard), 0, head, 0.02)
    suite.stop()
    return Round(rate, f"{count:,} events")


def consumer_pace(bench):
    suite = bench.suite
    shard = _backlog(bench, ("goals", "checkins", "notifications"))
    begin = suite.consumed("scoring", "checkins")[shard]
    head = suite.heads("checkins")[shard]
    wait_until(lambda: suite.streamed("checkins", shard) >= head, 60, "the backlog is published")
    with bench.looking(0, 10):
        suite.start(("scoring",))
        # Each look starts a psql.
        rate, count = _pace(lambda: suite.consumed("scoring", "checkins")[shard], begin, head, 0.25)
    suite.stop()
    return Round(rate, f"{count:,} events")


MEBIBYTE = 1 << 20


def _memory_of_all(by_service):
    return ", ".join(f"{service} {size / MEBIBYTE:.0f}" for service, size in by_service.items())


def idle_memory(bench):
    suite = bench.suite
    suite.fresh()
    idle = {service: suite.memory(service) for service in SERVICES}
    return Round(max(idle.values()) / MEBIBYTE, _memory_of_all(idle))


def busy_memory(bench):
    suite = bench.suite
    suite.fresh()
    with suite.watching_memory() as most:
        for command, service in (("check-in", "checkins"), ("get", "goals")):
            bench.load(command, ONE, f"--{service}", suite.address(service), "--in-flight", "256", *bench.plan.timing())
    return Round(max(most.values()) / MEBIBYTE, _memory_of_all(most))


def start_time(bench):
    suite = bench.suite
    suite.ensure_running()
    took = {}
    for service in SERVICES:
        suite.stop((service,))
        took.update(suite.start((service,)))
    return Round(max(took.values()), ", ".join(f"{service} {seconds:.2f}" for service, seconds in took.items()))


FIGURES = [
    Figure("one-64", "CreateCheckIn, one organization, 64 in flight / pgbench plain transaction", 1.5, 3, "x", True,
           check_ins_against("transaction", ONE, ["bench"], 100_000, 64), "checkins"),
    Figure("one-256", "the same, 256 in flight / pgbench one statement", 1.0, 1.5, "x", True,
           check_ins_against("statement", ONE, ["bench"], 100_000, 256), "checkins"),
    Figure("many-64", "CreateCheckIn, 50 organizations, 64 in flight / pgbench plain transaction", 0.8, 1.2, "x", True,
           check_ins_against("transaction", FIFTY, MANY, 400, 64), "checkins"),
    Figure("get", "GetKeyResult, 64 in flight / gRPC echo", 0.3, 0.6, "x", True, get_against_echo, "goals"),
    Figure("alone", "p50 of CreateCheckIn at 1 in flight / pgbench plain transaction at 1 client", 1.5, 1.0, "x", False,
           check_in_alone, "checkins"),
    Figure("events", "check-in acknowledged to event at a Subscribe client, 500/s, p99", 50, 10, "ms", False, event_lag,
           "checkins"),
    Figure("scores", "check-in acknowledged to new score readable, 500/s, p99", 100, 25, "ms", False, score_lag,
           "scoring"),
    Figure("relay", "relay, events per second through one shard", 10_000, 30_000, "/s", True, relay_pace, "checkins"),
    Figure("consumer", "consumer (scoring), events per second through one shard", 3_000, 10_000, "/s", True,
           consumer_pace, "scoring"),
    Figure("idle", "resident memory of each service, idle", 64, 32, "MiB", False, idle_memory, "goals", rounds=1),
    Figure("busy", "resident memory of each service, under load", 256, 128, "MiB", False, busy_memory, "goals",
           rounds=1),
    Figure("start", "start to SERVING", 2, 0.5, "s", False, start_time, "goals"),
]


def judge(figure, value):
    def reaches(limit):
        return value >= limit if figure.more_is_better else value <= limit
    return "aim" if reaches(figure.aim) else "must" if reaches(figure.must) else "MISSED"


def measure(bench, figure):
    """The result of all rounds, as the table and the record have it."""
    rounds = []
    for number in range(min(bench.plan.rounds, figure.rounds or bench.plan.rounds)):
        rounds.append(figure.measure(bench))
        say(f"{figure.key}, round {number + 1}: {rounds[-1].value:,.2f} {figure.unit}: {rounds[-1].detail}")
    middle = sorted(rounds, key=lambda r: r.value)[(len(rounds) - 1) // 2]
    value = statistics.median(r.value for r in rounds)
    return {"key": figure.key, "value": value, "values": [r.value for r in rounds], "detail": middle.detail,
            "verdict": judge(figure, value)}


def read_results(path):
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
