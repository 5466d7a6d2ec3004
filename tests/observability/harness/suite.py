"""The suite that tests/observability/run has started: how to load it, break it and mend it."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import time

from harness.files import ROOT

SERVICES = ("goals", "checkins", "scoring", "notifications")
ORGANIZATIONS = "watched"  # The prefix of their ids.


def wait_until(holds, patience, what):
    """Looks again and again; gives what `holds` gives once that is true."""
    deadline = time.monotonic() + patience
    while not (found := holds()):
        assert time.monotonic() < deadline, f"waited {patience} s in vain until {what() if callable(what) else what}"
        time.sleep(0.2)
    return found


def free_address():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


class Suite:
    def __init__(self, state, port, build):
        self.state = pathlib.Path(state)
        self.port = port
        self.build = pathlib.Path(build)
        self.place = dict(line.split("=", 1) for line in self._local("place").splitlines())

    def _local(self, *command):
        script = ROOT / "tests/bench/harness/local"
        return subprocess.run([script, self.state, str(self.port), self.build / "bin", *command], check=True,
                              stdout=subprocess.PIPE, text=True).stdout

    def settings(self, service):
        return dict(line.split("=", 1) for line in self._local("settings", service).splitlines())

    def address(self, service):
        return self.settings(service)["OKR_LISTEN"]

    def admin_address(self, service):
        return self.settings(service)["OKR_ADMIN_LISTEN"]

    def start(self):
        """What does not run is started; what runs is left alone."""
        subprocess.run([ROOT / "deploy/local/up", "--build", self.build, "--state", self.state, "--port", str(self.port),
                        "--no-sample"], check=True, stdout=subprocess.DEVNULL)

    def end(self, name, how):
        """Of a service, "redis" or "postgres"."""
        pid, _ = (self.state / f"run/{name}.pid").read_text(encoding="utf-8").splitlines()[0].split()
        os.kill(int(pid), how)

    def kill(self, service):
        self.end(service, signal.SIGKILL)

    @contextlib.contextmanager
    def another(self, service, **settings):
        """One more instance of a service, with settings of its own, until the end of the block."""
        environment = {**self.settings(service), **settings, "PATH": os.environ["PATH"]}
        log = self.state / f"log/another-{service}.log"
        with open(log, "w", encoding="utf-8") as lines:
            process = subprocess.Popen([self.build / f"bin/okr-{service}"], env=environment, stderr=lines)
        try:
            yield
        finally:
            ended = process.poll()
            process.kill()
            process.wait()
            assert ended is None, log.read_text(encoding="utf-8")

    def log(self, service):
        return (self.state / f"log/{service}.log").read_text(encoding="utf-8")

    def psql(self, sql):
        conninfo = f"host={self.place['SERVERS_RUN']} port=5432 dbname=okr user=postgres"
        return subprocess.run([self.place["POSTGRES_BIN"] + "/psql", "-XAtq", "-v", "ON_ERROR_STOP=1", conninfo, "-c", sql],
                              check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    def redis(self, *command):
        return subprocess.run(["redis-cli", "-e", "-s", self.place["REDIS_SOCKET"], *command], check=True,
                              stdout=subprocess.PIPE, text=True).stdout.strip()

    def _load(self, command, *arguments):
        return [self.build / "bin/okr-bench-load", command, "--keys", self.place["LOCAL_KEYS"], "--prefix", ORGANIZATIONS,
                "--organizations", "3", "--key-results", "60", *arguments]

    def fill(self):
        subprocess.run(self._load("fill", "--goals", self.address("goals"), "--in-flight", "16"), check=True)

    @contextlib.contextmanager
    def load(self):
        """Some calls a second of several kinds and a stream, until the end of the block."""
        to_all = ["--warm-up", "0", "--seconds", "3600"]
        checkins = ["--checkins", self.address("checkins")]
        commands = [self._load("check-in", *checkins, "--rate", "30", *to_all),
                    self._load("events", *checkins, "--rate", "5", *to_all),
                    self._load("scores", *checkins, "--scoring", self.address("scoring"), "--rate", "5", *to_all),
                    self._load("get", "--goals", self.address("goals"), "--rate", "30", *to_all)]
        processes = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for command in commands]
        try:
            yield processes
        finally:
            for process in processes:
                process.kill()
                process.wait()
