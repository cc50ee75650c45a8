"""``enlace prevalence``: what is printed of an estimate, and the same computed again."""

import json
from uuid import uuid4

import pytest

from enlace.cli import main
from enlace.prevalence.models import Estimation
from enlace.prevalence.tasks import compute
from reckon.prevalence import captures_from_rows
from reckon.prevalence.results import Headline, Study
from reckon.prevalence.stored import from_json
from tests.cases.pages import english
from tests.prevalence.material import LISTS, asked
from tests.world import World

__all__ = ["english"]
pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def done(world: World) -> Estimation:
    return computed(world)


@pytest.fixture
def done_apart(own_world: World) -> Estimation:
    """In a database of the test's own: the worker closes its connection between tasks."""
    return computed(own_world)


def computed(world: World) -> Estimation:
    row = asked(world.elena)
    compute.call(str(row.pk))
    row.refresh_from_db()
    return row


def test_a_list_of_estimates_tells_no_number(done: Estimation, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prevalence", "list"]) == 0
    printed = capsys.readouterr().out
    assert printed.split("\t") == [str(done.pk), f"{done.asked_at:%Y-%m-%d}", "Done", "2020", "Invented people\n"]


def test_the_number_is_printed_with_interval_range_and_warnings(
    done: Estimation, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prevalence", "show", str(done.pk)]) == 0
    printed = capsys.readouterr().out
    found = from_json(Study, done.result).headline
    assert isinstance(found, Headline)
    for number in (found.total, found.interval.lower, found.interval.upper, found.lowest, found.highest):
        assert f"{number:,.0f}" in printed
    assert "one assumption that no data can test" in printed
    assert main(["prevalence", "show", str(done.pk), "--format", "json"]) == 0
    assert from_json(Study, json.dumps(json.loads(capsys.readouterr().out)["study"])).headline == found


def test_computing_again_says_that_every_number_is_the_same(
    done_apart: Estimation, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prevalence", "rerun", str(done_apart.pk)]) == 0
    assert "every number is the same" in capsys.readouterr().out
    assert Estimation.objects.get(repeats=done_apart).result == done_apart.result


def test_a_result_that_was_altered_is_found_by_computing_again(
    done_apart: Estimation, capsys: pytest.CaptureFixture[str]
) -> None:
    Estimation.objects.filter(pk=done_apart.pk).update(counts=[count + 1 for count in done_apart.counts])
    assert main(["prevalence", "rerun", str(done_apart.pk)]) == 1
    assert "the numbers differ" in capsys.readouterr().out


def test_without_an_estimate_the_reason_is_printed_and_no_number(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    row = asked(world.elena, captures_from_rows(LISTS, [(1, 0, 0, 40), (0, 1, 0, 30), (0, 0, 1, 20)]))
    assert main(["prevalence", "show", str(row.pk)]) == 1
    assert "Waiting" in capsys.readouterr().out
    compute.call(str(row.pk))
    assert main(["prevalence", "show", str(row.pk)]) == 1
    assert "Nobody is on two lists" in capsys.readouterr().out
    assert main(["prevalence", "show", str(uuid4())]) == 1
    assert "There is no such estimate." in capsys.readouterr().err
