"""A small suite at rest, as the checker reads one: two organizations of one shard, a running and a closed cycle, check-ins,
scores and notifications, all consistent. Tests spoil one thing of it at a time."""

from typing import Any

from harness.arithmetic import NANOS, evaluate
from harness.check_history import RESOURCES, relative
from harness.check_inboxes import ALIGNED, notification_id
from harness.check_scores import Scores, key_result_fields, objective_fields
from harness.due_dates import DueDates
from harness.facts import read_books
from harness.state import Event, Row, State, shard_of

from small_logs import EPOCH, NOW, SmallLogs, at, message

ACME = shard_of("acme")
NEVER = str(2**63 - 1)


def log_of(state: State, service: str) -> list[Event]:
    return state.logs[(service, ACME)]


def last_of(state: State, service: str, kind: str) -> Event:
    """Of acme, whose shard globex shares."""
    return [event for event in log_of(state, service) if event.type.endswith(kind) and event.organization == "acme"][-1]


class SmallSuite(SmallLogs):
    """Everything that follows from the logs."""

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
        for service, sources in (
            ("goals", ("scoring",)),
            ("checkins", ("goals",)),
            ("scoring", ("goals", "checkins")),
            ("notifications", ("goals", "checkins", "scoring")),
        ):
            self.state.positions[service] = {
                place: head for place, head in self.state.heads.items() if place[0] in sources
            }
        return self.state

    def _tables_of_goals(self) -> None:
        for event in self.state.events("goals"):
            payload = event.payload
            field, table = RESOURCES[payload.DESCRIPTOR.name]
            resource = getattr(payload, field)
            key = (event.organization, relative(resource.name))
            kind = resource.DESCRIPTOR.name
            owner = relative(resource.owner) if kind in ("Objective", "KeyResult") and resource.owner else ""
            columns = {
                "Person": {"lookup": getattr(resource, "subject", "")},
                "Team": {"parent": "", "deleted": "0"},
                "Cycle": {"parent": ""},
                "Organization": {},
            }.get(kind)
            if columns is None:
                columns = {"cycle": relative(resource.cycle), "owner": owner, "deleted": "0"}
                columns |= (
                    {"state": str(resource.state)}
                    if kind == "Objective"
                    else {"objective": key[1].split("/keyResults/")[0]}
                )
            self.state.tables[f"goals.{table}"][key] = Row(event.version, resource.SerializeToString(), columns)
            projected = {
                "deleted": "0",
                "lookup": resource.subject if kind == "Person" else "",
                "cycle": relative(resource.cycle) if kind in ("Objective", "KeyResult") else "",
            }
            for service in ("checkins", "scoring", "notifications"):
                self.state.projections[service][key] = Row(event.version, resource.SerializeToString(), dict(projected))

    def _measure(self, books: Any) -> None:
        for key, (epoch, position, due) in books.next_due.items():
            row = message("okr.scoring.stored.Measurements", due_epoch=epoch, due_position=position)
            if due is not None:
                row.due_time = due // 1000
            for one in sorted(books.check_ins[key], key=lambda check_in: check_in.name):
                row.measurements.add(
                    check_in=one.name.rsplit("/", 1)[1],
                    effective_time=one.effective_time.seconds * 10**6,
                    create_time=one.create_time.seconds * 10**6,
                    value=one.value,
                    author=one.author,
                )
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
                satisfied = max(dates.first_after(one.effective_time.seconds * NANOS) or 0 for one in facts.check_ins)
                due = dates.first_after(satisfied) or 0
                row.is_tracked, row.satisfied_time, row.due_time, row.grace = (
                    True,
                    satisfied // 1000,
                    due // 1000,
                    86400 * 10**6,
                )
                columns |= {"due_time": str(due // 1000), "fire_time": str(due // 1000)}
            self.state.tables["checkins.due_states"][key] = Row(1, row.SerializeToString(), columns)

    def _score(self, books: Any) -> None:
        scores = Scores(self.state, books)
        for key, resource in books.resources.items():
            if resource.DESCRIPTOR.name == "KeyResult":
                scores.numbers[key] = evaluate(books.facts(key), NOW * NANOS)
                fields = {
                    name: value for name, value in key_result_fields(scores.numbers[key]).items() if value is not None
                }
                score = message(
                    "okr.scoring.v1.KeyResultScore",
                    key_result=resource.name,
                    cycle=resource.cycle,
                    update_time=at(NOW),
                    **fields,
                )
                self._tell_score("KeyResultScore", key, score)
        for key, resource in books.resources.items():
            if resource.DESCRIPTOR.name == "Objective":
                state = 2 if "old" in resource.cycle else 1
                fields = objective_fields(scores.evaluate_objective(key, resource), state)
                counts = [{"status": status, "count": count} for status, count in fields.pop("status_counts").items()]
                score = message(
                    "okr.scoring.v1.ObjectiveScore",
                    objective=resource.name,
                    cycle=resource.cycle,
                    update_time=at(NOW),
                    status_counts=counts,
                    **{name: value for name, value in fields.items() if value is not None},
                )
                self._tell_score("ObjectiveScore", key, score)
        for key in books.sealed:
            name = f"organizations/{key[0]}/{key[1]}"
            self.tell(
                "scoring", "okr.scoring.v1.CycleScored", name, message("okr.events.v1.CycleScoredEvent", cycle=name)
            )
            self.state.tables["scoring.cycle_states"][key] = Row(
                2, message("okr.scoring.stored.CycleState", sealed=True, scored=True).SerializeToString()
            )

    def _tell_score(self, kind: str, key: tuple[str, str], score: Any) -> None:
        event = self.tell(
            "scoring",
            f"okr.scoring.v1.{kind}Changed",
            f"organizations/{key[0]}/{key[1]}",
            message(f"okr.events.v1.{kind}Event", score=score),
        )
        table = "key_result_scores" if kind.startswith("Key") else "objective_scores"
        columns = {} if kind.startswith("Key") else {"cycle": relative(score.cycle)}
        self.state.tables[f"scoring.{table}"][key] = Row(event.version, score.SerializeToString(), columns)
        summary = message(
            "okr.goals.v1.ScoreSummary", status=score.status, score_state=score.state, update_time=at(NOW)
        )
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
            told = message(
                "okr.notifications.v1.Notification", name=name, kind=ALIGNED, title="served", create_time=at(NOW)
            )
            self.tell(
                "notifications",
                "okr.notifications.v1.NotificationCreated",
                name,
                message("okr.events.v1.NotificationEvent", notification=told),
            )
            self.state.tables["notifications.notifications"][(event.organization, relative(name))] = Row(
                1,
                told.SerializeToString(),
                {"recipient": "people/ann", "create_time": str(NOW * 10**6), "unread": "people/ann"},
            )


def _published(event: Event) -> bytes:
    return message(
        "okr.events.v1.Event",
        id=event.id,
        type=event.type,
        organization=f"organizations/{event.organization}",
        subject=event.subject,
        subject_version=event.version,
        actor=event.actor,
        request_id=event.request_id,
        private=event.private,
        data=message("google.protobuf.Any").FromString(event.data),
        time={"seconds": event.time // 10**6},
        position={"source": event.service, "epoch": event.epoch, "shard": event.shard, "position": event.position},
    ).SerializeToString()


def small_state() -> State:
    """Consistent."""
    suite = SmallSuite()
    for organization in ("acme", "globex"):
        name = suite.directory(organization)
        old = suite.cycle(f"{name}/cycles/old", 1, -200, -100)
        suite.objective(f"{name}/objectives/past", old.name, state=4, owner=f"{name}/people/ann", commitment=1)
        past = suite.key_result(
            f"{name}/objectives/past/keyResults/k", old.name, metric={"baseline": 0.0, "target": 10.0}
        )
        suite.check_in(past, "c1", 150 * 86400, value=9.0)
        suite.move(old, 4)
        now = suite.cycle(f"{name}/cycles/now", 2, -30, 60)
        suite.objective(f"{name}/objectives/grow", now.name, owner=f"{name}/people/ann", roll_up=2)
        suite.objective(
            f"{name}/objectives/sell",
            now.name,
            owner=f"{name}/teams/sales",
            alignments=[{"parent": f"{name}/objectives/grow", "weight": 2.0}],
        )
        for objective in ("grow", "sell"):
            made = suite.key_result(
                f"{name}/objectives/{objective}/keyResults/k", now.name, metric={"baseline": 0.0, "target": 80.0}
            )
            suite.check_in(made, "c1", 3 * 86400, value=20.0)
            suite.check_in(made, "c2", 86400, value=30.0 if objective == "grow" else 60.0)
    return suite.finish()
