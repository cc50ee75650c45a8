"""Every test here reads English."""

from tests.cases.pages import english  # noqa: F401 - a fixture of every test here
