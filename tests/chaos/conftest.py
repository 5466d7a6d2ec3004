"""Lets the tests of this folder import the harness and each other."""

import copy
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session", name="sound")
def _sound() -> Any:
    from small_state import small_state  # pylint: disable=import-outside-toplevel  # Found only now.

    return small_state()


@pytest.fixture(name="state")
def _state(sound: Any) -> Any:
    """A small consistent state, to be spoiled."""
    return copy.deepcopy(sound)
