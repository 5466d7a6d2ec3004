"""The checker's own arithmetic against the numbers that were worked out by hand in tests/cases."""

import csv
import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from harness.arithmetic import (
    AT_RISK,
    COMMITTED,
    LEARNING,
    NANOS,
    OFF_TRACK,
    STALE,
    Aligned,
    Facts,
    Numbers,
    counted,
    end_of_day,
    evaluate,
    evaluate_objective,
    rounded,
    start_of_day,
)
from harness.contracts import contracts
from harness.due_dates import DueDates

CASES = Path(__file__).parents[1] / "cases"
COMMITMENTS = {"COMMITTED": 1, "ASPIRATIONAL": 2, "LEARNING": 3}
BANDS = {"LIMITED": 1, "PARTIAL": 2, "DELIVERED": 3}


def message(kind: str, /, **fields: Any) -> Any:
    return contracts().message(kind)(**fields)


def day(year: int, month: int, number: int) -> dict[str, int]:
    return {"year": year, "month": month, "day": number}


def at(text: str) -> int:
    return int(datetime.datetime.fromisoformat(text + "+00:00").timestamp()) * NANOS


def cycle(**fields: Any) -> Any:
    return message(
        "okr.directory.v1.Cycle", name="c", state=2, start_date=day(2026, 6, 1), end_date=day(2026, 6, 30), **fields
    )


