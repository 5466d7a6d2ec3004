"""Child processes that end with the harness, whatever happens to it."""

import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

_PATIENCE = 30.0


class _Spawner:
    """One thread that starts all children: a parent-death signal is sent when the *thread* that made the child ends."""

    def __init__(self) -> None:
        self._jobs: queue.Queue[tuple[Callable[[], object], Future]] = queue.Queue()
        threading.Thread(target=self._run, name="spawner", daemon=True).start()

    def run(self, job: Callable[[], T]) -> T:
        done: Future = Future()
        self._jobs.put((job, done))
        return done.result()

    def _run(self) -> None:
        while True:
            job, done = self._jobs.get()
            try:
                done.set_result(job())
            except BaseException as error:  # pylint: disable=broad-except  # Told to the caller.
                done.set_exception(error)


_SPAWNER = _Spawner()


class ChildProcess:
    """A running program. It may be restarted by making another one."""

    def __init__(
        self, arguments: Sequence[str], log: Path, environment: Mapping[str, str] | None = None, user: str | None = None
    ) -> None:
        self.arguments = list(arguments)
        self.log = log
        prefix = ["setpriv", "--pdeathsig", "KILL"]
        if user is not None:
            prefix += ["--reuid", user, "--regid", user, "--init-groups"]
        variables = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **(environment or {})}
        for name in ("ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                variables[name] = os.environ[name]
        with open(log, "ab") as out:
            self._process = _SPAWNER.run(
                lambda: subprocess.Popen(
                    prefix + self.arguments,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    env=variables,
                    start_new_session=True,
                )
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def returncode(self) -> int | None:
        """Negative is the signal that ended it; none while it runs."""
        return self._process.poll()

    def is_running(self) -> bool:
        return self._process.poll() is None

    def send(self, number: int) -> None:
        """A signal; nothing if it has ended."""
        if self.is_running():
            self._process.send_signal(number)

    def wait(self, patience: float = _PATIENCE) -> int:
        """Its exit code; raises TimeoutError."""
        try:
            return self._process.wait(patience)
        except subprocess.TimeoutExpired as error:
            raise TimeoutError(f"{self.arguments[0]} ({self.pid}) does not end") from error

    def kill(self) -> None:
        self.send(signal.SIGCONT)
        self.send(signal.SIGKILL)
        self.wait()

    def descendants(self) -> list[int]:
        """Pids of its children."""
        try:
            text = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text(encoding="ascii")
        except OSError:
            return []
        return [int(pid) for pid in text.split()]

    def tail(self, lines: int = 20) -> str:
        text = self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])


def run(
    arguments: Sequence[str],
    environment: Mapping[str, str] | None = None,
    user: str | None = None,
    patience: float = 120.0,
) -> str:
    """Runs a program to its end and gives what it printed; raises RuntimeError with it if it fails."""
    prefix = ["setpriv", "--reuid", user, "--regid", user, "--init-groups"] if user else []
    variables = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **(environment or {})}
    done = subprocess.run(
        prefix + list(arguments),
        capture_output=True,
        text=True,
        env=variables,
        timeout=patience,
        stdin=subprocess.DEVNULL,
        check=False,
        cwd="/",
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(arguments)} failed ({done.returncode}):\n{done.stdout}{done.stderr}")
    return done.stdout


def wait_until(condition: Callable[[], T], patience: float, what: str, pause: float = 0.05) -> T:
    """What the condition gives as soon as it is true; raises TimeoutError with what was waited for."""
    deadline = time.monotonic() + patience
    while True:
        seen = condition()
        if seen:
            return seen
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {patience:g} s: {what}")
        time.sleep(pause)
