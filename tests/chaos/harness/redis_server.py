"""A Redis server of the run's own, that may be killed, emptied and filled."""

import signal
import socket
from pathlib import Path
from typing import Any

from .processes import ChildProcess, wait_until

_MEMORY = 1 << 30


class RedisError(Exception):
    """An error that Redis answered."""


class RedisConnection:
    """Speaks RESP2 over a Unix socket; replies are bytes, integers, lists and None."""

    def __init__(self, path: str, patience: float = 10.0) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(patience)
        self._socket.connect(path)
        self._file = self._socket.makefile("rb")

    def __enter__(self) -> "RedisConnection":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._socket.close()

    def command(self, *words: str | bytes | int) -> Any:
        parts = [word if isinstance(word, bytes) else str(word).encode() for word in words]
        self._socket.sendall(b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts))
        return self._reply()

    def _reply(self) -> Any:
        line = self._file.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError("Redis closed the connection")
        kind, text = line[:1], line[1:-2]
        if kind == b"-":
            raise RedisError(text.decode())
        if kind == b"+":
            return text
        if kind == b":":
            return int(text)
        if kind == b"$":
            return None if text == b"-1" else self._file.read(int(text) + 2)[:-2]
        return None if text == b"-1" else [self._reply() for _ in range(int(text))]


class Redis:
    """Keeps nothing on disk. Refuses writes when it is full (noeviction)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = str(folder / "redis.sock")
        self._server: ChildProcess | None = None
        folder.mkdir(parents=True)

    def start(self) -> None:
        self._server = ChildProcess(
            [
                "/usr/bin/redis-server",
                "--port",
                "0",
                "--unixsocket",
                self.socket,
                "--dir",
                str(self.folder),
                "--save",
                "",
                "--appendonly",
                "no",
                "--maxmemory",
                str(_MEMORY),
                "--maxmemory-policy",
                "noeviction",
            ],
            self.folder.parent / "redis.log",
        )
        wait_until(self._answers, 30, "Redis answers", 0.02)

    def _answers(self) -> bool:
        try:
            with self.connect() as connection:
                return connection.command("PING") == b"PONG"
        except (OSError, RedisError):
            return False

    def connect(self) -> RedisConnection:
        return RedisConnection(self.socket)

    def is_running(self) -> bool:
        return self._server is not None and self._server.is_running()

    def kill(self) -> None:
        if self._server is not None:
            self._server.kill()
            self._server = None

    def pause(self) -> None:
        if self._server is not None:
            self._server.send(signal.SIGSTOP)

    def resume(self) -> None:
        if self._server is not None:
            self._server.send(signal.SIGCONT)

    def flush(self) -> None:
        with self.connect() as connection:
            connection.command("FLUSHALL")

    def fill(self) -> None:
        """Leaves a little room, and fills it: every write is refused from now on."""
        with self.connect() as connection:
            info = connection.command("INFO", "memory").decode()
            used = next(int(line.split(":")[1]) for line in info.splitlines() if line.startswith("used_memory:"))
            connection.command("CONFIG", "SET", "maxmemory", used + (256 << 10))
            try:
                for block in range(1000):
                    connection.command("SET", f"chaos:ballast:{block}", b"x" * (16 << 10))
            except RedisError:
                return  # OOM, as was wanted.
            raise RuntimeError("Redis took more than its memory limit")

    def unfill(self) -> None:
        with self.connect() as connection:
            connection.command("CONFIG", "SET", "maxmemory", _MEMORY)
            for block in range(1000):
                connection.command("DEL", f"chaos:ballast:{block}")

    def cut_clients(self) -> None:
        with self.connect() as connection:
            connection.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
