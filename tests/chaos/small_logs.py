"""Writes event logs as the services would, for small_state.py."""

import datetime
from typing import Any

from harness.arithmetic import NANOS
from harness.check_history import RESOURCES, relative
from harness.contracts import contracts
from harness.due_dates import DueDates
from harness.state import SHARDS, TABLES, Event, Row, State, shard_of

EPOCH = 1_700_000_000
NOW = 1_790_000_000  # When everything was evaluated; the running cycle lies about it.
_TODAY = datetime.datetime.fromtimestamp(NOW, datetime.timezone.utc).date()


def message(kind: str, /, **fields: Any) -> Any:
    return contracts().message(kind)(**fields)


def _date(days: int) -> dict[str, int]:
    day = _TODAY + datetime.timedelta(days=days)
    return {"year": day.year, "month": day.month, "day": day.day}


def at(seconds: int) -> dict[str, int]:
    return {"seconds": seconds}


class SmallLogs:
    """One event after the other; only the tables of check-ins and seals are written beside them."""

    def __init__(self) -> None:
        self.state = State()
        for service in TABLES:
            for shard in range(SHARDS):
                self.state.logs[(service, shard)] = []
                self.state.epochs[(service, shard)] = [(EPOCH, 1)]
            self.state.requests[service] = {}
            self.state.positions[service] = {}
            self.state.parked[service] = []
            self.state.projections[service] = {}
            for table in TABLES[service]:
                self.state.tables[f"{service}.{table}"] = {}
        self._versions: dict[str, int] = {}
        self._resources: dict[str, Any] = {}

    def tell(self, service: str, kind: str, subject: str, payload: Any, actor: str = "", version: int = 0) -> Event:
        """The next event of the log."""
        organization = subject.split("/")[1]
        log = self.state.logs[(service, shard_of(organization))]
        wrapped = message("google.protobuf.Any")
        wrapped.Pack(payload)
        key = f"{service} {subject}"
        self._versions[key] = version or self._versions.get(key, 0) + 1
        number = sum(len(one) for one in self.state.logs.values())
        event = Event(
            service,
            shard_of(organization),
            len(log) + 1,
            EPOCH,
            f"0190-{number:08d}",
            organization,
            kind,
            subject,
            self._versions[key],
            (NOW - 5000 + number) * 1_000_000,
            actor,
            f"request-{number}",
            False,
            wrapped.SerializeToString(),
        )
        log.append(event)
        return event

    def goals(self, kind: str, resource: Any, actor: str = "", **more: Any) -> Event:
        """An event of goals, with the state of the resource as it is after it."""
        payload = {
            "Organization": "OrganizationEvent",
            "Person": "PersonEvent",
            "Team": "TeamEvent",
            "Cycle": "CycleEvent",
            "Objective": "ObjectiveEvent",
            "KeyResult": "KeyResultEvent",
        }[resource.DESCRIPTOR.name]
        self._resources[resource.name] = resource
        body = message(f"okr.events.v1.{payload}", **{RESOURCES[payload][0]: resource}, **more)
        return self.tell("goals", kind, resource.name, body, actor)

    def directory(self, organization: str) -> str:
        name = f"organizations/{organization}"
        self.goals(
            "okr.directory.v1.OrganizationCreated",
            message(
                "okr.directory.v1.Organization",
                name=name,
                display_name=organization,
                time_zone="Europe/Berlin",
                default_roll_up=1,
            ),
        )
        for person in ("ann", "bob"):
            self.goals(
                "okr.directory.v1.PersonCreated",
                message(
                    "okr.directory.v1.Person",
                    name=f"{name}/people/{person}",
                    display_name=person,
                    subject=person,
                    state=1,
                ),
            )
        self.goals(
            "okr.directory.v1.TeamCreated",
            message(
                "okr.directory.v1.Team",
                name=f"{name}/teams/sales",
                display_name="Sales",
                members=[{"person": f"{name}/people/bob", "role": 2}],
            ),
        )
        return name

    def cycle(self, name: str, state: int, first: int, last: int) -> Any:
        cycle = message(
            "okr.directory.v1.Cycle",
            name=name,
            display_name="cycle",
            start_date=_date(first),
            end_date=_date(last),
            check_in_schedule={"cadence": 1, "weekday": 5, "grace": {"seconds": 86400}},
            state=1,
        )
        self.goals("okr.directory.v1.CycleCreated", cycle)
        return self.move(cycle, state) if state > 1 else cycle

    def move(self, cycle: Any, state: int) -> Any:
        """Step by step; checkins seals it on the way."""
        for step, kind in ((2, "CycleActivated"), (3, "CycleGradingOpened"), (4, "CycleClosed")):
            if cycle.state < step <= state:
                cycle = type(cycle).FromString(cycle.SerializeToString())
                cycle.state = step
                event = self.goals(f"okr.directory.v1.{kind}", cycle)
                if step == 3:
                    self.tell(
                        "checkins",
                        "okr.checkins.v1.CycleSealed",
                        cycle.name,
                        message("okr.events.v1.CycleSealedEvent", cycle=cycle.name),
                        version=event.version,
                    )
                    self.state.seals[(event.organization, relative(cycle.name))] = event.version
        return cycle

    def objective(self, name: str, cycle: str, state: int = 3, **fields: Any) -> Any:
        objective = message(
            "okr.goals.v1.Objective", name=name, title="aim", cycle=cycle, state=1, visibility=1, **fields
        )
        self.goals("okr.goals.v1.ObjectiveCreated", objective)
        active = type(objective).FromString(objective.SerializeToString())
        active.state = state
        self.goals("okr.goals.v1.ObjectiveActivated", active)
        return active

    def key_result(self, name: str, cycle: str, **fields: Any) -> Any:
        key_result = message("okr.goals.v1.KeyResult", name=name, title="outcome", cycle=cycle, state=1, **fields)
        self.goals("okr.goals.v1.KeyResultCreated", key_result)
        return key_result

    def check_in(self, key_result: Any, identity: str, ago: int, **fields: Any) -> Any:
        made = message(
            "okr.checkins.v1.CheckIn",
            name=f"{key_result.name}/checkIns/{identity}",
            cycle=key_result.cycle,
            author=f"{key_result.name.split('/objectives/')[0]}/people/ann",
            effective_time=at(NOW - ago),
            create_time=at(NOW - ago),
            **fields,
        )
        cycle = self._resources[key_result.cycle]
        due = DueDates(cycle, key_result, "Europe/Berlin").first_after(
            DueDates(cycle, key_result, "Europe/Berlin").first_after((NOW - ago) * NANOS) or 0
        )
        payload = message("okr.events.v1.CheckInEvent", check_in=made)
        if due is not None:
            payload.next_due_time.seconds = due // NANOS
        self.tell("checkins", "okr.checkins.v1.CheckInCreated", made.name, payload, actor=made.author)
        key = (made.name.split("/")[1], relative(made.name))
        self.state.tables["checkins.check_ins"][key] = Row(
            1,
            made.SerializeToString(),
            {
                "key_result": relative(key_result.name),
                "effective_time": str((NOW - ago) * 10**6),
                "create_time": str((NOW - ago) * 10**6),
            },
        )
        return made
