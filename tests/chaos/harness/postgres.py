"""A PostgreSQL server of the run's own, that may be stopped, killed and paused."""

import csv
import io
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .processes import ChildProcess, run, wait_until


def _programs() -> Path:
    """The newest installed version's."""
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    if not found:
        raise RuntimeError("there is no initdb below /usr/lib/postgresql")
    return max(found, key=lambda path: int(path.parent.name))


class Postgres:
    """Listens on a socket in its folder; everybody who reaches that may connect. Never synced to the disk: the processes
    are killed here, not the machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._bin = _programs()
        self._user = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root.
        self._server: ChildProcess | None = None
        self._paused: list[int] = []
        folder.mkdir(parents=True)
        if self._user:
            run(["chown", self._user, str(folder)])
        run(
            [
                str(self._bin / "initdb"),
                "-D",
                str(folder / "data"),
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            user=self._user,
        )

    def start(self) -> None:
        settings = [
            "listen_addresses=",
            "shared_buffers=64MB",
            "fsync=off",
            "full_page_writes=off",
            "max_connections=200",
            "max_wal_size=2GB",
        ]
        arguments = [str(self._bin / "postgres"), "-D", str(self.folder / "data"), "-k", str(self.folder)]
        for setting in settings:
            arguments += ["-c", setting]
        self._server = ChildProcess(arguments, self.folder.parent / "postgres.log", user=self._user)
        wait_until(self._answers, 60, "PostgreSQL answers")

    def _answers(self) -> bool:
        return (
            subprocess.run([str(self._bin / "pg_isready"), "-q", "-h", str(self.folder)], check=False).returncode == 0
        )

    def stop(self, immediate: bool = False) -> None:
        """Ends all sessions; immediate: without saying so, as a crash."""
        if self._server is None:
            return
        self.resume()
        self._server.send(signal.SIGQUIT if immediate else signal.SIGINT)
        self._server.wait(60)
        self._server = None

    def is_running(self) -> bool:
        return self._server is not None and self._server.is_running()

    def pause(self) -> None:
        if self._server is None:
            return
        self._server.send(signal.SIGSTOP)
        self._paused = self._server.descendants()
        for pid in self._paused:
            _send(pid, signal.SIGSTOP)

    def resume(self) -> None:
        for pid in self._paused:
            _send(pid, signal.SIGCONT)
        self._paused = []
        if self._server is not None:
            self._server.send(signal.SIGCONT)

    def cut_sessions(self, like: str = "okr_%") -> int:
        """Ends the connections of roles; gives how many."""
        return len(
            self.query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                f"WHERE usename LIKE '{like}' AND pid <> pg_backend_pid()"
            )
        )

    def conninfo(self, role: str = "postgres", database: str = "okr") -> str:
        return f"host={self.folder} user={role} dbname={database}"

    def execute(self, statement: str, database: str = "okr") -> None:
        run(["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", statement, self.conninfo(database=database)])

    def query(self, statement: str) -> list[list[str]]:
        """The rows as texts; NULL is an empty text."""
        return list(self.rows(statement))

    def rows(self, statement: str) -> Iterator[list[str]]:
        """The same, one after the other, so that long tables need little memory."""
        with subprocess.Popen(
            [
                "psql",
                "-Xqt",
                "--csv",
                "-v",
                "ON_ERROR_STOP=1",
                "-c",
                f"COPY ({statement}) TO STDOUT (FORMAT csv)",
                self.conninfo(),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as psql:
            assert psql.stdout is not None and psql.stderr is not None
            csv.field_size_limit(1 << 30)
            yield from csv.reader(io.TextIOWrapper(psql.stdout, encoding="utf-8", newline=""))
            error = psql.stderr.read().decode()
        if psql.returncode != 0:
            raise RuntimeError(f"{statement}: {error}")


def _send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass  # It ended meanwhile.
