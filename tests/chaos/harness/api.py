"""One client of the suite: calls, retries under the same request id, and what it was told."""

import random
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.rpc import error_details_pb2, status_pb2

from .contracts import Method, contracts
from .history import Attempt, History, Operation, Outcome, Violation
from .installation import Installation

TOKEN_KEY = "okr-consistency-token"
# After these nobody knows whether the call was carried out.
_AMBIGUOUS = {"UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED", "UNKNOWN", "INTERNAL"}
# The service says itself that nothing was done.
_NOTHING_DONE = {
    "DATABASE_UNAVAILABLE",
    "SERVICE_UNAVAILABLE",
    "REDIS_UNAVAILABLE",
    "OVERLOADED",
    "CONFLICT",
    "SHUTTING_DOWN",
    "JWKS_UNAVAILABLE",
    "STATE_NOT_REACHED",
}
_OPTIONS = [
    ("grpc.enable_retries", 0),
    ("grpc.max_reconnect_backoff_ms", 500),
    ("grpc.initial_reconnect_backoff_ms", 50),
    ("grpc.min_reconnect_backoff_ms", 50),
    ("grpc.use_local_subchannel_pool", 1),
]


@dataclass(frozen=True)
class Identity:
    """Whose token a call shows."""

    organization: str
    subject: str
    role: str = "MEMBER"


@dataclass
class Answer:
    """Of one attempt."""

    code: str
    reason: str = ""
    message: Any = None
    tokens: str = ""
    details: str = ""

    @property
    def ok(self) -> bool:
        return self.code == "OK"


@dataclass
class Patience:
    """How long a client tries."""

    attempt: float = 4.0  # Seconds until one attempt is given up.
    attempts: int = 6
    pause: float = 0.1  # Before the second attempt; then twice as long each time.


@dataclass
class Client:
    """Not thread-safe: each thread has one of its own; they share the channels."""

    name: str
    installation: Installation
    history: History
    channels: "Channels"
    random: random.Random
    patience: Patience = field(default_factory=Patience)

    def try_once(
        self, method: Method, request: Any, identity: Identity, replica: str, timeout: float, tokens: str = ""
    ) -> Answer:
        """One call of one replica."""
        metadata = [
            (
                "authorization",
                "Bearer " + self.installation.token(identity.organization, identity.subject, identity.role),
            )
        ]
        if tokens:
            metadata.append((TOKEN_KEY, tokens))
        call = self.channels.unary(method, replica)
        try:
            message, context = call.with_call(request, timeout=timeout, metadata=metadata)
        except grpc.RpcError as error:
            answer = Answer(error.code().name, _reason(error), details=error.details() or "")
            if answer.reason == "INTERNAL":
                self.history.violate(
                    Violation(
                        "no call ends with a defect",
                        method.name,
                        "an answer or a refusal",
                        f"{replica}: INTERNAL {answer.details}",
                        (str(request),),
                    )
                )
            return answer
        trailing = dict(context.trailing_metadata() or ())
        return Answer("OK", message=message, tokens=str(trailing.get(TOKEN_KEY, "")))

    def replicas_of(self, method: Method) -> list[str]:
        names = [f"{method.service}-{index}" for index in range(self.installation.options.replicas)]
        self.random.shuffle(names)
        return names

    def read(self, name: str, request: Any, identity: Identity, tokens: str = "", replica: str = "") -> Answer:
        """One attempt, counted but not kept."""
        method = contracts().methods[name]
        answer = self.try_once(
            method, request, identity, replica or self.replicas_of(method)[0], self.patience.attempt, tokens
        )
        self.history.read(name, answer.reason or answer.code)
        return answer

    def write(self, name: str, request: Any, identity: Identity, request_id: str) -> Operation:
        """Tries replica after replica until something is certain or patience ends."""
        method = contracts().methods[name]
        request.request_id = request_id
        operation = self.history.begin(
            self.name, name, identity.organization, identity.subject, request_id, request.SerializeToString()
        )
        answers = self._persist(method, request, identity, operation.attempts)
        settle(operation, answers)
        return operation

    def write_twice(self, name: str, request: Any, identity: Identity, request_id: str) -> Operation:
        """The same request to two replicas at once. They must give the same answer."""
        method = contracts().methods[name]
        request.request_id = request_id
        operation = self.history.begin(
            self.name, name, identity.organization, identity.subject, request_id, request.SerializeToString()
        )
        second: list[Attempt] = []
        second_answers: list[Answer] = []
        other = Client(
            self.name,
            self.installation,
            self.history,
            self.channels,
            random.Random(self.random.random()),
            self.patience,
        )
        thread = threading.Thread(
            target=lambda: second_answers.extend(other._persist(method, request, identity, second))
        )  # pylint: disable=protected-access
        thread.start()
        answers = self._persist(method, request, identity, operation.attempts)
        thread.join()
        operation.attempts += second
        good = [answer for answer in (answers[-1], second_answers[-1]) if answer.ok]
        settle(
            operation,
            answers if answers[-1].ok or not good else second_answers,
            ambiguous=any(not is_final(answer) and is_ambiguous(answer) for answer in answers + second_answers),
        )
        if getattr(request, "validate_only", False):
            return operation  # Nothing is stored, so each attempt is decided anew.
        if len(good) == 2 and good[0].message != good[1].message:
            self.history.violate(
                Violation(
                    "one answer for one request id",
                    request_id,
                    str(good[0].message),
                    str(good[1].message),
                    (operation.describe(),),
                )
            )
        bad = next((answer for answer in (answers[-1], second_answers[-1]) if not answer.ok), None)
        # Other refusals may have been right before the one that was carried out.
        if good and bad is not None and bad.reason in ("RESOURCE_ALREADY_EXISTS", "ETAG_MISMATCH"):
            self.history.violate(
                Violation(
                    "one answer for one request id",
                    request_id,
                    str(good[0].message),
                    f"also {bad.code} {bad.reason}: {bad.details}",
                    (operation.describe(),),
                )
            )
        return operation

    def write_batch(self, requests: Sequence[tuple[Any, str]], identity: Identity) -> list[Operation]:
        """Check-ins in one call; each is an operation of its own."""
        method = contracts().methods["BatchCreateCheckIns"]
        batch = method.request(parent=f"organizations/{identity.organization}")
        operations: list[Operation] = []
        for request, request_id in requests:
            request.request_id = request_id
            operations.append(
                self.history.begin(
                    self.name,
                    "CreateCheckIn",
                    identity.organization,
                    identity.subject,
                    request_id,
                    request.SerializeToString(),
                    batch=operations[0].number if operations else -1,
                )
            )
            batch.requests.append(request)
        for operation in operations:
            operation.batch = operations[0].number
        attempts: list[Attempt] = []
        answers = self._persist(method, batch, identity, attempts)
        for index, operation in enumerate(operations):
            operation.attempts = list(attempts)
            _settle_member(operation, index, answers)
        return operations

    def _persist(self, method: Method, request: Any, identity: Identity, attempts: list[Attempt]) -> list[Answer]:
        answers: list[Answer] = []
        pause = self.patience.pause
        replicas = self.replicas_of(method)
        for number in range(self.patience.attempts):
            replica = replicas[number % len(replicas)]
            start = time.time()
            answers.append(self.try_once(method, request, identity, replica, self.patience.attempt))
            attempts.append(Attempt(replica, start, time.time(), answers[-1].code, answers[-1].reason))
            if is_final(answers[-1]):
                break
            # Not waiting for a condition: a client that pauses between its attempts, as the published policy says.
            time.sleep(pause * self.random.uniform(0.5, 1.0))
            pause = min(pause * 2, 2.0)
        return answers