def check_in(name: str, text: str, created: str = "", **fields: Any) -> Any:
    return message(
        "okr.checkins.v1.CheckIn",
        name=name,
        effective_time={"seconds": at(text) // NANOS},
        create_time={"seconds": at(created or text) // NANOS},
        **fields,
    )


def facts(key_result: Any, *check_ins: Any, **fields: Any) -> Facts:
    return Facts(
        key_result,
        message("okr.goals.v1.Objective", name="o", state=3, commitment=2),
        cycle(),
        "UTC",
        check_ins,
        **fields,
    )


def _key_result(row: dict[str, str]) -> tuple[Any, dict[str, Any]]:
    def given(*names: str) -> dict[str, float]:
        return {name: float(row[name]) for name in names if row[name]}

    commitment = COMMITMENTS[row["commitment"]]
    if row["kind"] == "METRIC":
        return message(
            "okr.goals.v1.KeyResult", name="k", commitment=commitment, metric=given("baseline", "target")
        ), given("value")
    if row["kind"] == "MAINTAIN":
        return message(
            "okr.goals.v1.KeyResult", name="k", commitment=commitment, maintain=given("lower", "upper")
        ), given("value")
    steps = [(f"m{index}", *step.split(":")) for index, step in enumerate(row["milestones"].split(";"))]
    made = message(
        "okr.goals.v1.KeyResult",
        name="k",
        commitment=commitment,
        milestones={"milestones": [{"id": name, "weight": float(weight)} for name, weight, _ in steps]},
    )
    return made, {"milestones_done": {"ids": [name for name, _, state in steps if state == "done"]}}


with open(CASES / "scoring_key_results.csv", encoding="utf-8") as _file:
    KEY_RESULTS = list(csv.DictReader(_file))


@pytest.mark.parametrize("row", KEY_RESULTS, ids=[row["case"] for row in KEY_RESULTS])
def test_key_results_have_the_numbers_worked_out_by_hand(row: dict[str, str]) -> None:
    key_result, measured = _key_result(row)
    check_ins = [check_in("k/checkIns/c", "2026-06-10T00:00", **measured)] if measured else []
    numbers = evaluate(facts(key_result, *check_ins), at("2026-06-20T00:00"))
    assert numbers.progress == pytest.approx(float(row["progress"]), abs=1e-12)
    assert numbers.score == pytest.approx(float(row["score"]), abs=1e-12)
    assert numbers.raw == (pytest.approx(float(row["raw_progress"]), abs=1e-12) if row["raw_progress"] else None)


ROLL_UPS = [
    one for one in yaml.safe_load((CASES / "scoring_rollups.yaml").read_text(encoding="utf-8")) if "key_results" in one
]


def _part(part: dict[str, Any], index: int, commitment: int) -> Numbers:
    numbers = Numbers(f"k{index}", part.get("weight", 1.0), done=part.get("done", False))
    numbers.commitment = COMMITMENTS.get(part.get("commitment", ""), commitment)
    numbers.progress = part.get("score", part.get("progress", 1.0 if numbers.done else 0.0))
    numbers.score = None if numbers.commitment == LEARNING else numbers.progress
    if numbers.commitment == COMMITTED:
        numbers.score = float(numbers.done)
    numbers.left_out = (
        "NOT_APPLICABLE" if part.get("grade") == "NOT_APPLICABLE" else "UNGRADED" if numbers.score is None else ""
    )
    return numbers


@pytest.mark.parametrize("case", ROLL_UPS, ids=[case["case"] for case in ROLL_UPS])
def test_objectives_have_the_numbers_worked_out_by_hand(case: dict[str, Any]) -> None:
    commitment = COMMITMENTS[case["commitment"]]
    parts = [_part(part, index, commitment) for index, part in enumerate(case["key_results"])]
    aligned = [
        Aligned(f"o{index}", part.get("weight", 1.0), part["progress"], True)
        for index, part in enumerate(case.get("aligned", ()))
    ]
    numbers = evaluate_objective(commitment, parts, aligned, 2)
    if "score" in case:
        assert numbers.score == (None if case["score"] is None else pytest.approx(case["score"], abs=1e-12))
        assert numbers.band == (BANDS[case["band"]] if "band" in case else 0)
        assert numbers.incomplete == case.get("incomplete", False)
    if "progress" in case:
        assert numbers.progress == pytest.approx(case["progress"], abs=1e-12)


def test_thresholds_round_half_away_from_zero() -> None:
    assert rounded((0.7 + 0.7 + 0.7) / 3) == 0.7
    assert rounded(0.6999999994) == 0.699999999
    assert rounded(0.6999999996) == 0.7


def test_days_begin_in_the_zone() -> None:
    assert start_of_day(datetime.date(2026, 3, 29), "Europe/Berlin") == at("2026-03-28T23:00")
    assert end_of_day(datetime.date(2026, 3, 29), "Europe/Berlin") == at("2026-03-29T22:00")
    # Midnight was left out there, and on another day it came twice.
    assert start_of_day(datetime.date(2018, 11, 4), "America/Sao_Paulo") == at("2018-11-04T03:00")
    assert start_of_day(datetime.date(2026, 11, 1), "America/Havana") == at("2026-11-01T04:00")


def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    first = check_in("k/checkIns/a", "2026-06-02T00:00", value=1.0)
    later = check_in("k/checkIns/b", "2026-06-05T00:00", value=2.0)
    fixed = check_in("k/checkIns/c", "2026-06-02T00:00", "2026-06-09T00:00", value=3.0, corrects="k/checkIns/a")
    assert [one.check_in.value for one in counted([first, later, fixed])] == [3.0, 2.0]


def test_what_was_observed_after_the_due_date_does_not_count() -> None:
    late = check_in("k/checkIns/a", "2026-06-12T00:00", value=1.0)
    assert not counted([late], at("2026-06-12T00:00"))


def test_pace() -> None:
    key_result = message("okr.goals.v1.KeyResult", name="k", metric={"baseline": 0.0, "target": 10.0})
    given = facts(key_result, check_in("k/checkIns/a", "2026-06-10T00:00", value=3.0))
    assert evaluate(given, at("2026-06-02T00:00")).attainment == 1.0
    assert evaluate(given, at("2026-06-16T00:00")).status == AT_RISK
    assert evaluate(given, at("2026-06-28T00:00")).status == OFF_TRACK
    given.next_due = at("2026-06-13T00:00")
    assert evaluate(given, at("2026-06-16T00:00")).status == AT_RISK
    assert evaluate(given, at("2026-06-16T00:01")).status == STALE


def test_due_dates() -> None:
    key_result = message("okr.goals.v1.KeyResult", name="k")

    def all_of(**schedule: Any) -> list[str]:
        dates = DueDates(cycle(check_in_schedule=schedule), key_result, "UTC")
        found = []
        due = dates.first_after(0)
        while due is not None:
            found.append(datetime.datetime.fromtimestamp(due // NANOS, datetime.timezone.utc).date().isoformat())
            due = dates.first_after(due)
        return found

    assert all_of() == ["2026-06-06", "2026-06-13", "2026-06-20", "2026-06-27"]
    assert all_of(cadence=2, weekday=1) == ["2026-06-09", "2026-06-23"]
    assert all_of(cadence=3, weekday=1) == ["2026-06-30"]
