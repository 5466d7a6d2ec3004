"""A checker that cannot fail is a defect: each kind of damage, done to a small consistent state, must be named."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from harness.checker import check_state
from harness.contracts import contracts
from harness.state import Row, State

from small_state import ACME, NOW, last_of, log_of

KEY_RESULT = ("acme", "objectives/grow/keyResults/k")
OBJECTIVE = ("acme", "objectives/grow")
CHECK_IN = ("acme", "objectives/grow/keyResults/k/checkIns/c2")


def rules(state: State) -> set[str]:
    return {violation.rule for violation in check_state(state, NOW)}


def test_a_sound_state_has_no_violations(state: State) -> None:
    assert [violation.describe() for violation in check_state(state, NOW)] == []


def change(row: Row, name: str, edit: Callable[[Any], None]) -> None:
    body = contracts().message(name).FromString(row.body)
    edit(body)
    row.body = body.SerializeToString()


def swap_stream(state: State) -> None:
    entries = state.streams[("goals", ACME)]
    entries[2], entries[3] = entries[3], entries[2]


def other_event_in_stream(state: State) -> None:
    entries = state.streams[("goals", ACME)]
    entries[3] = (entries[3][0], entries[2][1])


def check_in_behind_the_seal(state: State) -> None:
    last_of(state, "checkins", "CycleSealed").position = 0


def foreign_row(state: State) -> None:
    change(
        state.tables["goals.people"][("acme", "people/ann")],
        "okr.directory.v1.Person",
        lambda person: setattr(person, "name", "organizations/globex/people/ann"),
    )


def twice_told(state: State) -> None:
    event = copy.copy(log_of(state, "notifications")[0])
    event.position, event.version, event.id = 2, 2, "another"
    log_of(state, "notifications").append(event)


def invented_notification(state: State) -> None:
    rows = state.tables["notifications.notifications"]
    rows[("acme", "people/bob/notifications/x")] = Row(
        1, b"", {"recipient": "people/bob", "create_time": "0", "unread": "people/bob"}
    )


def forgotten_check_in(state: State) -> None:
    change(
        state.tables["scoring.measurements"][KEY_RESULT],
        "okr.scoring.stored.Measurements",
        lambda row: row.measurements.pop(),
    )


def counted_twice(state: State) -> None:
    change(
        state.tables["scoring.measurements"][KEY_RESULT],
        "okr.scoring.stored.Measurements",
        lambda row: row.measurements.append(row.measurements[0]),
    )


def corrected_twice(state: State) -> None:
    for key in (KEY_RESULT, ("acme", "objectives/sell/keyResults/k")):
        event = next(one for one in log_of(state, "checkins") if one.subject.endswith(f"{key[1]}/checkIns/c2"))
        payload = event.payload
        payload.check_in.corrects = "organizations/acme/objectives/grow/keyResults/k/checkIns/c1"


def _score(edit: Callable[[Any], None]) -> Callable[[State], None]:
    return lambda state: change(
        state.tables["scoring.key_result_scores"][KEY_RESULT], "okr.scoring.v1.KeyResultScore", edit
    )


def _objective_score(edit: Callable[[Any], None]) -> Callable[[State], None]:
    return lambda state: change(
        state.tables["scoring.objective_scores"][OBJECTIVE], "okr.scoring.v1.ObjectiveScore", edit
    )


def _due(edit: Callable[[Any], None]) -> Callable[[State], None]:
    return lambda state: change(state.tables["checkins.due_states"][KEY_RESULT], "okr.checkins.stored.DueState", edit)


DAMAGE: list[tuple[str, Callable[[State], object], str]] = [
    ("a hole in a log", lambda state: log_of(state, "goals").pop(3), "a log is contiguous"),
    (
        "an event beyond the head",
        lambda state: state.heads.update({("goals", ACME): (1_700_000_000, 3)}),
        "a log is contiguous",
    ),
    ("positions out of order", lambda state: log_of(state, "goals").reverse(), "a log is contiguous"),
    (
        "two events with one id",
        lambda state: setattr(log_of(state, "goals")[1], "id", log_of(state, "goals")[0].id),
        "event ids are unique",
    ),
    (
        "an event in a foreign shard",
        lambda state: setattr(log_of(state, "goals")[1], "organization", "acme-2"),
        "an organization has one shard",
    ),
    (
        "an event of another epoch",
        lambda state: setattr(log_of(state, "goals")[1], "epoch", 5),
        "a position belongs to its epoch",
    ),
    (
        "a second epoch",
        lambda state: state.epochs[("goals", ACME)].append((1_800_000_000, 4)),
        "a history goes on under its epoch",
    ),
    (
        "a version that falls",
        lambda state: setattr(last_of(state, "goals", "ObjectiveActivated"), "version", 1),
        "versions of a subject rise",
    ),
    (
        "a version left out",
        lambda state: setattr(last_of(state, "goals", "ObjectiveActivated"), "version", 3),
        "versions of a subject have no gap",
    ),
    ("an empty stream", lambda state: state.streams.update({("goals", ACME): []}), "a log is published"),
    ("a stream that ends early", lambda state: state.streams[("goals", ACME)].pop(), "a stream has no gap"),
    ("a stream out of order", swap_stream, "a stream has no gap"),
    ("another event in the stream", other_event_in_stream, "a stream is its log"),
    (
        "a stream longer than its log",
        lambda state: state.streams[("goals", ACME)].insert(0, ("1-0", b"")),
        "a stream is its log",
    ),
    (
        "a consumer that lags",
        lambda state: state.positions["scoring"].update({("goals", ACME): (1_700_000_000, 2)}),
        "a consumer comes to the head",
    ),
    ("a parked event", lambda state: state.parked["scoring"].append("goals 3 17"), "no event is parked"),
    ("a lost row", lambda state: state.tables["goals.objectives"].pop(OBJECTIVE), "every event has its row"),
    ("a lost check-in", lambda state: state.tables["checkins.check_ins"].pop(CHECK_IN), "every event has its row"),
    (
        "a row without an event",
        lambda state: state.tables["goals.people"].update({("acme", "people/eve"): Row(1, b"", {})}),
        "every row comes from an event",
    ),
    (
        "an old row",
        lambda state: setattr(state.tables["goals.objectives"][OBJECTIVE], "version", 1),
        "a row has the version of its last event",
    ),
    (
        "another content",
        lambda state: change(
            state.tables["goals.objectives"][OBJECTIVE],
            "okr.goals.v1.Objective",
            lambda row: setattr(row, "title", "other"),
        ),
        "a row holds what its last event says",
    ),
    (
        "a wrong index column",
        lambda state: state.tables["goals.objectives"][OBJECTIVE].columns.update(owner="people/bob"),
        "index columns follow from the body",
    ),
    ("a foreign row", foreign_row, "nothing of another organization"),
    (
        "a foreign event",
        lambda state: setattr(log_of(state, "goals")[1], "subject", "organizations/globex/people/ann"),
        "nothing of another organization",
    ),
    (
        "a stale projection",
        lambda state: setattr(state.projections["scoring"][OBJECTIVE], "version", 1),
        "a projection is its log",
    ),
    ("a missing projection", lambda state: state.projections["checkins"].pop(KEY_RESULT), "a projection is its log"),
    (
        "an invented projection",
        lambda state: state.projections["notifications"].update({("acme", "teams/x"): Row(1, b"")}),
        "a projection is its log",
    ),
    (
        "an old summary",
        lambda state: setattr(state.tables["goals.score_summaries"][KEY_RESULT], "version", 0),
        "goals shows the last score",
    ),
    ("a check-in not counted", forgotten_check_in, "scoring counts every check-in"),
    ("a check-in counted twice", counted_twice, "scoring counts every check-in"),
    (
        "an old due time",
        lambda state: change(
            state.tables["scoring.measurements"][KEY_RESULT],
            "okr.scoring.stored.Measurements",
            lambda row: setattr(row, "due_time", 7),
        ),
        "scoring knows what is due next",
    ),
    (
        "a lost grade",
        lambda state: state.tables["scoring.grades"].update({KEY_RESULT: Row(1, b"")}),
        "the last grade stands",
    ),
    ("a check-in corrected twice", corrected_twice, "a check-in is corrected once"),
    (
        "a forgotten correction",
        lambda state: state.tables["checkins.corrections"].update({CHECK_IN: Row(1, b"x")}),
        "corrections are those that were told",
    ),
    (
        "an untracked key result",
        _due(lambda row: setattr(row, "is_tracked", False)),
        "due states follow from the schedule",
    ),
    (
        "a wrong due time",
        _due(lambda row: setattr(row, "due_time", row.due_time + 1)),
        "due states follow from the schedule",
    ),
    ("told too early", _due(lambda row: setattr(row, "stage", 2)), "due states follow from the schedule"),
    (
        "no due state",
        lambda state: state.tables["checkins.due_states"].pop(KEY_RESULT),
        "every key result has its due state",
    ),
    ("a check-in behind the seal", check_in_behind_the_seal, "no check-in stands behind the seal of its cycle"),
    (
        "no seal",
        lambda state: state.logs[("checkins", ACME)].remove(last_of(state, "checkins", "CycleSealed")),
        "a cycle is sealed once",
    ),
    ("a forgotten seal", lambda state: state.seals.pop(("acme", "cycles/old")), "checkins remembers its seal"),
    (
        "not told as scored",
        lambda state: log_of(state, "scoring").remove(last_of(state, "scoring", "CycleScored")),
        "a closed cycle is scored once",
    ),
    (
        "scored, but not stored",
        lambda state: state.tables["scoring.cycle_states"].pop(("acme", "cycles/old")),
        "scoring knows how far the close has come",
    ),
    (
        "a score after the last",
        lambda state: setattr(last_of(state, "scoring", "CycleScored"), "position", 0),
        "final scores never change",
    ),
    (
        "a provisional score of a closed cycle",
        lambda state: setattr(
            next(one for one in log_of(state, "scoring") if "past/keyResults" in one.subject).payload.score, "state", 1
        ),
        "a closed cycle's scores are final",
    ),
    (
        "a wrong progress",
        _score(lambda row: setattr(row, "progress", row.progress + 1e-9)),
        "scores are those of docs/scoring.md",
    ),
    ("a wrong status", _score(lambda row: setattr(row, "status", 4)), "scores are those of docs/scoring.md"),
    ("a wrong pace", _score(lambda row: setattr(row, "expected", 0.5)), "scores are those of docs/scoring.md"),
    (
        "a score of another check-in",
        _score(lambda row: setattr(row, "check_in", row.check_in[:-1] + "1")),
        "scores are those of docs/scoring.md",
    ),
    ("a final score too early", _score(lambda row: setattr(row, "state", 2)), "scores are those of docs/scoring.md"),
    (
        "a wrong roll-up",
        _objective_score(lambda row: setattr(row, "progress", 0.375)),
        "scores are those of docs/scoring.md",
    ),
    ("a wrong count", _objective_score(lambda row: row.status_counts.pop()), "scores are those of docs/scoring.md"),
    (
        "no score of a key result",
        lambda state: state.tables["scoring.key_result_scores"].pop(KEY_RESULT),
        "every key result has a score",
    ),
    (
        "no score of an objective",
        lambda state: state.tables["scoring.objective_scores"].pop(OBJECTIVE),
        "every objective has a score",
    ),
    ("nobody told", lambda state: state.tables["notifications.notifications"].clear(), "who must be told is told"),
    ("told twice", twice_told, "nobody is told twice"),
    ("told for no reason", invented_notification, "a notification tells of an event, to one who may be told"),
]


@pytest.mark.parametrize(("damage", "rule"), [pytest.param(one[1], one[2], id=one[0]) for one in DAMAGE])
def test_damage_is_named(state: State, damage: Callable[[State], object], rule: str) -> None:
    damage(state)
    assert rule in rules(state)