def is_final(answer: Answer) -> bool:
    """Whether trying again would be pointless."""
    if answer.ok:
        return True
    return answer.code not in _AMBIGUOUS and answer.reason not in _NOTHING_DONE and answer.code != "RESOURCE_EXHAUSTED"


def is_ambiguous(answer: Answer) -> bool:
    """Whether the attempt may have been carried out though it failed. What a service says of its database is not
    believed either: a commit may have been under way."""
    return not answer.ok and answer.code in _AMBIGUOUS


def settle(operation: Operation, answers: Sequence[Answer], ambiguous: bool | None = None) -> None:
    """What is known after these attempts. A refusal after an attempt that nobody knows of proves nothing: that one may
    still be under way."""
    last = answers[-1]
    operation.end = time.time()
    operation.reason = last.reason or ("" if last.ok else last.code)
    if ambiguous is None:
        ambiguous = any(is_ambiguous(answer) for answer in answers[:-1])
    if last.ok:
        operation.outcome = Outcome.ACKNOWLEDGED
        operation.response = last.message.SerializeToString()
        operation.tokens = last.tokens
    elif is_final(last) and not ambiguous:
        operation.outcome = Outcome.REFUSED
    else:
        operation.outcome = Outcome.UNKNOWN


def _settle_member(operation: Operation, index: int, answers: Sequence[Answer]) -> None:
    last = answers[-1]
    if not last.ok:
        settle(operation, answers)
        return
    result = last.message.results[index]
    if result.WhichOneof("result") == "check_in":
        settle(operation, [*answers[:-1], Answer("OK", message=result.check_in, tokens=last.tokens)])
        return
    error = status_pb2.Status.FromString(result.error.SerializeToString())
    code = next(code.name for code in grpc.StatusCode if code.value[0] == error.code)
    settle(operation, [*answers[:-1], Answer(code, _reason_of(error))])


def _reason(error: grpc.RpcError) -> str:
    """Of the ErrorInfo; empty where the error is not the service's."""
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            return _reason_of(status_pb2.Status.FromString(value))
    return ""


def _reason_of(status: Any) -> str:
    for detail in status.details:
        if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
            return error_details_pb2.ErrorInfo.FromString(detail.value).reason
    return ""


class Channels:
    """To all replicas, over the links that faults cut; shared by all threads."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._lock = threading.Lock()
        self._channels: dict[str, grpc.Channel] = {}
        self._calls: dict[tuple[str, str], Any] = {}

    def unary(self, method: Method, replica: str) -> Any:
        with self._lock:
            key = (method.path, replica)
            if key not in self._calls:
                self._calls[key] = self._channel(replica).unary_unary(
                    method.path,
                    request_serializer=method.request.SerializeToString,
                    response_deserializer=method.response.FromString,
                )
            return self._calls[key]

    def stream(self, method: Method, replica: str, request: Any, token: str, timeout: float) -> Iterator[Any]:
        with self._lock:
            channel = self._channel(replica)
        return channel.unary_stream(
            method.path,
            request_serializer=method.request.SerializeToString,
            response_deserializer=method.response.FromString,
        )(request, timeout=timeout, metadata=[("authorization", "Bearer " + token)])

    def _channel(self, replica: str) -> grpc.Channel:
        if replica not in self._channels:
            self._channels[replica] = grpc.insecure_channel(
                self._installation.client_address(replica), options=_OPTIONS
            )
        return self._channels[replica]

    def close(self) -> None:
        with self._lock:
            for channel in self._channels.values():
                channel.close()
            self._channels.clear()
            self._calls.clear()
