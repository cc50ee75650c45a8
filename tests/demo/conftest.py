"""Every test here reads English; the demonstration of the whole country is made once."""

from pathlib import Path

import pytest

from tests.cases.pages import english  # noqa: F401 - a fixture of every test here
from tests.demo.running import enlace


@pytest.fixture(scope="session")
def mexico(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The home of the whole demonstration, and what the command said."""
    home = tmp_path_factory.mktemp("mexico")
    return home, enlace(home, "demo", "--no-serve")
