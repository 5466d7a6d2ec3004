"""What clients did and what they were told."""

import enum
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from google.protobuf import json_format

from .contracts import contracts


class Outcome(enum.Enum):
    """What a client knows of an operation."""

    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"  # By every attempt; it changed nothing.
    UNKNOWN = "unknown"  # It may have happened or may still happen.


@dataclass(slots=True)
class Attempt:
    """One call of one replica."""

    replica: str
    start: float
    end: float
    code: str  # "OK" or the name of a gRPC code.
    reason: str = ""


@dataclass(slots=True)
class Operation:
    """A mutating RPC under one request id, with all its attempts."""

    number: int
    client: str
    method: str
    organization: str
    subject: str  # Who: the id of the person.
    request_id: str
    request: bytes
    start: float
    end: float = 0.0
    attempts: list[Attempt] = field(default_factory=list)
    outcome: Outcome = Outcome.UNKNOWN
    response: bytes = b""
    tokens: str = ""
    reason: str = ""
    # For members of a batch: the number of the call that they were part of, which is no operation itself.
    batch: int = 0

    def request_message(self) -> Any:
        return contracts().methods[self.method].request.FromString(self.request)

    def response_message(self) -> Any:
        return contracts().methods[self.method].response.FromString(self.response)

    @property
    def service(self) -> str:
        return contracts().methods[self.method].service

    def describe(self) -> str:
        """One line for a person."""
        tries = ", ".join(
            f"{attempt.replica} {attempt.code}{':' + attempt.reason if attempt.reason else ''}"
            for attempt in self.attempts
        )
        body = json_format.MessageToJson(self.request_message(), indent=None, descriptor_pool=contracts().pool)
        return (
            f"#{self.number} {self.client} {self.start:.3f}..{self.end:.3f} {self.method} as {self.subject} -> "
            f"{self.outcome.value}{' ' + self.reason if self.reason else ''} [{tries}] {body}"
        )


@dataclass(frozen=True)
class Violation:
    """Something that must not be."""

    rule: str
    subject: str
    expected: str
    found: str
    operations: tuple[str, ...] = ()

    def describe(self) -> str:
        lines = [
            f"{self.rule}: {self.subject}",
            f"  expected: {_one_line(self.expected)}",
            f"  found:    {_one_line(self.found)}",
        ]
        return "\n".join(lines + [f"  operation {operation}" for operation in self.operations])


def _one_line(text: str) -> str:
    return " ".join(text.split())


class History:
    """Collects from all threads. Times are Unix seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._operations: list[Operation] = []
        self._number = 0
        self.reads: Counter[str] = Counter()  # By method and code.
        self.faults: list[tuple[float, float, str, str]] = []  # Start, end, kind, what.
        self.violations: list[Violation] = []  # Found while it ran.

    def begin(
        self, client: str, method: str, organization: str, subject: str, request_id: str, request: bytes, batch: int = 0
    ) -> Operation:
        with self._lock:
            self._number += 1
            operation = Operation(
                self._number, client, method, organization, subject, request_id, request, time.time(), batch=batch
            )
            self._operations.append(operation)
            return operation

    def read(self, method: str, code: str) -> None:
        with self._lock:
            self.reads[f"{method} {code}"] += 1

    def fault(self, start: float, kind: str, what: str) -> None:
        with self._lock:
            self.faults.append((start, time.time(), kind, what))

    def violate(self, violation: Violation) -> None:
        with self._lock:
            self.violations.append(violation)

    def __iter__(self) -> Iterator[Operation]:
        return iter(self._operations)

    def __len__(self) -> int:
        return len(self._operations)

    def write(self, file: Path) -> None:
        """One operation and fault a line, in the order of their beginning."""
        with open(file, "w", encoding="utf-8") as out:
            for operation in self._operations:
                out.write(operation.describe() + "\n")
            for start, end, kind, what in self.faults:
                out.write(json.dumps({"fault": kind, "what": what, "start": start, "end": end}) + "\n")
