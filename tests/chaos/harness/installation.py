"""The whole suite on this machine: two replicas of each service, a PostgreSQL and a Redis, all of them mortal."""

import json
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import grpc

from .contracts import ROOT, contracts
from .postgres import Postgres
from .processes import ChildProcess, run, wait_until
from .redis_server import Redis

SERVICES = ("goals", "checkins", "scoring", "notifications")
# Whose logs a service reads.
FOLLOWS = {
    "goals": ("scoring",),
    "checkins": ("goals",),
    "scoring": ("goals", "checkins"),
    "notifications": ("goals", "checkins", "scoring"),
}
_PAGE_TOKEN_KEY = "0123456789abcdef0123456789abcdef"


@dataclass
class Options:
    """How an installation is made."""

    bin: Path = ROOT / "build/dev/bin"
    replicas: int = 2
    # Variables of all replicas of a service ("goals"), or of one ("goals-0"), which come on top.
    environment: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    folder: Path | None = None  # Made in the temporary folder if not given.
    keep: bool = False  # Leaves the folder there.


class Replica:
    """One process of a service, restarted under the same name, port and log file."""

    def __init__(self, service: str, index: int, port: int) -> None:
        self.service = service
        self.index = index
        self.port = port
        self.name = f"{service}-{index}"
        self.process: ChildProcess | None = None
        self.surprises: list[int] = []  # Exit codes of processes that nobody ended.
        self.is_wanted = False

    def end(self) -> None:
        """What ended before this did so by itself."""
        if self.process is not None and self.is_wanted and not self.is_running():
            self.surprises.append(self.process.wait())
        self.is_wanted = False

    def is_running(self) -> bool:
        return self.process is not None and self.process.is_running()


def _free_ports(count: int) -> list[int]:
    """Below those that the kernel gives to outgoing connections, so that a port is still free when its process comes
    back; bound all at once, so that no two are the same."""
    found: list[socket.socket] = []
    for port in random.sample(range(20000, 32000), 12000):
        one = socket.socket()
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            one.close()
            continue
        found.append(one)
        if len(found) == count:
            break
    ports = [one.getsockname()[1] for one in found]
    for one in found:
        one.close()
    return ports


