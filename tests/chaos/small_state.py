"""A small suite at rest, as the checker reads one: two organizations, a running and a closed cycle, check-ins, scores and
notifications, all consistent. Tests spoil one thing of it at a time."""

import datetime
from typing import Any

from harness.arithmetic import NANOS, evaluate
from harness.check_history import RESOURCES, relative
from harness.check_inboxes import ALIGNED, notification_id
from harness.check_scores import key_result_fields, objective_fields, Scores
from harness.contracts import contracts
from harness.due_dates import DueDates
from harness.facts import read_books
from harness.state import SHARDS, TABLES, Event, Row, State, shard_of

EPOCH = 1_700_000_000
NOW = 1_790_000_000  # When everything was evaluated; the running cycle lies about it.
_TODAY = datetime.datetime.fromtimestamp(NOW, datetime.timezone.utc).date()
NEVER = str(2**63 - 1)


def message(kind: str, /, **fields: Any) -> Any:
    return contracts().message(kind)(**fields)


def _date(days: int) -> dict[str, int]:
    day = _TODAY + datetime.timedelta(days=days)
    return {"year": day.year, "month": day.month, "day": day.day}


def _at(seconds: int) -> dict[str, int]:
    return {"seconds": seconds}


class SmallSuite:
    """Writes logs first, then everything that follows from them."""

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
        event = Event(service, shard_of(organization), len(log) + 1, EPOCH, f"0190-{number:08d}", organization, kind, subject,
                      self._versions[key], (NOW - 5000 + number) * 1_000_000, actor, f"request-{number}", False,
                      wrapped.SerializeToString())
        log.append(event)
        return event

    def goals(self, kind: str, resource: Any, actor: str = "", **more: Any) -> Event:
        """An event of goals, with the state of the resource as it is after it."""
        payload = {"Organization": "OrganizationEvent", "Person": "PersonEvent", "Team": "TeamEvent", "Cycle": "CycleEvent",
                   "Objective": "ObjectiveEvent", "KeyResult": "KeyResultEvent"}[resource.DESCRIPTOR.name]
        self._resources[resource.name] = resource
        body = message(f"okr.events.v1.{payload}", **{RESOURCES[payload][0]: resource}, **more)
        return self.tell("goals", kind, resource.name, body, actor)

    def directory(self, organization: str) -> str:
        name = f"organizations/{organization}"
        self.goals("okr.directory.v1.OrganizationCreated", message(
            "okr.directory.v1.Organization", name=name, display_name=organization, time_zone="Europe/Berlin", default_roll_up=1))
        for person in ("ann", "bob"):
            self.goals("okr.directory.v1.PersonCreated", message(
                "okr.directory.v1.Person", name=f"{name}/people/{person}", display_name=person, subject=person, state=1))
        self.goals("okr.directory.v1.TeamCreated", message(
            "okr.directory.v1.Team", name=f"{name}/teams/sales", display_name="Sales",
            members=[{"person": f"{name}/people/bob", "role": 2}]))
        return name

    def cycle(self, name: str, state: int, first: int, last: int) -> Any:
        cycle = message("okr.directory.v1.Cycle", name=name, display_name="cycle", start_date=_date(first), end_date=_date(last),
                        check_in_schedule={"cadence": 1, "weekday": 5, "grace": {"seconds": 86400}}, state=1)
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
                    self.tell("checkins", "okr.checkins.v1.CycleSealed", cycle.name,
                              message("okr.events.v1.CycleSealedEvent", cycle=cycle.name), version=event.version)
                    self.state.seals[(event.organization, relative(cycle.name))] = event.version
        return cycle

    def objective(self, name: str, cycle: str, state: int = 3, **fields: Any) -> Any:
        objective = message("okr.goals.v1.Objective", name=name, title="aim", cycle=cycle, state=1, visibility=1, **fields)
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
        made = message("okr.checkins.v1.CheckIn", name=f"{key_result.name}/checkIns/{identity}", cycle=key_result.cycle,
                       author=f"{key_result.name.split('/objectives/')[0]}/people/ann", effective_time=_at(NOW - ago),
                       create_time=_at(NOW - ago), **fields)
        cycle = self._resources[key_result.cycle]
        due = DueDates(cycle, key_result, "Europe/Berlin").first_after(
            DueDates(cycle, key_result, "Europe/Berlin").first_after((NOW - ago) * NANOS) or 0)
        payload = message("okr.events.v1.CheckInEvent", check_in=made)
        if due is not None:
            payload.next_due_time.seconds = due // NANOS
        self.tell("checkins", "okr.checkins.v1.CheckInCreated", made.name, payload, actor=made.author)
        key = (made.name.split("/")[1], relative(made.name))
        self.state.tables["checkins.check_ins"][key] = Row(1, made.SerializeToString(), {
            "key_result": relative(key_result.name), "effective_time": str((NOW - ago) * 10**6), "create_time": str((NOW - ago) * 10**6)})
        return made

    # What follows.

    def finish(self) -> State:
        self._tables_of_goals()
        books = read_books(self.state)
        self._measure(books)
        self._due_states(books)
        self._score(books)
        self._inboxes()
        for place, log in self.state.logs.items():
            self.state.heads[place] = (EPOCH, len(log))
            self.state.streams[place] = [(f"{EPOCH}-{event.position}", _published(event)) for event in log]
        for service, sources in (("goals", ("scoring",)), ("checkins", ("goals",)), ("scoring", ("goals", "checkins")),
                                 ("notifications", ("goals", "checkins", "scoring"))):
            self.state.positions[service] = {place: head for place, head in self.state.heads.items() if place[0] in sources}
        return self.state

    def _tables_of_goals(self) -> None:
        for event in self.state.events("goals"):
            payload = event.payload
            field, table = RESOURCES[payload.DESCRIPTOR.name]
            resource = getattr(payload, field)
            key = (event.organization, relative(resource.name))
            kind = resource.DESCRIPTOR.name
            owner = relative(resource.owner) if kind in ("Objective", "KeyResult") and resource.owner else ""
            columns = {"Person": {"lookup": getattr(resource, "subject", "")}, "Team": {"parent": "", "deleted": "0"},
                       "Cycle": {"parent": ""}, "Organization": {}}.get(kind)
            if columns is None:
                columns = {"cycle": relative(resource.cycle), "owner": owner, "deleted": "0"}
                columns |= {"state": str(resource.state)} if kind == "Objective" else {"objective": key[1].split("/keyResults/")[0]}
            self.state.tables[f"goals.{table}"][key] = Row(event.version, resource.SerializeToString(), columns)
            projected = {"deleted": "0", "lookup": resource.subject if kind == "Person" else "",
                         "cycle": relative(resource.cycle) if kind in ("Objective", "KeyResult") else ""}
            for service in ("checkins", "scoring", "notifications"):
                self.state.projections[service][key] = Row(event.version, resource.SerializeToString(), dict(projected))

    def _measure(self, books: Any) -> None:
        for key, (epoch, position, due) in books.next_due.items():
            row = message("okr.scoring.stored.Measurements", due_epoch=epoch, due_position=position)
            if due is not None:
                row.due_time = due // 1000
            for one in sorted(books.check_ins[key], key=lambda check_in: check_in.name):
                row.measurements.add(check_in=one.name.rsplit("/", 1)[1], effective_time=one.effective_time.seconds * 10**6,
                                     create_time=one.create_time.seconds * 10**6, value=one.value, author=one.author)
            self.state.tables["scoring.measurements"][key] = Row(1, row.SerializeToString())

    def _due_states(self, books: Any) -> None:
        for key, resource in books.resources.items():
            if resource.DESCRIPTOR.name != "KeyResult":
                continue
            facts = books.facts(key)
            row = message("okr.checkins.stored.DueState", has_check_ins=bool(facts.check_ins))
            columns = {"cycle": "", "owner": "", "due_time": NEVER, "fire_time": NEVER}
            if facts.cycle.state == 2:
                dates = DueDates(facts.cycle, facts.key_result, facts.zone)
                satisfied = max(dates.first_after(one.effective_time.seconds * NANOS) for one in facts.check_ins)
                due = dates.first_after(satisfied)
                row.is_tracked, row.satisfied_time, row.due_time, row.grace = True, satisfied // 1000, due // 1000, 86400 * 10**6
                columns |= {"due_time": str(due // 1000), "fire_time": str(due // 1000)}
            self.state.tables["checkins.due_states"][key] = Row(1, row.SerializeToString(), columns)

    def _score(self, books: Any) -> None:
        scores = Scores(self.state, books)
        for key, resource in books.resources.items():
            if resource.DESCRIPTOR.name == "KeyResult":
                scores.numbers[key] = evaluate(books.facts(key), NOW * NANOS)
                fields = {name: value for name, value in key_result_fields(scores.numbers[key]).items() if value is not None}
                score = message("okr.scoring.v1.KeyResultScore", key_result=resource.name, cycle=resource.cycle, update_time=_at(NOW), **fields)
                self._tell_score("KeyResultScore", key, score)
        for key, resource in books.resources.items():
            if resource.DESCRIPTOR.name == "Objective":
                state = 2 if "old" in resource.cycle else 1
                fields = objective_fields(scores.evaluate_objective(key, resource), state)
                counts = [{"status": status, "count": count} for status, count in fields.pop("status_counts").items()]
                score = message("okr.scoring.v1.ObjectiveScore", objective=resource.name, cycle=resource.cycle, update_time=_at(NOW),
                                status_counts=counts, **{name: value for name, value in fields.items() if value is not None})
                self._tell_score("ObjectiveScore", key, score)
        for key in books.sealed:
            name = f"organizations/{key[0]}/{key[1]}"
            self.tell("scoring", "okr.scoring.v1.CycleScored", name, message("okr.events.v1.CycleScoredEvent", cycle=name))
            self.state.tables["scoring.cycle_states"][key] = Row(2, message("okr.scoring.stored.CycleState", sealed=True,
                                                                           scored=True).SerializeToString())

    def _tell_score(self, kind: str, key: tuple[str, str], score: Any) -> None:
        event = self.tell("scoring", f"okr.scoring.v1.{kind}Changed", f"organizations/{key[0]}/{key[1]}",
                          message(f"okr.events.v1.{kind}Event", score=score))
        table = "key_result_scores" if kind.startswith("Key") else "objective_scores"
        columns = {} if kind.startswith("Key") else {"cycle": relative(score.cycle)}
        self.state.tables[f"scoring.{table}"][key] = Row(event.version, score.SerializeToString(), columns)
        summary = message("okr.goals.v1.ScoreSummary", status=score.status, score_state=score.state, update_time=_at(NOW))
        for name in ("progress", "score"):
            if score.HasField(name):
                setattr(summary, name, getattr(score, name))
        self.state.tables["goals.score_summaries"][key] = Row(event.version, summary.SerializeToString())

    def _inboxes(self) -> None:
        """Bob's objective serves Ann's: she is told."""
        for event in list(self.state.events("goals")):
            payload = event.payload
            if not event.type.endswith("ObjectiveCreated") or not payload.objective.alignments:
                continue
            ann = f"organizations/{event.organization}/people/ann"
            name = f"{ann}/notifications/{notification_id(event.id, ann, ALIGNED)}"
            told = message("okr.notifications.v1.Notification", name=name, kind=ALIGNED, title="served", create_time=_at(NOW))
            self.tell("notifications", "okr.notifications.v1.NotificationCreated", name,
                      message("okr.events.v1.NotificationEvent", notification=told))
            self.state.tables["notifications.notifications"][(event.organization, relative(name))] = Row(1, told.SerializeToString(), {
                "recipient": "people/ann", "create_time": str(NOW * 10**6), "unread": "people/ann"})


def _published(event: Event) -> bytes:
    return message("okr.events.v1.Event", id=event.id, type=event.type, organization=f"organizations/{event.organization}",
                   subject=event.subject, subject_version=event.version, actor=event.actor, request_id=event.request_id,
                   private=event.private, data=message("google.protobuf.Any").FromString(event.data), time={"seconds": event.time // 10**6},
                   position={"source": event.service, "epoch": event.epoch, "shard": event.shard, "position": event.position}).SerializeToString()


def small_state() -> State:
    """Consistent."""
    suite = SmallSuite()
    for organization in ("acme", "globex"):
        name = suite.directory(organization)
        old = suite.cycle(f"{name}/cycles/old", 1, -200, -100)
        suite.objective(f"{name}/objectives/past", old.name, state=4, owner=f"{name}/people/ann", commitment=1)
        past = suite.key_result(f"{name}/objectives/past/keyResults/k", old.name, metric={"baseline": 0.0, "target": 10.0})
        suite.check_in(past, "c1", 150 * 86400, value=9.0)
        suite.move(old, 4)
        now = suite.cycle(f"{name}/cycles/now", 2, -30, 60)
        suite.objective(f"{name}/objectives/grow", now.name, owner=f"{name}/people/ann", roll_up=2)
        suite.objective(f"{name}/objectives/sell", now.name, owner=f"{name}/teams/sales",
                        alignments=[{"parent": f"{name}/objectives/grow", "weight": 2.0}])
        for objective in ("grow", "sell"):
            made = suite.key_result(f"{name}/objectives/{objective}/keyResults/k", now.name, metric={"baseline": 0.0, "target": 80.0})
            suite.check_in(made, "c1", 3 * 86400, value=20.0)
            suite.check_in(made, "c2", 86400, value=30.0 if objective == "grow" else 60.0)
    return suite.finish()
