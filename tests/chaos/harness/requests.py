"""Requests with random contents, sensible and not."""

import datetime
import random
import time
from typing import Any

from .contracts import contracts
from .world import Known, World

_WORDS = ("grow", "learn", "ship", "delight", "simplify", "retain", "hire", "measure", "speed", "trust")
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Auckland")
ASPIRATIONAL, COMMITTED, LEARNING = 2, 1, 3


def make(method: str, /, **fields: Any) -> Any:
    """The request of a method."""
    return contracts().methods[method].request(**fields)


def words(rng: random.Random, count: int = 3) -> str:
    return " ".join(rng.choice(_WORDS) for _ in range(count))


def _date(day: datetime.date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}


def new_id(rng: random.Random, prefix: str) -> str:
    return f"{prefix}-{rng.getrandbits(48):012x}"


def organization(world: World, rng: random.Random) -> Any:
    return make(
        "CreateOrganization",
        organization_id=world.organization,
        organization={"display_name": words(rng, 2), "time_zone": rng.choice(ZONES)},
        administrator={"display_name": "Admin", "subject": "admin"},
    )


def person(world: World, rng: random.Random, contended: bool = False) -> Any:
    """With `contended` another one may want the same subject, at the same moment: then one of them is refused."""
    identity = new_id(rng, "p")
    subject = f"contended-{rng.randrange(8)}" if contended else identity
    return make(
        "CreatePerson",
        parent=world.name,
        person_id=identity,
        person={"display_name": words(rng, 2), "subject": subject, "email": f"{identity}@example.test"},
    )


def _some_people(world: World, rng: random.Random, most: int) -> list[str]:
    with world.lock:
        names = list(world.people)
    return rng.sample(names, min(len(names), rng.randint(0, most)))


def team(world: World, rng: random.Random) -> Any:
    parent = world.pick(world.teams, rng) if rng.random() < 0.4 else None
    members = [{"person": name, "role": rng.choice((1, 2))} for name in _some_people(world, rng, 6)]
    return make(
        "CreateTeam",
        parent=world.name,
        team_id=new_id(rng, "t"),
        team={"display_name": words(rng, 2), "parent": parent.name if parent else "", "members": members},
    )


def cycle(world: World, rng: random.Random) -> Any:
    """One that runs for a while already and goes on for a while: check-ins are allowed all over it."""
    today = datetime.datetime.now(datetime.timezone.utc).date()
    start = today - datetime.timedelta(days=rng.randint(20, 80))
    end = today + datetime.timedelta(days=rng.randint(3, 60))
    schedule = {
        "cadence": rng.choice((1, 1, 2, 3)),
        "weekday": rng.randint(1, 7),
        "grace": {"seconds": rng.choice((0, 86400, 259200, 864000))},
    }
    return make(
        "CreateCycle",
        parent=world.name,
        cycle_id=new_id(rng, "c"),
        cycle={
            "display_name": words(rng, 2),
            "start_date": _date(start),
            "end_date": _date(end),
            "check_in_schedule": schedule,
        },
    )


def _owner(world: World, rng: random.Random) -> str:
    known = world.pick(world.teams if rng.random() < 0.5 else world.people, rng) or world.pick(world.people, rng)
    return known.name if known else world.name + "/people/admin"


def objective(world: World, rng: random.Random, in_cycle: Known) -> Any:
    owner = _owner(world, rng)
    fields: dict[str, Any] = {
        "title": words(rng),
        "owner": owner,
        "cycle": in_cycle.name,
        "commitment": rng.choice((0, ASPIRATIONAL, ASPIRATIONAL, COMMITTED, LEARNING)),
        "roll_up": rng.choice((0, 1, 2, 2)),
    }
    if "/people/" in owner and rng.random() < 0.3:
        fields["visibility"] = 2
        fields["shared_with"] = _some_people(world, rng, 3)
    parent = world.pick_of_cycle(world.objectives, rng, (1, 2)) if rng.random() < 0.3 else None
    if parent is not None and parent.message.cycle == in_cycle.name:
        fields["alignments"] = [alignment(parent.name, rng)]
    return make("CreateObjective", parent=world.name, objective_id=new_id(rng, "o"), objective=fields)


def alignment(parent: str, rng: random.Random) -> dict[str, Any]:
    fields: dict[str, Any] = {"parent": parent}
    if rng.random() < 0.5:
        fields["weight"] = rng.choice((0.1, 0.5, 2.0, 3.7))
    return fields


