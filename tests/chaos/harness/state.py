"""Everything that the suite has stored, read past the services: from PostgreSQL and Redis themselves."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .contracts import contracts
from .installation import SERVICES, Installation

# Of each service: tables keyed by organization and name, with the columns that follow from the body.
TABLES: dict[str, dict[str, tuple[str, ...]]] = {
    "goals": {
        "organizations": (),
        "people": ("lookup",),
        "teams": ("parent", "deleted"),
        "cycles": ("parent",),
        "objectives": ("cycle", "owner", "state", "deleted"),
        "key_results": ("objective", "cycle", "owner", "deleted"),
        "score_summaries": (),
    },
    "checkins": {
        "check_ins": ("key_result", "effective_time", "create_time"),
        "corrections": (),
        "due_states": ("cycle", "owner", "due_time", "fire_time"),
    },
    "scoring": {
        "measurements": (),
        "grades": (),
        "objective_parts": (),
        "key_result_scores": (),
        "objective_scores": ("cycle",),
        "cycle_states": (),
    },
    "notifications": {"notifications": ("recipient", "create_time", "unread")},
}
SHARDS = 8


def shard_of(organization: str) -> int:
    """As the contract says: the first 4 bytes of SHA-256 of the id, modulo the number of shards."""
    return int.from_bytes(hashlib.sha256(organization.encode()).digest()[:4], "big") % SHARDS


@dataclass
class Event:
    """A row of an event log."""

    service: str
    shard: int
    position: int
    epoch: int
    id: str
    organization: str
    type: str
    subject: str
    version: int
    time: int  # Microseconds since 1970.
    actor: str
    request_id: str
    private: bool
    data: bytes  # A serialized google.protobuf.Any.

    @cached_property
    def payload(self) -> Any:
        return contracts().unpack(self.data)

    @property
    def place(self) -> str:
        return f"{self.service}-{self.shard} {self.epoch}-{self.position}"


@dataclass
class Row:
    """Of a table keyed by organization and name."""

    version: int
    body: bytes
    columns: dict[str, str] = field(default_factory=dict)


@dataclass
class Request:
    """The answer that was given under a request id."""

    method: str
    response: bytes


Key = tuple[str, str]  # Organization id and relative name, or request id.


@dataclass
class State:
    """Of a suite at rest."""

    heads: dict[tuple[str, int], tuple[int, int]] = field(
        default_factory=dict
    )  # Epoch and position, by service and shard.
    epochs: dict[tuple[str, int], list[tuple[int, int]]] = field(default_factory=dict)  # Epoch and first position.
    logs: dict[tuple[str, int], list[Event]] = field(default_factory=dict)
    streams: dict[tuple[str, int], list[tuple[str, bytes]]] = field(default_factory=dict)  # Entry id and event.
    requests: dict[str, dict[Key, Request]] = field(default_factory=dict)
    positions: dict[str, dict[tuple[str, int], tuple[int, int]]] = field(default_factory=dict)
    parked: dict[str, list[str]] = field(default_factory=dict)
    projections: dict[str, dict[Key, Row]] = field(default_factory=dict)
    tables: dict[str, dict[Key, Row]] = field(default_factory=dict)  # By "service.table".
    seals: dict[Key, int] = field(default_factory=dict)  # Version of the cycle, by cycle.

    def events(self, service: str) -> Iterator[Event]:
        """Of all shards, each in order."""
        for (of, _), log in self.logs.items():
            if of == service:
                yield from log

    def table(self, name: str) -> dict[Key, Row]:
        return self.tables.get(name, {})


def _key(row: list[str]) -> Key:
    return row[0], row[1]


def read_state(installation: Installation) -> State:
    """Not one snapshot: the suite must be at rest."""
    state = State()
    for service in SERVICES:
        _read_log(installation, service, state)
        _read_tables(installation, service, state)
    _read_streams(installation, state)
    state.seals = {
        _key(row): int(row[2])
        for row in installation.postgres.rows("SELECT organization_id, name, version FROM okr_checkins.cycle_seals")
    }
    return state


def _read_log(installation: Installation, service: str, state: State) -> None:
    rows = installation.postgres.rows
    schema = f"okr_{service}"
    for shard, epoch, position in rows(f"SELECT shard, epoch, position FROM {schema}.log_heads"):
        state.heads[(service, int(shard))] = (int(epoch), int(position))
        state.logs[(service, int(shard))] = []
    for shard, epoch, first in rows(
        f"SELECT shard, epoch, first_position FROM {schema}.log_epochs ORDER BY shard, first_position"
    ):
        state.epochs.setdefault((service, int(shard)), []).append((int(epoch), int(first)))
    for event in rows(
        "SELECT shard, position, epoch, event_id, organization_id, type, subject, subject_version, "
        "(extract(epoch FROM event_time) * 1000000)::bigint, actor, request_id, private::int, encode(data, 'hex') "
        f"FROM {schema}.event_log ORDER BY shard, position"
    ):
        state.logs[(service, int(event[0]))].append(
            Event(
                service,
                int(event[0]),
                int(event[1]),
                int(event[2]),
                event[3],
                event[4],
                event[5],
                event[6],
                int(event[7]),
                int(event[8]),
                event[9],
                event[10],
                event[11] == "1",
                bytes.fromhex(event[12]),
            )
        )


def _read_tables(installation: Installation, service: str, state: State) -> None:
    rows = installation.postgres.rows
    schema = f"okr_{service}"
    state.requests[service] = {
        _key(row): Request(row[2], bytes.fromhex(row[3]))
        for row in rows(f"SELECT organization_id, request_id, method, encode(response, 'hex') FROM {schema}.requests")
    }
    state.positions[service] = {
        (row[0], int(row[1])): (int(row[2]), int(row[3]))
        for row in rows(f"SELECT source, shard, epoch, position FROM {schema}.consumer_positions")
    }
    state.parked[service] = [
        " ".join(row) for row in rows(f"SELECT source, shard, position, subject, error FROM {schema}.parked_events")
    ]
    state.projections[service] = {
        _key(row): Row(int(row[2]), bytes.fromhex(row[3]), {"deleted": row[4], "lookup": row[5], "cycle": row[6]})
        for row in rows(
            f"SELECT organization_id, name, version, encode(body, 'hex'), deleted::int, lookup, cycle FROM {schema}.projection"
        )
    }
    for table, columns in TABLES[service].items():
        more = "".join(f", {column}" for column in columns)
        state.tables[f"{service}.{table}"] = {
            _key(row): Row(int(row[2]), bytes.fromhex(row[3]), dict(zip(columns, row[4:])))
            for row in rows(f"SELECT organization_id, name, version, encode(body, 'hex'){more} FROM {schema}.{table}")
        }


def _read_streams(installation: Installation, state: State) -> None:
    with installation.redis.connect() as redis:
        for service, shard in state.heads:
            entries: list[tuple[str, bytes]] = []
            after = "-"
            while page := redis.command("XRANGE", f"okr:{{{service}-{shard}}}:events", after, "+", "COUNT", 2000):
                entries += [(entry.decode(), fields[fields.index(b"e") + 1]) for entry, fields in page]
                after = f"({entries[-1][0]}"
            state.streams[(service, shard)] = entries
