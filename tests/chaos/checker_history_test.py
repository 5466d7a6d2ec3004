"""What clients were told, against a small consistent state that is right or spoiled."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from harness.check_history import check_causes, check_operations
from harness.check_inboxes import check_reads_marked
from harness.check_logs import check_followers
from harness.contracts import contracts
from harness.followers import Follower
from harness.history import Operation, Outcome
from harness.state import Event, Request, State
from harness.watchers import Watcher, check_watchers

from small_state import ACME, last_of, log_of, message


def operation(
    outcome: Outcome, event: Event, method: str, response: Any = None, tokens: str = "", **request: Any
) -> Operation:
    body = contracts().methods[method].request(**request).SerializeToString()
    return Operation(
        1,
        "client",
        method,
        "acme",
        "ann",
        event.request_id,
        body,
        0.0,
        1.0,
        [],
        outcome,
        response.SerializeToString() if response is not None else b"",
        tokens,
    )


def found(state: State, one: Operation) -> set[str]:
    return {violation.rule for violation in check_operations(state, [one])}


@pytest.fixture(name="created")
def _created(state: State) -> Event:
    event = last_of(state, "checkins", "CheckInCreated")
    state.requests["checkins"][("acme", event.request_id)] = Request(
        "CreateCheckIn", event.payload.check_in.SerializeToString()
    )
    return event


def test_an_acknowledged_write_that_is_there_is_right(state: State, created: Event) -> None:
    tokens = f"checkins:{created.epoch}:{created.shard}:{created.position}"
    assert not found(state, operation(Outcome.ACKNOWLEDGED, created, "CreateCheckIn", created.payload.check_in, tokens))


def test_an_unknown_write_may_be_there_or_not(state: State, created: Event) -> None:
    assert not found(state, operation(Outcome.UNKNOWN, created, "CreateCheckIn"))
    log_of(state, "checkins").remove(created)
    state.requests["checkins"].clear()
    assert not found(state, operation(Outcome.UNKNOWN, created, "CreateCheckIn"))


def test_a_lost_write_is_named(state: State, created: Event) -> None:
    log_of(state, "checkins").remove(created)
    one = operation(Outcome.ACKNOWLEDGED, created, "CreateCheckIn", created.payload.check_in)
    assert "an acknowledged write is there" in found(state, one)
    state.requests["checkins"].clear()
    assert "an acknowledged write is there" in found(state, one)


def test_half_a_write_is_named(state: State, created: Event) -> None:
    one = operation(Outcome.UNKNOWN, created, "CreateCheckIn")
    state.requests["checkins"].clear()
    assert "a write and its request id are stored together" in found(state, one)
    state.requests["checkins"][("acme", created.request_id)] = Request("CreateCheckIn", b"")
    log_of(state, "checkins").remove(created)
    assert "a write and its events are stored together" in found(state, one)


def test_a_write_that_happened_twice_is_named(state: State, created: Event) -> None:
    log_of(state, "checkins").append(copy.copy(created))
    assert "a write happens once" in found(state, operation(Outcome.UNKNOWN, created, "CreateCheckIn"))


def test_a_refused_write_that_is_there_is_named(state: State, created: Event) -> None:
    assert "what was refused changed nothing" in found(state, operation(Outcome.REFUSED, created, "CreateCheckIn"))


def test_a_validated_write_that_is_there_is_named(state: State, created: Event) -> None:
    one = operation(Outcome.ACKNOWLEDGED, created, "CreateCheckIn", created.payload.check_in, validate_only=True)
    assert "what was refused changed nothing" in found(state, one)


def test_a_write_that_nobody_asked_for_is_named(state: State, created: Event) -> None:
    one = operation(Outcome.ACKNOWLEDGED, created, "CreateCheckIn", created.payload.check_in)
    unasked = {violation.subject for violation in check_causes(state, [one])}
    assert log_of(state, "goals")[0].place in unasked and created.place not in unasked


def test_another_answer_than_the_stored_one_is_named(state: State, created: Event) -> None:
    answer = message("okr.checkins.v1.CheckIn", name="other")
    rules_found = found(state, operation(Outcome.ACKNOWLEDGED, created, "CreateCheckIn", answer))
    assert {"the answer that was given is the stored one", "the event holds what was acknowledged"} <= rules_found


def test_a_consistency_token_before_the_write_is_named(state: State, created: Event) -> None:
    tokens = f"checkins:{created.epoch}:{created.shard}:{created.position - 1}"
    one = operation(Outcome.ACKNOWLEDGED, created, "CreateCheckIn", created.payload.check_in, tokens)
    assert "the consistency token covers the write" in found(state, one)


def test_an_unread_notification_that_was_marked_is_named(state: State) -> None:
    (_, name), _ = next(iter(state.tables["notifications.notifications"].items()))
    one = operation(
        Outcome.ACKNOWLEDGED,
        log_of(state, "goals")[0],
        "MarkNotificationsRead",
        parent="organizations/acme/people/ann",
        names=[f"organizations/acme/{name}"],
    )
    assert [violation.rule for violation in check_reads_marked(state, [one])] == ["an acknowledged write is there"]
    state.tables["notifications.notifications"][("acme", name)].columns["unread"] = ""
    assert not list(check_reads_marked(state, [one]))


@pytest.mark.parametrize(
    "damage",
    [
        lambda seen: seen.pop(1),
        lambda seen: seen.append(seen[-1]),
        lambda seen: seen.reverse(),
        lambda seen: seen.pop(),
    ],
    ids=["gap", "repeat", "disorder", "early end"],
)
def test_a_subscriber_that_saw_something_else_is_named(
    state: State, damage: Callable[[list[tuple[int, str]]], object]
) -> None:
    follower = Follower("goals", ACME, seen=[(event.position, event.id) for event in log_of(state, "goals")])
    assert not list(check_followers(state, [follower]))
    damage(follower.seen)
    assert [violation.rule for violation in check_followers(state, [follower])] == [
        "a subscriber sees each event once, in order"
    ]


def test_a_subscriber_of_an_organization_sees_its_own_and_nothing_private(state: State) -> None:
    log_of(state, "goals")[2].private = True
    own = [(event.position, event.id) for event in log_of(state, "goals") if event.organization == "acme"]
    follower = Follower("goals", ACME, "acme", seen=own)
    assert list(check_followers(state, [follower]))
    del follower.seen[2]
    assert not list(check_followers(state, [follower]))


@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        (lambda seen: seen.pop(), "a watcher sees the last change of everything"),
        (lambda seen: seen.append(seen[-1]), "a watcher sees each change once, in order"),
        (lambda seen: seen.append((999, "organizations/globex/objectives/grow")), "a watcher sees changes that were"),
        (lambda seen: seen.reverse(), "a watcher sees each change once, in order"),
    ],
    ids=["early end", "repeat", "foreign", "disorder"],
)
def test_a_watcher_that_saw_something_else_is_named(
    state: State, damage: Callable[[list[tuple[int, str]]], object], rule: str
) -> None:
    scores = [
        event for event in log_of(state, "scoring") if event.organization == "acme" and event.type.endswith("Changed")
    ]
    watcher = Watcher("acme", 0, seen=[(event.position, event.subject) for event in scores])
    assert not list(check_watchers(state, [watcher]))
    damage(watcher.seen)
    assert rule in {violation.rule for violation in check_watchers(state, [watcher])}


def test_a_watcher_without_any_answer_is_named(state: State) -> None:
    assert [violation.rule for violation in check_watchers(state, [Watcher("acme")])] == [
        "a watcher is told of changes"
    ]