def kind(rng: random.Random) -> dict[str, Any]:
    """What a key result measures."""
    choice = rng.random()
    if choice < 0.6:
        metric: dict[str, Any] = {"unit": "x"}
        if rng.random() < 0.8:
            metric["baseline"] = round(rng.uniform(-50, 50), 2)
        if rng.random() < 0.8 or metric.get("baseline") == 0.0:
            metric["target"] = round(rng.uniform(60, 200) * rng.choice((1, -1)), 2)
        else:
            metric["target_change_percent"] = rng.choice((40.0, -25.0, 12.5))
        return {"metric": metric}
    if choice < 0.8:
        ends: dict[str, Any] = {"unit": "ms"}
        if rng.random() < 0.8:
            ends["lower"] = round(rng.uniform(-20, 20), 1)
        if rng.random() < 0.8 or "lower" not in ends:
            ends["upper"] = round(rng.uniform(30, 90), 1)
        return {"maintain": ends}
    steps = [
        {"id": f"m{index}", "title": words(rng)}
        | ({"weight": rng.choice((0.3, 2.0, 5.5))} if rng.random() < 0.5 else {})
        for index in range(rng.randint(1, 6))
    ]
    return {"milestones": {"milestones": steps}}


def key_result(world: World, rng: random.Random, of: Known) -> Any:
    fields: dict[str, Any] = {"title": words(rng), **kind(rng), "commitment": rng.choice((0, 0, 0, 1, 2, 3))}
    if rng.random() < 0.5:
        fields["weight"] = rng.choice((0.5, 1.5, 2.0, 0.1))
    if rng.random() < 0.3:
        fields["owner"] = _owner(world, rng)
    if rng.random() < 0.2:
        with world.lock:
            in_cycle = world.cycles.get(of.message.cycle)
        if in_cycle is not None:
            end = in_cycle.message.end_date
            fields["due_date"] = _date(
                datetime.date(end.year, end.month, end.day) - datetime.timedelta(days=rng.randint(0, 15))
            )
    return make("CreateKeyResult", parent=of.name, key_result_id=new_id(rng, "k"), key_result=fields)


def _measurement(rng: random.Random, of: Any) -> dict[str, Any]:
    which = of.WhichOneof("kind")
    if which == "milestones":
        ids = [step.id for step in of.milestones.milestones]
        return {"milestones_done": {"ids": rng.sample(ids, rng.randint(0, len(ids)))}}
    if which == "metric":
        goal = of.metric.target if of.metric.HasField("target") else 100.0
        return {"value": rng.choice((goal, round(rng.uniform(-60, 210), 3), round(rng.uniform(-60, 210), 3), 0.0))}
    return {"value": round(rng.uniform(-40, 120), 2)}


def check_in(world: World, rng: random.Random, of: Known) -> Any:
    fields: dict[str, Any] = {}
    if rng.random() < 0.9:
        fields |= _measurement(rng, of.message)
    if rng.random() < 0.6:
        fields["confidence"] = rng.choice((0.0, 0.1, 0.35, 0.5, 0.9, 1.0))
    with world.lock:
        is_first = of.name not in world.check_ins
    # History that is written down late: then the next one may be due already.
    if rng.random() < (0.5 if is_first else 0.25):
        seconds = int(time.time()) - rng.randint(0, 40 * 86400)
        fields["effective_time"] = {"seconds": seconds, "nanos": rng.randrange(10**6) * 1000}
    if rng.random() < 0.1:
        fields["stated_status"] = {"status": rng.choice((1, 2, 5)), "reason": words(rng)}
    if rng.random() < 0.1:
        fields["blockers"] = [{"text": words(rng), "help_from": rng.choice(("", _owner(world, rng)))}]
    if rng.random() < 0.1 and not {"effective_time"} & fields.keys():
        with world.lock:
            names = list(world.check_ins.get(of.name, ()))
        if names:
            fields |= {"corrects": rng.choice(names), "correction_reason": words(rng)}
    fields["note"] = words(rng)
    return make(
        "CreateCheckIn", parent=of.name, check_in_id=new_id(rng, "i") if rng.random() < 0.5 else "", check_in=fields
    )


def grade(rng: random.Random, of: Known) -> Any:
    if rng.random() < 0.15:
        return make(
            "GradeKeyResult", name=of.name, grade={"not_applicable": True, "reason": words(rng), "lesson": words(rng)}
        )
    score = rng.choice((0.0, 1.0, 1.0, round(rng.random(), 3)))
    return make("GradeKeyResult", name=of.name, grade={"score": score, "reason": words(rng), "lesson": words(rng)})


def etag_of(rng: random.Random, known: Known) -> str:
    """The one last seen, none, or one that is certainly stale."""
    choice = rng.random()
    return known.message.etag if choice < 0.6 else "" if choice < 0.9 else '"0"'


def spoil(rng: random.Random, request: Any) -> None:
    """Makes some field wrong: the service must refuse, and change nothing."""
    texts = [
        field
        for field, value in request.ListFields()
        if field.type == field.TYPE_STRING and not field.is_repeated and field.name not in ("request_id", "etag")
    ]
    messages = [
        value
        for field, value in request.ListFields()
        if field.type == field.TYPE_MESSAGE and not field.is_repeated and "title" in value.DESCRIPTOR.fields_by_name
    ]
    if messages and rng.random() < 0.5:
        rng.choice(messages).title = "x" * 201
    elif texts:
        setattr(request, rng.choice(texts).name, "no//name " + "x" * 70)
