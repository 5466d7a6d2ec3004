"""One objective from its creation to its events, by reflection only."""

import datetime

import pytest

DIRECTORY = "okr.directory.v1.DirectoryService"
GOALS = "okr.goals.v1.GoalsService"
CHECKINS = "okr.checkins.v1.CheckinsService"
SCORING = "okr.scoring.v1.ScoringService"
EVENTS = "okr.events.v1.EventLogService"


def date(days):
    day = datetime.date.today() + datetime.timedelta(days)
    return {"year": day.year, "month": day.month, "day": day.day}


@pytest.fixture(scope="module")
def cycle(goals, organization):
    made = goals.call(f"{DIRECTORY}/CreateCycle", parent=organization, cycleId="python-cycle", cycle={
        "displayName": "Python cycle", "startDate": date(-30), "endDate": date(60)})
    return goals.call(f"{DIRECTORY}/ActivateCycle", name=made["name"])["name"]


@pytest.fixture(scope="module")
def objective(goals, organization, cycle):
    me = goals.call(f"{DIRECTORY}/GetPerson", name=f"{organization}/people/me")["name"]
    made = goals.call(f"{GOALS}/CreateObjective", parent=organization, objectiveId="python-objective", objective={
        "title": "Speak to it from Python", "owner": me, "cycle": cycle})
    return made["name"]


@pytest.fixture(scope="module")
def key_result(goals, objective):
    made = goals.call(f"{GOALS}/CreateKeyResult", parent=objective, keyResultId="calls", keyResult={
        "title": "Calls that work", "metric": {"baseline": 0, "target": 200, "unit": "calls"}})
    goals.call(f"{GOALS}/ActivateObjective", name=objective)
    return made["name"]


@pytest.fixture(scope="module")
def check_in(checkins, key_result):
    return checkins.call(f"{CHECKINS}/CreateCheckIn", parent=key_result,
                         checkIn={"value": 50, "note": "A quarter of the way"})


def test_a_created_key_result_can_be_checked_in_at_once(check_in, key_result):
    assert check_in["name"].startswith(key_result + "/checkIns/")
    assert check_in["value"] == 50


def test_the_score_of_the_key_result_follows(scoring, check_in, key_result, eventually):
    score = eventually(lambda: scoring.call(f"{SCORING}/GetKeyResultScore", name=key_result),
                       lambda seen: seen.get("checkIn") == check_in["name"])
    assert score["progress"] == pytest.approx(0.25)
    assert score["progressExplanation"]["result"] == pytest.approx(0.25)


def test_the_progress_of_the_objective_follows(scoring, check_in, objective, eventually):
    eventually(lambda: scoring.call(f"{SCORING}/GetObjectiveScore", name=objective),
               lambda seen: seen.get("progress") == pytest.approx(0.25))


def test_the_objective_shows_its_progress(goals, check_in, objective, eventually):
    eventually(lambda: goals.call(f"{GOALS}/GetObjective", name=objective),
               lambda seen: seen.get("scoreSummary", {}).get("progress") == pytest.approx(0.25))


def test_the_event_of_the_check_in_can_be_subscribed(checkins, check_in, organization):
    events = checkins.stream(f"{EVENTS}/Subscribe", fromBeginning=True, filter={
        "organization": organization, "types": ["okr.checkins.v1.CheckInCreated"]})
    event = next(answer["event"] for answer in events if "event" in answer)
    assert event["subject"] == check_in["name"]
    assert event["data"]["checkIn"]["note"] == "A quarter of the way"
