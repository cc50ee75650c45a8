"""Where the exchange tests find the published files, which are not kept in the repository."""

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2].parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of published files beside the repository. Without it a test is skipped, but never in CI."""
    if not SHARED.is_dir():
        reason = "the published files are not here: expected in ../shared/data beside the repository"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return SHARED