class Installation:
    """Start it, use it from several threads, stop it. Also a context manager that does both."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.folder = options.folder or Path(tempfile.mkdtemp(prefix="okr-chaos."))
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        # A copy, so that a build meanwhile does not change what is run.
        self.bin = self.folder / "bin"
        self.replicas = {
            f"{service}-{index}": Replica(service, index, 0)
            for service in SERVICES
            for index in range(options.replicas)
        }
        self.postgres = Postgres(self.folder / "postgres")
        self.redis = Redis(self.folder / "redis")
        self._links: dict[str, int] = {}
        self._proxy: subprocess.Popen | None = None
        self._proxy_lock = threading.Lock()
        self._tokens: dict[tuple[str, str, str], str] = {}

    def __enter__(self) -> "Installation":
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Returns when all replicas serve."""
        self.bin.mkdir()
        for program in (*(f"okr-{service}" for service in SERVICES), "okr-migrate", "okrctl"):
            shutil.copy2(self.options.bin / program, self.bin / program)
        self.postgres.start()
        self.redis.start()
        self.postgres.execute("CREATE DATABASE okr", database="postgres")
        run([str(self.bin / "okr-migrate"), "up", "--create-roles"], {"OKR_DATABASE_URL": self.postgres.conninfo()})
        self._make_keys()
        self._start_proxy()
        for name in self.replicas:
            self.start_replica(name)
        self.wait_serving()

    def stop(self) -> None:
        for replica in self.replicas.values():
            if replica.process is not None and replica.is_running():
                replica.process.kill()
        if self._proxy is not None:
            self._proxy.kill()
            self._proxy.wait()
        self.redis.kill()
        self.postgres.stop(immediate=True)
        if not self.options.keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    # Replicas.

    def start_replica(self, name: str, environment: Mapping[str, str] | None = None) -> None:
        """`environment` comes on top of that of the options, for this start only."""
        replica = self.replicas[name]
        if replica.is_running():
            raise RuntimeError(f"{name} runs already")
        replica.end()
        replica.is_wanted = True
        replica.process = ChildProcess(
            [str(self.bin / f"okr-{replica.service}")],
            self.folder / f"{name}.log",
            self._settings(replica, environment or {}),
        )

    def kill_replica(self, name: str) -> None:
        process = self.replicas[name].process
        self.replicas[name].end()
        if process is not None:
            process.kill()

    def terminate_replica(self, name: str, patience: float = 40.0) -> None:
        """Lets it drain, as an upgrade does."""
        process = self.replicas[name].process
        self.replicas[name].end()
        if process is None:
            return
        process.send(signal.SIGTERM)
        try:
            code = process.wait(patience)
            if code != 0:
                self.replicas[name].surprises.append(code)
        except TimeoutError:
            process.kill()
            raise

    def pause_replica(self, name: str) -> None:
        process = self.replicas[name].process
        if process is not None:
            process.send(signal.SIGSTOP)

    def continue_replica(self, name: str) -> None:
        process = self.replicas[name].process
        if process is not None:
            process.send(signal.SIGCONT)

    def wait_ended(self, name: str, patience: float = 60.0) -> int:
        """Until the process ends by itself, as was wanted; gives its exit code, which is negative for a signal."""
        process = self.replicas[name].process
        if process is None:
            raise RuntimeError(f"{name} was never started")
        code = process.wait(patience)
        self.replicas[name].is_wanted = False
        return code

    def wait_serving(self, names: Sequence[str] | None = None, patience: float = 60.0) -> None:
        for name in names or list(self.replicas):

            def serving(replica: Replica = self.replicas[name]) -> bool:
                if replica.process is not None and not replica.is_running():
                    raise RuntimeError(f"{replica.name} ended:\n{replica.process.tail()}")
                return self._serves(replica)

            wait_until(serving, patience, f"{name} serves; its log is {self.folder / name}.log")

    @staticmethod
    def _serves(replica: Replica) -> bool:
        check = contracts().methods["Check"]
        with grpc.insecure_channel(f"127.0.0.1:{replica.port}") as channel:
            call = channel.unary_unary(
                check.path,
                request_serializer=check.request.SerializeToString,
                response_deserializer=check.response.FromString,
            )
            try:
                return call(check.request(), timeout=2).status == 1
            except grpc.RpcError:
                return False

    def _settings(self, replica: Replica, more: Mapping[str, str]) -> dict[str, str]:
        service = replica.service
        settings = {
            "OKR_LISTEN": f"127.0.0.1:{replica.port}",
            "OKR_DATABASE_URL": self.postgres.conninfo(f"okr_{service}_runtime"),
            "OKR_RELAY_DATABASE_URL": self.postgres.conninfo(f"okr_{service}_relay"),
            "OKR_REDIS_URL": f"unix://{self.redis.socket}",
            "OKR_TOKEN_ISSUERS_FILE": str(self.folder / "keys/issuers.yaml"),
            "OKR_PAGE_TOKEN_KEY": _PAGE_TOKEN_KEY,
            "OKR_SERVICE_TOKEN_FILE": str(self.folder / "keys/suite.token"),
        }
        for other in SERVICES:
            settings[f"OKR_{other.upper()}_ADDRESS"] = f"127.0.0.1:{self._links[f'{replica.name}>{other}']}"
        for key in (service, replica.name):
            settings.update(self.options.environment.get(key, {}))
        settings.update(more)
        return settings

    # Links.

    def client_address(self, name: str) -> str:
        """Of a replica, over a link that faults cut."""
        return f"127.0.0.1:{self._links[f'client>{name}']}"

    def _start_proxy(self) -> None:
        names = [f"client>{name}" for name in self.replicas]
        names += [f"{name}>{service}" for name in self.replicas for service in SERVICES]
        ports = _free_ports(len(names) + len(self.replicas))
        for replica in self.replicas.values():
            replica.port = ports.pop()
        self._links = {name: ports.pop() for name in names}
        description = {}
        for name, port in self._links.items():
            target = name.split(">")[1]
            targets = [replica.port for replica in self.replicas.values() if target in (replica.name, replica.service)]
            description[name] = {"port": port, "targets": targets}
        file = self.folder / "links.json"
        file.write_text(json.dumps(description), encoding="utf-8")
        self._proxy = subprocess.Popen(
            [sys.executable, "-B", "-m", "harness.proxy", str(file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[1],
        )
        assert self._proxy.stdout is not None
        if self._proxy.stdout.readline() != "ready\n":
            raise RuntimeError("the proxy does not start")

    def links(self, what: str, prefix: str) -> int:
        """`what`: "cut", "refuse" or "accept", see proxy.py; gives how many connections were ended."""
        with self._proxy_lock:
            assert self._proxy is not None and self._proxy.stdin is not None and self._proxy.stdout is not None
            self._proxy.stdin.write(json.dumps([what, prefix]) + "\n")
            self._proxy.stdin.flush()
            return int(self._proxy.stdout.readline())

    # Tokens.

    def _make_keys(self) -> None:
        self._okrctl("auth", "init")
        (self.folder / "keys/suite.token").write_text(self.token("*", "okr-suite", "SERVICE"), encoding="utf-8")

    def _okrctl(self, *arguments: str) -> str:
        return run(
            [str(self.bin / "okrctl"), *arguments, "--key-dir", str(self.folder / "keys")], {"HOME": str(self.folder)}
        )

    def token(self, organization: str, subject: str, role: str = "MEMBER") -> str:
        """Of the development issuer; organization "*" with role SERVICE is a service of the installation."""
        key = (organization, subject, role)
        if key not in self._tokens:
            where = [] if organization == "*" else ["--organization", organization]
            self._tokens[key] = self._okrctl(
                "auth", "token", "--as", subject, "--role", role, "--ttl", "30d", *where
            ).strip()
        return self._tokens[key]
