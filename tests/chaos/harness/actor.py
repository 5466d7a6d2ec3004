"""How a client writes and reads: with the twists that every call may have, and checking at once what can be."""

import random
import re
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from . import requests
from .api import Answer, Client, Identity
from .history import Operation, Outcome, Violation
from .world import Known, World

_ORGANIZATION = re.compile(rb"organizations/([a-z0-9-]+)")
_READ_OF = {
    "Objective": "GetObjective",
    "KeyResult": "GetKeyResult",
    "Person": "GetPerson",
    "Team": "GetTeam",
    "Cycle": "GetCycle",
    "CheckIn": "GetCheckIn",
}


class Actor:
    """Of one thread; `worlds` are shared, the first of them is the big one, and `world` is the one it works in now."""

    def __init__(self, client: Client, worlds: Sequence[World]) -> None:
        self.client = client
        self.worlds = worlds
        self.rng: random.Random = client.random
        self.world = worlds[0]

    # Writing.

    def write(self, name: str, request: Any, identity: Identity | None = None) -> Operation:
        """With the twists that every write may have."""
        identity = identity or self.somebody()
        request_id = self.new_request_id()
        if self.rng.random() < 0.03:
            requests.spoil(self.rng, request)
        if "validate_only" in request.DESCRIPTOR.fields_by_name and self.rng.random() < 0.03:
            request.validate_only = True
        if self.rng.random() < 0.06:
            operation = self.client.write_twice(name, request, identity, request_id)
        else:
            operation = self.client.write(name, request, identity, request_id)
        self.look_at(operation)
        if operation.outcome is Outcome.ACKNOWLEDGED and not getattr(request, "validate_only", False):
            message = operation.response_message()
            self.world.learn(message)
            if self.rng.random() < 0.04:
                self._repeat(name, request, identity, operation)
            if self.rng.random() < 0.25:
                self._read_own(message, identity, operation)
        return operation

    def new_request_id(self) -> str:
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))

    def look_at(self, operation: Operation) -> None:
        self.only_own(operation.response, operation.describe if operation.response else None)

    def only_own(self, answer: bytes, what: Callable[[], str] | None) -> None:
        foreign = {found for found in _ORGANIZATION.findall(answer)} - {self.world.organization.encode()}
        if foreign:
            self.client.history.violate(
                Violation(
                    "nothing of another organization",
                    self.world.organization,
                    "names of this organization alone",
                    ", ".join(sorted(name.decode() for name in foreign)),
                    (what(),) if what else (),
                )
            )

    def _repeat(self, name: str, request: Any, identity: Identity, operation: Operation) -> None:
        """The same again gives the same answer; another body is refused."""
        another = self.rng.random() < 0.5
        again = type(request).FromString(request.SerializeToString())
        if another:
            field = "etag" if "etag" in again.DESCRIPTOR.fields_by_name else None
            if field:
                again.etag = '"77"'
            elif "validate_only" in again.DESCRIPTOR.fields_by_name:
                again.validate_only = True
            else:
                return
        answer = self.client.read(name, again, identity)
        if another and answer.ok:
            self._violate("a request id is used for one body", "REQUEST_ID_REUSED", "OK", operation)
        elif another and answer.reason != "REQUEST_ID_REUSED" and not is_away(answer):
            self._violate(
                "a request id is used for one body", "REQUEST_ID_REUSED", f"{answer.code} {answer.reason}", operation
            )
        elif (
            not another
            and not is_away(answer)
            and (
                not answer.ok
                or answer.message.SerializeToString(deterministic=True)
                != operation.response_message().SerializeToString(deterministic=True)
            )
        ):
            self._violate(
                "one answer for one request id",
                "the first answer again",
                f"{answer.code} {answer.reason} {answer.message}",
                operation,
            )

    def _read_own(self, written: Any, identity: Identity, operation: Operation) -> None:
        """What was acknowledged is seen by every replica that is shown the consistency token."""
        method = _READ_OF.get(written.DESCRIPTOR.name)
        if method is None or not operation.tokens:
            return
        admin = Identity(identity.organization, "admin", "ADMIN")
        answer = self.client.read(method, requests.make(method, name=written.name), admin, operation.tokens)
        if is_away(answer):
            return
        if not answer.ok:
            if not self._may_be_gone(written.name, admin):
                self._violate(
                    "a client reads its own writes", "the resource", f"{answer.code} {answer.reason}", operation
                )
        elif written.DESCRIPTOR.name == "CheckIn" and answer.message != written:
            self._violate("a client reads its own writes", str(written), str(answer.message), operation)
        elif written.DESCRIPTOR.name != "CheckIn" and _version(answer.message) < _version(written):
            self._violate(
                "a client reads its own writes", f"etag {written.etag} or later", answer.message.etag, operation
            )
        if written.DESCRIPTOR.name in ("Objective", "KeyResult") and self.rng.random() < 0.2:
            self._read_score(written, admin, operation)

    def _read_score(self, written: Any, admin: Identity, operation: Operation) -> None:
        """Of what was written a moment ago."""
        kind = written.DESCRIPTOR.name
        answer = self.client.read(
            f"Get{kind}Score", requests.make(f"Get{kind}Score", name=written.name), admin, operation.tokens
        )
        if not answer.ok and not is_away(answer) and not self._may_be_gone(written.name, admin):
            self._violate(
                "other services read a client's writes", "the score", f"{answer.code} {answer.reason}", operation
            )

    def _may_be_gone(self, name: str, admin: Identity) -> bool:
        """Whether somebody deleted it meanwhile, or the objective or key result that it hangs below."""
        parts = name.split("/")
        above = [("GetObjective", 4)] * ("objectives" in parts) + [("GetKeyResult", 6)] * ("keyResults" in parts)
        for method, length in above:
            now = self.client.read(method, requests.make(method, name="/".join(parts[:length])), admin)
            if is_away(now) or (now.ok and now.message.HasField("delete_time")):
                return True
        return False

    def _violate(self, rule: str, expected: str, found: str, operation: Operation) -> None:
        self.client.history.violate(Violation(rule, operation.request_id, expected, found, (operation.describe(),)))

    def admin(self) -> Identity:
        return Identity(self.world.organization, "admin", "ADMIN")

    def somebody(self) -> Identity:
        """Mostly those who may do everything."""
        person = self.world.pick(self.world.people, self.rng)
        if person is None or self.rng.random() < 0.85:
            return self.admin()
        return Identity(self.world.organization, person.message.subject)

    def etag(self, known: Known) -> str:
        return requests.etag_of(self.rng, known)


def is_away(answer: Answer) -> bool:
    """The service, or what it needs, cannot be reached now."""
    return answer.code in (
        "UNAVAILABLE",
        "DEADLINE_EXCEEDED",
        "CANCELLED",
        "UNKNOWN",
        "INTERNAL",
        "RESOURCE_EXHAUSTED",
        "ABORTED",
    )


def _version(message: Any) -> int:
    return int(message.etag.strip('"') or 0)
