"""A cluster does the work: the numbers are those of one process, bit for bit, and one that does not answer is told."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

from reckon.__main__ import main
from reckon.prevalence import bootstrap, stepwise_many, workforce
from reckon.prevalence.resample import Bootstrap
from reckon.prevalence.runner import CHUNK
from tests.reckon.prevalence.published import table

pytestmark = pytest.mark.slow

LISTS = """police,health,ngo,sex,count
1,0,0,f,160
0,1,0,f,140
0,0,1,f,90
1,1,0,f,40
1,0,1,f,25
0,1,1,f,21
1,1,1,f,7
1,0,0,m,110
0,1,0,m,90
0,0,1,m,70
1,1,0,m,30
1,0,1,m,19
0,1,1,m,15
1,1,1,m,4
"""


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """Two processes on this machine that know nothing of this one; the address of their scheduler."""
    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as found:
        yield found.scheduler_address


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    path = tmp_path / "lists.csv"
    path.write_text(LISTS)
    return path


def bits(found: Bootstrap) -> tuple[bytes, bytes, object]:
    return found.totals.tobytes(), found.jackknife.tobytes(), found.models


def test_replicates_from_a_cluster_are_those_of_one_process(cluster: str, shared_data: Path) -> None:
    captures, method = table(shared_data, "Kosovo"), partial(stepwise_many, threshold=0.02)
    alone = bootstrap(captures, method, 2 * CHUNK + 30, seed=7)
    with Client(cluster) as client:
        assert bits(bootstrap(captures, method, 2 * CHUNK + 30, seed=7, executor=client.get_executor())) == bits(alone)


@pytest.mark.parametrize("workers", [["--jobs", "2"], ["--cluster"]])
def test_a_study_and_rates_are_the_same_to_the_last_digit_whoever_computes_them(
    cluster: str, lists: Path, capsys: pytest.CaptureFixture[str], workers: list[str]
) -> None:
    others = [*workers, cluster] if workers == ["--cluster"] else workers
    population = lists.with_name("population.csv")
    population.write_text("group,population\nf,900000\nm,1000000\n")
    study = ["prevalence", str(lists), "--lists", "police,health,ngo", "--boot", "300", "--format", "json"]
    rates = ["rates", str(lists), "--lists", "police,health,ngo", "--by", "sex", "--population", str(population)]
    rates += ["--separately", "--boot", "300", "--format", "json"]
    for command in (study, rates):
        assert main(command) == 0
        alone = capsys.readouterr().out
        assert main([*command, *others]) == 0
        assert capsys.readouterr().out == alone


def test_a_cluster_that_does_not_answer_is_told_in_one_sentence(
    lists: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workforce, "PATIENCE", 1)
    assert main(["prevalence", str(lists), "--lists", "police,ngo", "--cluster", "tcp://127.0.0.1:9"]) == 2
    assert "The cluster does not answer" in capsys.readouterr().err
