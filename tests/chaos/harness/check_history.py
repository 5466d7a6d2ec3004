"""What clients were told against what is stored: acknowledged writes are there once, refused ones are not, and of those
that nobody knows of each is one or the other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from .history import Operation, Outcome, Violation
from .state import Event, Row, State

# Which resource an event's payload holds, and in which table it stands.
RESOURCES = {
    "OrganizationEvent": ("organization", "organizations"),
    "PersonEvent": ("person", "people"),
    "TeamEvent": ("team", "teams"),
    "CycleEvent": ("cycle", "cycles"),
    "ObjectiveEvent": ("objective", "objectives"),
    "KeyResultEvent": ("key_result", "key_results"),
    "CheckInEvent": ("check_in", "check_ins"),
    "NotificationEvent": ("notification", "notifications"),
}
_TYPES = {
    "CreateOrganization": "OrganizationCreated",
    "UpdateOrganization": "OrganizationUpdated",
    "CreatePerson": "PersonCreated",
    "UpdatePerson": "PersonUpdated",
    "CreateTeam": "TeamCreated",
    "UpdateTeam": "TeamUpdated",
    "DeleteTeam": "TeamDeleted",
    "CreateCycle": "CycleCreated",
    "UpdateCycle": "CycleUpdated",
    "ActivateCycle": "CycleActivated",
    "OpenCycleGrading": "CycleGradingOpened",
    "CloseCycle": "CycleClosed",
    "CreateObjective": "ObjectiveCreated",
    "UpdateObjective": "ObjectiveUpdated",
    "DeleteObjective": "ObjectiveDeleted",
    "ActivateObjective": "ObjectiveActivated",
    "RetireObjective": "ObjectiveRetired",
    "AlignObjective": "ObjectiveAligned",
    "UnalignObjective": "ObjectiveUnaligned",
    "CreateKeyResult": "KeyResultCreated",
    "UpdateKeyResult": "KeyResultUpdated",
    "DeleteKeyResult": "KeyResultDeleted",
    "RetireKeyResult": "KeyResultRetired",
    "CreateCheckIn": "CheckInCreated",
    "GradeKeyResult": "KeyResultGraded",
}
# An update that changes nothing, or a deletion of what is not there, tells nothing.
_MAY_TELL_NOTHING = {
    "UpdateOrganization",
    "UpdatePerson",
    "UpdateTeam",
    "UpdateCycle",
    "UpdateObjective",
    "UpdateKeyResult",
    "DeleteTeam",
    "DeleteObjective",
    "DeleteKeyResult",
    "AlignObjective",
    "UnalignObjective",
    "GradeKeyResult",
}


def relative(name: str) -> str:
    """Without "organizations/{organization}/"; empty for the organization itself."""
    parts = name.split("/", 2)
    return parts[2] if len(parts) > 2 else ""


def resource_of(event: Event) -> tuple[str, Any] | None:
    """The table and the resource that the event holds."""
    payload = event.payload
    found = RESOURCES.get(payload.DESCRIPTOR.name)
    return (found[1], getattr(payload, found[0])) if found else None


def bare(message: Any) -> Any:
    """Without what the services add when they show it."""
    copy = type(message).FromString(message.SerializeToString())
    for name in ("score_summary", "etag"):
        if name in copy.DESCRIPTOR.fields_by_name:
            copy.ClearField(name)
    return copy


def check_operations(state: State, operations: Iterable[Operation]) -> Iterator[Violation]:
    """Each against the record of its request id and the events it caused."""
    events: dict[tuple[str, str, str], list[Event]] = defaultdict(list)
    for log in state.logs.values():
        for event in log:
            events[(event.service, event.organization, event.request_id)].append(event)
    for operation in operations:
        caused = [
            event
            for event in events.get((operation.service, operation.organization, operation.request_id), ())
            if _is_of(operation, event)
        ]
        record = state.requests.get(operation.service, {}).get((operation.organization, operation.request_id))
        for rule, expected, found in _judge(operation, caused, record):
            yield Violation(
                rule, f"{operation.method} {operation.request_id}", expected, found, (operation.describe(),)
            )


def check_causes(state: State, operations: Iterable[Operation]) -> Iterator[Violation]:
    """In the organizations of these clients nothing was written that none of them asked for."""
    asked = {(operation.organization, operation.request_id) for operation in operations}
    organizations = {organization for organization, _ in asked}
    for service, kinds in (("goals", None), ("checkins", "CheckInCreated"), ("scoring", "KeyResultGraded")):
        for event in state.events(service):
            if event.organization not in organizations or (kinds and not event.type.endswith(kinds)):
                continue
            if (event.organization, event.request_id) not in asked:
                yield Violation(
                    "nothing is written unasked",
                    event.place,
                    "a request of a client",
                    f"{event.type} {event.request_id}",
                )


def _is_of(operation: Operation, event: Event) -> bool:
    """Services also pass a request id on to what follows from it, e.g. to the seal of a cycle or to scores."""
    return event.type.rsplit(".", 1)[1] == _TYPES.get(operation.method)


def _judge(operation: Operation, caused: list[Event], record: Any) -> Iterator[tuple[str, str, str]]:
    places = ", ".join(event.place for event in caused)
    if len(caused) > 1:
        yield "a write happens once", "one event", f"{len(caused)}: {places}"
    if bool(caused) and record is None:
        yield "a write and its request id are stored together", "a record of the request id", f"only the event {places}"
    validate_only = getattr(operation.request_message(), "validate_only", False)
    if operation.outcome is Outcome.REFUSED or validate_only:
        why = f"validate_only is set, {operation.outcome.value}" if validate_only else "refused"
        if caused or record is not None:
            yield "what was refused changed nothing", f"nothing: {why}", f"events {places or 'none'}, record: {record is not None}"
        return
    if operation.outcome is not Outcome.ACKNOWLEDGED:
        if record is not None and not caused and _must_tell(operation):
            yield "a write and its events are stored together", "an event", "only the record of the request id"
        return
    if record is None:
        yield "an acknowledged write is there", "a record of the request id", "none"
        return
    if not caused and _must_tell(operation):
        yield "an acknowledged write is there", "one event", "none"
    yield from _same_content(operation, caused, record)
    yield from _token(operation, caused)


def _must_tell(operation: Operation) -> bool:
    return operation.method in _TYPES and operation.method not in _MAY_TELL_NOTHING


def _same_content(operation: Operation, caused: list[Event], record: Any) -> Iterator[tuple[str, str, str]]:
    answer = operation.response_message()
    stored = type(answer).FromString(record.response)
    if stored != answer:
        yield "the answer that was given is the stored one", str(stored), str(answer)
    for event in caused:
        held = resource_of(event)
        if held is not None and answer.DESCRIPTOR.name == held[1].DESCRIPTOR.name and bare(held[1]) != bare(answer):
            yield "the event holds what was acknowledged", str(answer), str(held[1])


def _token(operation: Operation, caused: list[Event]) -> Iterator[tuple[str, str, str]]:
    for token in filter(None, operation.tokens.split(",")):
        source, epoch, shard, position = token.split(":")
        for event in caused:
            if (
                source != event.service
                or int(shard) != event.shard
                or int(epoch) != event.epoch
                or int(position) < event.position
            ):
                yield "the consistency token covers the write", f"at least {event.place}", token


def check_tables(state: State) -> Iterator[Violation]:
    """The tables of goals, checkins and notifications hold what the last event of each resource says, and nothing else."""
    for service, skipped in (("goals", ()), ("checkins", ()), ("notifications", ("notifications",))):
        wanted: dict[str, dict[tuple[str, str], Event]] = defaultdict(dict)
        for event in state.events(service):
            held = resource_of(event)
            if held is not None:
                wanted[held[0]][(event.organization, relative(held[1].name))] = event
        for table in dict.fromkeys([name for _, name in RESOURCES.values()]):
            if f"{service}.{table}" in state.tables:
                yield from _compare(
                    f"{service}.{table}", state.table(f"{service}.{table}"), wanted[table], table in skipped
                )


def _compare(
    name: str, rows: dict[tuple[str, str], Row], events: dict[tuple[str, str], Event], may_change: bool
) -> Iterator[Violation]:
    for key in rows.keys() - events.keys():
        yield Violation(
            "every row comes from an event", f"{name} {'/'.join(key)}", "no row", f"version {rows[key].version}"
        )
    for key, event in events.items():
        row = rows.get(key)
        if row is None:
            yield Violation("every event has its row", f"{name} {'/'.join(key)}", f"that of {event.place}", "none")
            continue
        held = resource_of(event)
        assert held is not None
        stored = type(held[1]).FromString(row.body)
        if row.version != event.version and not may_change:
            yield Violation(
                "a row has the version of its last event",
                f"{name} {'/'.join(key)}",
                f"{event.version}",
                f"{row.version}",
            )
        if bare(stored) != bare(held[1]) and not may_change:
            yield Violation(
                "a row holds what its last event says", f"{name} {'/'.join(key)}", str(held[1]), str(stored)
            )
        yield from _columns(name, key, row, stored)


def _columns(name: str, key: tuple[str, str], row: Row, body: Any) -> Iterator[Violation]:
    """What follows from the body."""
    wanted: dict[str, str] = {}
    for column in row.columns:
        if column == "lookup":
            wanted[column] = body.subject
        elif column in ("parent", "cycle", "owner"):
            wanted[column] = relative(getattr(body, column)) if getattr(body, column) else ""
        elif column == "deleted":
            wanted[column] = str(int(body.HasField("delete_time")))
        elif column == "state":
            wanted[column] = str(body.state)
        elif column == "objective":
            wanted[column] = relative(body.name).split("/keyResults/")[0]
        elif column == "key_result":
            wanted[column] = relative(body.name).split("/checkIns/")[0]
        elif column in ("effective_time", "create_time"):
            wanted[column] = str(getattr(body, column).ToMicroseconds())
        elif column == "recipient":
            wanted[column] = relative(body.name).split("/notifications/")[0]
        elif column == "unread":
            wanted[column] = "" if body.HasField("read_time") else relative(body.name).split("/notifications/")[0]
    if wanted != row.columns:
        yield Violation("index columns follow from the body", f"{name} {'/'.join(key)}", str(wanted), str(row.columns))


def check_tenancy(state: State) -> Iterator[Violation]:
    """No row speaks of another organization than its own."""
    marker = b"organizations/"
    rows = [
        (f"{service}.projection", key, row.body)
        for service, table in state.projections.items()
        for key, row in table.items()
    ]
    rows += [(name, key, row.body) for name, table in state.tables.items() for key, row in table.items()]
    rows += [
        (f"{service}.requests", key, row.response)
        for service, table in state.requests.items()
        for key, row in table.items()
    ]
    rows += [
        (f"{event.service}.event_log", (event.organization, event.place), event.data)
        for log in state.logs.values()
        for event in log
    ]
    for name, key, body in rows:
        own = key[0].encode()
        at = body.find(marker)
        while at >= 0:
            rest = body[at + len(marker) : at + len(marker) + len(own) + 1]
            if not rest.startswith(own) or (len(rest) > len(own) and chr(rest[len(own)]) in _NAME_LETTERS):
                yield Violation(
                    "nothing of another organization",
                    f"{name} {'/'.join(key)}",
                    key[0],
                    body[at : at + 60].decode(errors="replace"),
                )
                break
            at = body.find(marker, at + 1)


_NAME_LETTERS = set("abcdefghijklmnopqrstuvwxyz0123456789-")


def check_parked(state: State) -> Iterator[Violation]:
    """Nothing that the suite itself wrote is beyond its understanding."""
    for service, parked in state.parked.items():
        for event in parked:
            yield Violation("no event is parked", service, "none", event)
