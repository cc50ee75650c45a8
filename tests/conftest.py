"""Fixtures that every test may use."""

import os
from pathlib import Path

import pytest

from tests.world import World, make_world

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real files beside the repository; absent on a clone elsewhere, never in CI."""
    if not SHARED.is_dir():
        if os.environ.get("CI"):
            pytest.fail("the folder ../shared/data must stand beside the checkout in CI")
        pytest.skip("the folder ../shared/data is not here: real files of the standards cannot be read")
    return SHARED
