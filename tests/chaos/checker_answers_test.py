"""Answers of the services against a small consistent state: a list that is cut, doubled, out of order or wrong is named, and so
is a report that is."""

from collections.abc import Callable
from typing import Any

import pytest
from harness.api import Answer, Identity
from harness.arithmetic import ObjectiveNumbers
from harness.check_answers import check_answers
from harness.check_reports import aggregate_fields, check_reports, verdict
from harness.check_scores import Scores
from harness.contracts import contracts
from harness.facts import read_books
from harness.state import State

from small_state import ACME, message

TABLES = {
    "ListPeople": ("people", "goals.people"),
    "ListTeams": ("teams", "goals.teams"),
    "ListCycles": ("cycles", "goals.cycles"),
    "ListObjectives": ("objectives", "goals.objectives"),
    "ListKeyResults": ("key_results", "goals.key_results"),
}


class FakeSuite:
    """Answers by the state, a page at a time, after `spoil` had its way with each answer."""

    def __init__(self, state: State, spoil: Callable[[str, Any], object] = lambda method, answer: None) -> None:
        self._state = state
        self._spoil = spoil
        self.random = self
        self.installation = self
        self.options = self
        self.replicas = 2

    def randrange(self, most: int) -> int:
        return most - 1

    def read(self, method: str, request: Any, who: Identity, tokens: str = "", replica: str = "") -> Answer:
        assert not tokens
        answer = contracts().methods[method].response()
        self._fill(method, request, who, answer, replica)
        self._spoil(method, answer)
        return Answer("OK", message=answer)

    def _fill(self, method: str, request: Any, who: Identity, answer: Any, replica: str) -> None:
        if method in TABLES:
            field, table = TABLES[method]
            self._page(request, answer, field, table, who.organization, lambda key, row: key)
        elif method == "ListCheckIns":
            below = request.parent.split("/", 2)[2].removesuffix("/keyResults/-")
            self._page(
                request,
                answer,
                "check_ins",
                "checkins.check_ins",
                who.organization,
                lambda key, row: -int(row.columns["effective_time"]),
                lambda key: key[1].startswith(below + "/"),
            )
        elif method == "ListNotifications":
            person = request.parent.split("/", 2)[2]
            rows = self._page(
                request,
                answer,
                "notifications",
                "notifications.notifications",
                who.organization,
                lambda key, row: -int(row.columns["create_time"]),
                lambda key: key[1].startswith(person + "/"),
            )
            answer.unread_count = sum(bool(row.columns["unread"]) for row in rows)
        elif method == "ListEvents":
            log = self._state.logs[(replica.split("-")[0], ACME)]
            for event in log[request.after.position : request.after.position + 10]:
                answer.events.add(id=event.id, position={"position": event.position})
            answer.last.position = min(len(log), request.after.position + 10)

    def _page(
        self,
        request: Any,
        answer: Any,
        field: str,
        table: str,
        organization: str,
        order: Callable[[Any, Any], Any],
        wanted: Callable[[Any], bool] = lambda key: True,
    ) -> list[Any]:
        rows = [(key, row) for key, row in self._state.table(table).items() if key[0] == organization and wanted(key)]
        rows.sort(key=lambda one: order(*one))
        begin = int(request.page_token or 0)
        for _, row in rows[begin : begin + 2]:
            added = getattr(answer, field).add()
            added.ParseFromString(row.body)
            if "etag" in added.DESCRIPTOR.fields_by_name:
                added.etag = f'"{row.version}"'
        if begin + 2 < len(rows):
            answer.next_page_token = str(begin + 2)
        return [row for _, row in rows]


def rules(state: State, spoil: Callable[[str, Any], object] = lambda method, answer: None) -> set[str]:
    return {violation.rule for violation in check_answers(FakeSuite(state, spoil), state, ["acme"])}  # type: ignore[arg-type]


def only(method: str, spoil: Callable[[Any], object]) -> Callable[[str, Any], None]:
    def spoil_it(of: str, answer: Any) -> None:
        if of == method:
            spoil(answer)

    return spoil_it


def test_right_answers_are_right(state: State) -> None:
    assert not rules(state)


