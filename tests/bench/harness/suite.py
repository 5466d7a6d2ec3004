"""The suite that is measured: private servers, a loaded database, and one process of each service."""

import contextlib
import fcntl
import hashlib
import json
import os
import pathlib
import resource
import shutil
import signal
import socket
import subprocess
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
SERVICES = ("goals", "checkins", "scoring", "notifications")
# The logs that each service follows.
FOLLOWS = {"goals": ("scoring",), "checkins": ("goals",), "scoring": ("goals", "checkins"),
           "notifications": ("goals", "checkins", "scoring")}
DATABASE = "okr"
LOADED = "okr_loaded"

# Changes when what is loaded changes.
CONTENTS = "3"
ONE = ("--prefix", "bench", "--organizations", "1", "--key-results", "100000")
FIFTY = ("--prefix", "many", "--organizations", "50", "--key-results", "400")


class Failed(Exception):
    """Something that ends the run, with words for the user."""


def say(text):
    print(time.strftime("%H:%M:%S ") + text, flush=True)


def run(arguments, **options):
    """A command that must succeed; gives what it printed."""
    done = subprocess.run([str(a) for a in arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          check=False, **options)
    if done.returncode != 0:
        raise Failed(f"{' '.join(str(a) for a in arguments)[:300]}\nended with {done.returncode}:\n"
                     f"{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


def wait_until(holds, patience, what, pause=0.05):
    """Looks again after each pause."""
    deadline = time.monotonic() + patience
    while not holds():
        if time.monotonic() > deadline:
            raise Failed(f"waited {patience} s in vain until {what}")
        time.sleep(pause)


def say_used(before, after, calls):
    """What of Suite.processor_seconds went to each call: hardly moved by what else the machine does."""
    used = {name: (after[name] - before[name]) / calls * 1e6 for name in after if name in before}
    say("    processor time of a call, in us: " + ", ".join(f"{name} {each:.0f}" for name, each in used.items()) +
        f"; together {sum(used.values()):.0f}")


def _processor_seconds(pid):
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return 0  # It ended meanwhile.
    fields = stat.rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _read_reply(replies):
    kind, rest = (line := replies.readline())[:1], line[1:].strip().decode()
    if kind == b"-":
        raise Failed("Redis: " + rest)
    if kind == b"+":
        return rest
    if kind == b":":
        return int(rest)
    if int(rest) < 0:
        return None
    if kind == b"*":
        return [_read_reply(replies) for _ in range(int(rest))]
    return replies.read(int(rest) + 2)[:-2].decode(errors="replace")


class Suite:
    """Holds a lock on its folder; to be used with `with`."""

    def __init__(self, state, binaries, port, watch_statements=False):
        """Watched statements are counted by pg_stat_statements, with the time that they were planned and executed."""
        self.state = pathlib.Path(state).resolve()
        self.binaries = pathlib.Path(binaries).resolve()
        self.port = port
        self.watch_statements = watch_statements
        self.processes = {}
        self.place = {}

    def __enter__(self):
        self.state.mkdir(parents=True, exist_ok=True)
        self.lock = open(self.state / "lock", "w", encoding="utf-8")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Failed(f"another run works in {self.state}") from error
        self.place = dict(line.split("=", 1) for line in self.local("place").splitlines())
        return self

    def __exit__(self, *unused):
        self.stop()
        self.local("redis-stop")
        self.local("postgres-stop")

    # Servers.

    def local(self, *command):
        return run([ROOT / "tests/bench/harness/local", self.state, self.port, self.binaries, *command])

    def psql(self, sql, database=DATABASE):
        """Rows of the last statement, as lists of texts."""
        printed = run([self.place["POSTGRES_BIN"] + "/psql", "-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1",
                       self.conninfo("postgres", database), "-c", sql])
        return [line.split("\t") for line in printed.splitlines()]

    def conninfo(self, user, database=DATABASE):
        return f"host={self.place['SERVERS_RUN']} port=5432 dbname={database} user={user}"

    def redis(self, *command):
        """The reply: a text, a number, None or a list of such."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(30)
            connection.connect(self.place["REDIS_SOCKET"])
            parts = [str(part).encode() for part in command]
            connection.sendall(b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(p), p) for p in parts))
            with connection.makefile("rb") as replies:
                return _read_reply(replies)

    # Services.

    def address(self, service):
        return f"127.0.0.1:{self.port + SERVICES.index(service)}"

    def start(self, services=SERVICES):
        """Starts them and waits until all are SERVING; gives the seconds that each took."""
        settings = {s: dict(l.split("=", 1) for l in self.local("settings", s).splitlines()) for s in services}
        watches = {s: subprocess.Popen([self.binaries / "okr-bench-load", "serving", "--address", self.address(s),
                                        "--seconds", "60"], stdout=subprocess.PIPE, text=True) for s in services}
        began = {}
        for service in services:
            with open(self.state / "log" / f"{service}.log", "wb") as log:
                began[service] = time.monotonic()
                self.processes[service] = subprocess.Popen(
                    [self.binaries / f"okr-{service}"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                    env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **settings[service]})
        took = {}
        for service, watch in watches.items():
            printed, _ = watch.communicate()
            if watch.returncode != 0:
                raise Failed(f"{service} does not serve; its log: {self.state}/log/{service}.log")
            took[service] = float(printed) - began[service]
        return took

    def ensure_running(self):
        if set(self.processes) != set(SERVICES):
            self.fresh()

    def stop(self, services=tuple(reversed(SERVICES))):
        stopping = [self.processes.pop(s) for s in services if s in self.processes]
        for process in stopping:
            process.send_signal(signal.SIGTERM)
        for process in stopping:
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def memory(self, service):
        """Resident bytes."""
        with open(f"/proc/{self.processes[service].pid}/status", encoding="utf-8") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS:"))

    def processor_seconds(self):
        """What each service, PostgreSQL and Redis have used so far, and the clients that have ended."""
        pids = {service: [process.pid] for service, process in self.processes.items()}
        for server in ("postgres", "redis"):
            parent = int((self.state / "run" / f"{server}.pid").read_text(encoding="utf-8").split()[0])
            children = pathlib.Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="utf-8").split()
            pids[server] = [parent, *map(int, children)]
        clients = resource.getrusage(resource.RUSAGE_CHILDREN)
        return {**{name: sum(map(_processor_seconds, those)) for name, those in pids.items()},
                "client": clients.ru_utime + clients.ru_stime}

    # How far everything has come.

    def heads(self, service):
        """Position of the last event, by shard."""
        rows = self.psql(f"SELECT shard, position FROM okr_{service}.log_heads")
        return {int(shard): int(position) for shard, position in rows}

    def streamed(self, service, shard):
        """Position of the last event in Redis."""
        stream = f"okr:{{{service}-{shard}}}:events"
        if self.redis("EXISTS", stream) == 0:
            return 0
        info = self.redis("XINFO", "STREAM", stream)
        return int(info[info.index("last-generated-id") + 1].split("-")[1])

    def consumed(self, service, source):
        rows = self.psql(f"SELECT shard, position FROM okr_{service}.consumer_positions WHERE source = '{source}'")
        return {int(shard): int(position) for shard, position in rows}

    def is_quiet(self):
        """Whether all that was written is published and consumed."""
        heads = {service: self.heads(service) for service in SERVICES}
        for service in SERVICES:
            if any(self.streamed(service, shard) < head for shard, head in heads[service].items()):
                return False
            for source in FOLLOWS[service]:
                consumed = self.consumed(service, source)
                if any(consumed.get(shard, 0) < head for shard, head in heads[source].items()):
                    return False
        # What was consumed last may have written more.
        return heads == {service: self.heads(service) for service in SERVICES}

    def await_quiet(self, patience=900):
        wait_until(self.is_quiet, patience, "every event is published and consumed", pause=0.5)

    # Contents.

    def prepare(self):
        """Starts PostgreSQL, and loads the data set unless it is there from an earlier run."""
        self.local("postgres-start")
        # Of today: what becomes due with the days would be done while something else is measured.
        digest = hashlib.sha256((CONTENTS + time.strftime("%F", time.gmtime())).encode())
        for path in sorted(ROOT.glob("**/migrations/*.sql")):
            digest.update(path.read_bytes())
        marker = self.state / "loaded"
        if marker.exists() and marker.read_text(encoding="utf-8") == digest.hexdigest():
            return
        marker.unlink(missing_ok=True)
        self.load()
        marker.write_text(digest.hexdigest(), encoding="utf-8")

    def load(self):
        self.drop(LOADED)
        self.drop(DATABASE)
        shutil.rmtree(self.place["REDIS_DATA"], ignore_errors=True)
        self.local("redis-start")
        self.local("keys")
        self.local("migrate")
        self.psql("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        self.start()
        began = time.monotonic()
        for dataset in (ONE, FIFTY):
            say("loading " + " ".join(dataset))
            self.load_tool("fill", dataset, "--goals", self.address("goals"))
        say(f"loaded in {time.monotonic() - began:.0f} s; waiting for the consumers")
        self.await_quiet()
        # A few check-ins, for the sizes of what the references write.
        for dataset in (ONE, FIFTY):
            self.load_tool("check-in", dataset, "--checkins", self.address("checkins"), "--in-flight", "8",
                           "--warm-up", "0", "--seconds", "2")
        self.await_quiet()
        say(f"all is consumed after {time.monotonic() - began:.0f} s")
        self.stop()
        # A run that goes past midnight does not evaluate everything anew.
        self.psql("UPDATE okr_scoring.sweeps SET due_time = due_time + interval '7 days'")
        self.make_reference_tables()
        self.psql("VACUUM ANALYZE")
        self.local("redis-stop")
        snapshot = self.state / "redis-loaded"
        shutil.rmtree(snapshot, ignore_errors=True)
        shutil.copytree(self.place["REDIS_DATA"], snapshot)
        self.psql(f"ALTER DATABASE {DATABASE} RENAME TO {LOADED}", "postgres")

    def make_reference_tables(self):
        run([self.place["POSTGRES_BIN"] + "/psql", "-Xq", "-v", "ON_ERROR_STOP=1", self.conninfo("postgres"),
             "-f", ROOT / "tests/bench/reference/tables.sql"])

    def drop(self, database):
        self.psql(f"DROP DATABASE IF EXISTS {database} (FORCE)", "postgres")

    def fresh(self, services=SERVICES):
        """The state right after loading, with these services running."""
        self.stop()
        self.local("redis-stop")
        self.drop(DATABASE)
        self.psql(f"CREATE DATABASE {DATABASE} TEMPLATE {LOADED} STRATEGY file_copy", "postgres")
        if self.watch_statements:
            for setting in ("track = 'all'", "track_planning = 'on'"):
                self.psql(f"ALTER DATABASE {DATABASE} SET pg_stat_statements.{setting}", "postgres")
        shutil.rmtree(self.place["REDIS_DATA"], ignore_errors=True)
        shutil.copytree(self.state / "redis-loaded", self.place["REDIS_DATA"])
        self.local("redis-start")
        if services:
            self.start(services)
            if set(services) == set(SERVICES):
                self.await_quiet(60)

    # Load.

    def load_tool(self, command, *arguments):
        """What okr-bench-load measured, by name."""
        flat = [a for argument in arguments for a in ((argument,) if isinstance(argument, (str, os.PathLike))
                                                      else argument)]
        keys = () if command == "stream" else ("--keys", self.place["LOCAL_KEYS"])
        printed = run([self.binaries / "okr-bench-load", command, *keys, *flat])
        return {m["name"]: m for m in map(json.loads, printed.splitlines())}

    @contextlib.contextmanager
    def watching_memory(self):
        """Gives a dictionary that has, at the end, the most resident bytes of each service."""
        most = {}
        ended = threading.Event()

        def watch():
            while not ended.wait(0.5):
                for service in list(self.processes):
                    with contextlib.suppress(OSError, KeyError, StopIteration):
                        most[service] = max(most.get(service, 0), self.memory(service))

        thread = threading.Thread(target=watch)
        thread.start()
        try:
            yield most
        finally:
            ended.set()
            thread.join()
