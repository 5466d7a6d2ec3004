"""The suite under test; tests/contract/with_suite starts it and says where it is."""

import os
import time

import pytest

from reflection import Service


@pytest.fixture(scope="session")
def organization():
    return f"organizations/{os.environ['OKR_ORGANIZATION']}"


def _service(name):
    @pytest.fixture(scope="session", name=name)
    def connected():
        with Service(os.environ[f"OKR_{name.upper()}"], os.environ["OKR_TOKEN"]) as service:
            yield service

    return connected


goals = _service("goals")
checkins = _service("checkins")
scoring = _service("scoring")
notifications = _service("notifications")


@pytest.fixture(scope="session")
def eventually():
    """Calls something until it gives what is wanted, and says what it gave last if it never does."""

    def wait(look, wanted, seconds=15):
        deadline = time.monotonic() + seconds
        while True:
            seen = look()
            if wanted(seen):
                return seen
            assert time.monotonic() < deadline, f"not within {seconds} s; the last was {seen}"
            time.sleep(0.05)

    return wait
