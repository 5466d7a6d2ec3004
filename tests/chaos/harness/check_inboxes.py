"""Notifications: each tells of an event that is there, once, to somebody who may be told; and who must be told is.

Notifications applies the events of checkins and scoring with what it knows of goals at that moment. So where something
changed about the time, one or the other is right: `must` is who is told whatever of it holds, `may` who is told if any of it
holds."""

import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .arithmetic import (
    AT_RISK,
    DONE,
    FINAL,
    KEY_RESULT_RETIRED,
    OBJECTIVE_ACTIVE,
    OBJECTIVE_RETIRED,
    OFF_TRACK,
    ON_TRACK,
    STALE,
    UNMEASURED,
)
from .check_history import relative
from .facts import Books
from .history import Operation, Outcome, Violation
from .state import Event, Key, Row, State

DUE, OVERDUE, STATUS, BLOCKER, ALIGNED, GRADING = 1, 2, 3, 4, 5, 6
_PRIVATE, _LEAD, _DEACTIVATED = 2, 2, 2


@dataclass
class Audience:
    """Names of people."""

    must: set[str]
    may: set[str]

    def add(self, other: "Audience") -> None:
        self.must |= other.must
        self.may |= other.may


def notification_id(event: str, recipient: str, kind: int) -> str:
    """Follows from what is told to whom, so that it is told once."""
    digest = bytearray(hashlib.sha256(f"{event} {recipient} {kind}".encode()).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return str(uuid.UUID(bytes=bytes(digest)))


def is_worth_telling(objective: bool, before: int, after: int) -> bool:
    """By the table "Changes of status" of notifications."""
    before = before or UNMEASURED
    if after == before or after in (0, UNMEASURED):
        return False
    if after == DONE:
        return True
    if after == ON_TRACK:
        return before != UNMEASURED
    if after == STALE:
        return objective and before > STALE
    return after in (AT_RISK, OFF_TRACK) and after < before


class Inboxes:
    """Who is told what, by the logs."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def _versions(self, organization: str, name: str, since: int) -> list[Any]:
        """All states, from the one that held at a position of goals."""
        versions = self._books.versions.get((organization, relative(name)), [])
        later = [one for event, one in versions if event.position > since]
        earlier = [one for event, one in versions if event.position <= since]
        return earlier[-1:] + later if since else [one for _, one in versions]

    def _people_behind(self, organization: str, owner: str, since: int) -> Audience:
        if "/people/" in owner:
            return Audience({owner}, {owner})
        teams = self._versions(organization, owner, since)
        leads = [
            set() if team.HasField("delete_time") else {one.person for one in team.members if one.role == _LEAD}
            for team in teams
        ]
        return Audience(set.intersection(*leads) if leads else set(), set().union(*leads))

    def _audience(self, organization: str, owners: Iterable[str], objectives: list[Any], since: int) -> Audience:
        """Of what is owned by one of `owners`, whichever it was, and hangs below an objective that was one of these."""
        found = [self._people_behind(organization, owner, since) for owner in set(owners) if owner]
        must = set.intersection(*(one.must for one in found)) if found else set()
        may = set().union(*(one.may for one in found))
        return Audience(
            {one for one in must if all(may_see(objective, one) for objective in objectives)},
            {one for one in may if any(may_see(objective, one) for objective in objectives)},
        )

    def objective_audience(self, event: Event, name: str, since: int) -> Audience:
        states = self._versions(event.organization, name, since)
        audience = self._audience(event.organization, (one.owner for one in states), states, since)
        return _limited(audience, [is_alive(one) for one in states])

    def key_result_audience(self, event: Event, name: str, since: int) -> Audience:
        key_results = self._versions(event.organization, name, since)
        objectives = self._versions(event.organization, name.split("/keyResults/")[0], since)
        owners = {one.owner or objective.owner for one in key_results for objective in objectives}
        audience = self._audience(event.organization, owners, objectives, since)
        return _limited(audience, [is_alive(one) for one in key_results + objectives])

    def _tell(self, event: Event, audience: Audience, actor: str) -> Audience:
        """Not of one's own act, and not after one has left."""

        def states(person: str) -> list[Any]:
            return self._versions(event.organization, person, 0)

        may = {
            one for one in audience.may if one != actor and any(state.state != _DEACTIVATED for state in states(one))
        }
        must = {one for one in audience.must & may if all(state.state != _DEACTIVATED for state in states(one))}
        return Audience(must, may)

    def of(self, event: Event) -> tuple[int, Audience] | None:
        """The kind and the audience; None if the event tells nobody."""
        kind = event.type.rsplit(".", 1)[1]
        make: dict[str, Callable[[Event], tuple[int, Audience] | None]] = {
            "CheckInDue": self._of_due,
            "CheckInOverdue": self._of_due,
            "CheckInCreated": self._of_check_in,
            "KeyResultStatusChanged": self._of_status,
            "ObjectiveStatusChanged": self._of_status,
            "ObjectiveCreated": self._of_alignment,
            "ObjectiveAligned": self._of_alignment,
            "CycleGradingOpened": self._of_grading,
        }
        told = make[kind](event) if kind in make else None
        if told is None:
            return None
        actor = (
            event.payload.check_in.author if kind == "CheckInCreated" and event.payload.check_in.author else event.actor
        )
        return told[0], self._tell(event, told[1], actor)

    def _of_due(self, event: Event) -> tuple[int, Audience]:
        kind = DUE if event.type.endswith("CheckInDue") else OVERDUE
        return kind, self.key_result_audience(event, event.payload.key_result, 0)

    def _of_check_in(self, event: Event) -> tuple[int, Audience] | None:
        check_in = event.payload.check_in
        if not check_in.blockers:
            return None
        name = check_in.name.split("/checkIns/")[0]
        objectives = self._versions(event.organization, name.split("/keyResults/")[0], 0)
        alive = [is_alive(one) for one in objectives + self._versions(event.organization, name, 0)]
        audience = self.key_result_audience(event, name, 0)
        for owner in {one.help_from for one in check_in.blockers if one.help_from}:
            audience.add(_limited(self._audience(event.organization, [owner], objectives, 0), alive))
        owners = self._audience(event.organization, (one.owner for one in objectives), objectives, 0)
        audience.add(_limited(owners, alive))
        return BLOCKER, audience

    def _of_status(self, event: Event) -> tuple[int, Audience] | None:
        payload = event.payload
        of_objective = event.type.endswith("ObjectiveStatusChanged")
        if payload.score.state == FINAL or not is_worth_telling(
            of_objective, payload.previous_status, payload.score.status
        ):
            return None
        audience = self.objective_audience if of_objective else self.key_result_audience
        return STATUS, audience(event, event.subject, 0)

    def _of_alignment(self, event: Event) -> tuple[int, Audience] | None:
        child = event.payload.objective
        before = {one.parent for one in self._before(event).alignments} if self._before(event) is not None else set()
        parents = [one.parent for one in child.alignments] if event.type.endswith("Created") else [event.payload.parent]
        children = self._versions(event.organization, child.name, event.position)
        audience = Audience(set(), set())
        for parent in parents:
            if parent in before:
                continue
            found = (self.key_result_audience if "/keyResults/" in parent else self.objective_audience)(
                event, parent, event.position
            )
            if "/keyResults/" in parent:
                of_objective = self.objective_audience(event, parent.split("/keyResults/")[0], event.position)
                alive = [is_alive(one) for one in self._versions(event.organization, parent, event.position)]
                found.add(_limited(of_objective, alive))
            audience.add(
                Audience(
                    {one for one in found.must if all(may_see(state, one) for state in children)},
                    {one for one in found.may if any(may_see(state, one) for state in children)},
                )
            )
        return ALIGNED, _limited(audience, [is_alive(one) for one in children])

    def _before(self, event: Event) -> Any:
        versions = [
            one
            for at, one in self._books.versions[(event.organization, relative(event.subject))]
            if at.position < event.position
        ]
        return versions[-1] if versions else None

    def _of_grading(self, event: Event) -> tuple[int, Audience]:
        audience = Audience(set(), set())
        for name in self._books.of_cycle[(event.organization, relative(event.subject))]:
            found = self.key_result_audience(event, name, event.position)
            objectives = self._versions(event.organization, name.split("/keyResults/")[0], event.position)
            audience.add(_limited(found, [one.state == OBJECTIVE_ACTIVE for one in objectives]))
        return GRADING, audience


def _limited(audience: Audience, holds: list[bool]) -> Audience:
    return Audience(audience.must if holds and all(holds) else set(), audience.may if any(holds) else set())


def may_see(objective: Any, person: str) -> bool:
    return objective.visibility != _PRIVATE or objective.owner == person or person in objective.shared_with


def is_alive(resource: Any) -> bool:
    retired = KEY_RESULT_RETIRED if resource.DESCRIPTOR.name == "KeyResult" else OBJECTIVE_RETIRED
    return not resource.HasField("delete_time") and resource.state != retired


def check_inboxes(state: State, books: Books) -> Iterator[Violation]:
    inboxes = Inboxes(books)
    rows = dict(state.table("notifications.notifications"))
    created: dict[Key, list[Event]] = {}
    for event in state.events("notifications"):
        created.setdefault((event.organization, relative(event.subject)), []).append(event)
    for key, events in created.items():
        if len(events) > 1:
            yield Violation(
                "nobody is told twice", "/".join(key), events[0].place, str([one.place for one in events[1:]])
            )
    for service in ("goals", "checkins", "scoring"):
        for event in state.events(service):
            told = inboxes.of(event)
            if told is not None:
                yield from _told(event, *told, rows)
    for key in rows:
        yield Violation(
            "a notification tells of an event, to one who may be told",
            "/".join(key),
            "none",
            _words(created.get(key, [])),
        )


def _words(events: list[Event]) -> str:
    return " ".join(str(one.payload.notification).replace("\n", " ") for one in events) or "a row without an event"


def _told(event: Event, kind: int, audience: Audience, rows: dict[Key, Row]) -> Iterator[Violation]:
    """Takes the rows that are right away."""
    for person in audience.may:
        key = (event.organization, f"{relative(person)}/notifications/{notification_id(event.id, person, kind)}")
        if rows.pop(key, None) is None and person in audience.must:
            yield Violation(
                "who must be told is told",
                f"{person} of {event.place} {event.type} {event.subject}",
                f"a notification of kind {kind}",
                "none",
            )


def check_reads_marked(state: State, operations: Iterable[Operation]) -> Iterator[Violation]:
    """What was acknowledged as read is read."""
    rows = state.table("notifications.notifications")
    for operation in operations:
        if operation.method != "MarkNotificationsRead" or operation.outcome is not Outcome.ACKNOWLEDGED:
            continue
        for name in operation.request_message().names:
            parts = relative(name).replace("people/me/", f"people/{operation.subject}/")
            row = rows.get((operation.organization, parts))
            if row is None or row.columns["unread"]:
                yield Violation(
                    "an acknowledged write is there",
                    name,
                    "read",
                    "unread" if row else "no row",
                    (operation.describe(),),
                )
