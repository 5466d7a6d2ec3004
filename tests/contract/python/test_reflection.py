"""What each process says of itself by reflection."""

import pytest

EXPECTED = {
    "goals": {"okr.directory.v1.DirectoryService", "okr.goals.v1.GoalsService"},
    "checkins": {"okr.checkins.v1.CheckinsService"},
    "scoring": {"okr.scoring.v1.ScoringService"},
    "notifications": {"okr.notifications.v1.NotificationsService"},
}
EVERYWHERE = {"okr.events.v1.EventLogService", "grpc.health.v1.Health"}


@pytest.mark.parametrize("process", EXPECTED)
def test_lists_its_services(process, request):
    assert EXPECTED[process] | EVERYWHERE <= request.getfixturevalue(process).services()


@pytest.mark.parametrize("process", EXPECTED)
def test_serves_by_the_health_protocol(process, request):
    service = request.getfixturevalue(process)
    for name in EXPECTED[process] | {""}:
        assert service.call("grpc.health.v1.Health/Check", service=name) == {"status": "SERVING"}
