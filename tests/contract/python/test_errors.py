"""Errors as a client without generated code reads them."""

import os

import grpc

from errors import refused
from reflection import Service

GOALS = "okr.goals.v1.GoalsService"


def test_unknown_names_are_not_found(goals, organization):
    with refused() as error:
        goals.call(f"{GOALS}/GetObjective", name=f"{organization}/objectives/no-such")
    assert error.code == grpc.StatusCode.NOT_FOUND
    assert error.reason == "RESOURCE_NOT_FOUND"


def test_all_wrong_fields_are_named_at_once(goals, organization):
    with refused() as error:
        goals.call(f"{GOALS}/CreateObjective", parent=organization, objective={
            "title": "", "owner": "nobody", "cycle": "never"})
    assert error.code == grpc.StatusCode.INVALID_ARGUMENT
    assert error.reason == "INVALID_FIELDS"
    assert {"objective.title", "objective.owner", "objective.cycle"} <= error.fields


def test_a_call_without_a_token_is_refused(organization):
    with Service(os.environ["OKR_GOALS"]) as stranger, refused() as error:
        stranger.call(f"{GOALS}/ListObjectives", parent=organization)
    assert error.code == grpc.StatusCode.UNAUTHENTICATED
    assert error.reason == "TOKEN_MISSING"


def test_another_organization_is_refused(goals):
    with refused() as error:
        goals.call(f"{GOALS}/ListObjectives", parent="organizations/somebody-else")
    assert error.code == grpc.StatusCode.PERMISSION_DENIED
    assert error.reason == "WRONG_ORGANIZATION"