def _reverse(answer: Any) -> None:
    first = type(answer.objectives[0]).FromString(answer.objectives[0].SerializeToString())
    answer.objectives.pop(0)
    answer.objectives.append(first)


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (only("ListPeople", lambda answer: answer.people.pop()), "a list is whole, with each once"),
        (
            only("ListObjectives", lambda answer: answer.ClearField("next_page_token")),
            "a list is whole, with each once",
        ),
        (only("ListCycles", lambda answer: answer.cycles.append(answer.cycles[0])), "a list is whole, with each once"),
        (only("ListCheckIns", lambda answer: answer.check_ins.pop()), "a list is whole, with each once"),
        (
            only("ListNotifications", lambda answer: answer.ClearField("notifications")),
            "a list is whole, with each once",
        ),
        (only("ListObjectives", _reverse), "a list has its order"),
        (
            only("ListTeams", lambda answer: setattr(answer.teams[0], "display_name", "other")),
            "an answer is what is stored",
        ),
        (
            only("ListKeyResults", lambda answer: setattr(answer.key_results[0], "etag", '"9"')),
            "an answer is what is stored",
        ),
        (
            only("ListNotifications", lambda answer: setattr(answer, "unread_count", 7)),
            "unread notifications are counted",
        ),
        (only("ListEvents", lambda answer: answer.events and answer.events.pop(0)), "the log is served as it is"),
    ],
)
def test_a_wrong_answer_is_named(state: State, spoil: Callable[[str, Any], object], rule: str) -> None:
    assert rule in rules(state, spoil)


class FakeReports:
    """Gives the same report for the closed cycle, and says that there is no other."""

    def __init__(self, report: Any) -> None:
        self._report = report

    def read(self, method: str, request: Any, who: Identity) -> Answer:
        assert method == "GetCycleReport" and who.subject == "admin"
        return Answer("OK", message=self._report)


def report_rules(state: State, **organization: Any) -> set[str]:
    """Of the report of the closed cycle, in which one person owns one objective."""
    books = read_books(state)
    scores = Scores(state, books)
    assert not list(scores.check())
    report = message("okr.scoring.v1.CycleReport", organization=organization, final=True)
    found = check_reports(FakeReports(report), books, scores, ["acme"])  # type: ignore[arg-type]
    return {violation.rule for violation in found if violation.subject.endswith("cycles/old")}


def test_a_right_report_is_right(state: State) -> None:
    assert not report_rules(state, withheld=True, objective_count=1, scored_count=1)


def test_a_wrong_count_is_named(state: State) -> None:
    assert "reports are those of docs/scoring.md" in report_rules(
        state, withheld=True, objective_count=2, scored_count=1
    )


def test_numbers_of_too_few_people_are_named(state: State) -> None:
    assert "too small a group is withheld" in report_rules(state, objective_count=1, scored_count=1, mean_score=0.0)


def test_aggregates_have_the_numbers_worked_out_by_hand() -> None:
    def objective(name: str, score: float, **fields: Any) -> tuple[Any, ObjectiveNumbers, int]:
        made = message("okr.goals.v1.Objective", name=name, state=fields.pop("state", 4), **fields)
        return made, ObjectiveNumbers(progress=score / 2, score=score, status=5), 2

    fields = aggregate_fields(
        [
            objective("a", 0.6),
            objective("b", 0.7),
            objective("c", 0.65),
            objective("d", 0.0, commitment=1),
            objective("e", 1.0, state=5),
        ]
    )
    assert fields["mean_score"] == pytest.approx((0.6 + 0.7 + 0.65) / 4, abs=1e-12)
    assert fields["mean_progress"] == pytest.approx((0.6 + 0.7 + 0.65) / 8, abs=1e-12)
    assert (fields["objective_count"], fields["scored_count"], fields["retired_count"]) == (4, 4, 1)
    assert fields["bands"] == {1: 1, 2: 2, 3: 1}
    assert (fields["verdict"], fields["missed"]) == (3, ["d"])


def test_verdicts_are_those_worked_out_by_hand() -> None:
    assert [verdict([score] * 3) for score in (0.29, 0.3, 0.6, 0.7, 0.71, 0.9, 0.95)] == [1, 2, 3, 3, 4, 4, 5]
    assert verdict([0.6, 0.7]) == 0
