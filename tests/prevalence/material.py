"""Invented lists, and an estimate asked for as an analyst would."""

from enlace.base.actor import Actor
from enlace.prevalence import tasks
from enlace.prevalence.actions import Asked, ask_estimation
from enlace.prevalence.models import Estimation
from enlace.prevalence.rules import QUEUED
from reckon.prevalence import Captures, captures_from_rows
from reckon.prevalence.results import Options

LISTS = ("police", "shelters", "consulates")
# Invented: three lists that overlap enough for every method.
ROWS = [(1, 0, 0, 210), (0, 1, 0, 180), (0, 0, 1, 95), (1, 1, 0, 42), (1, 0, 1, 21), (0, 1, 1, 17), (1, 1, 1, 6)]
QUICK = Options(methods=("stepwise", "chao", "independence"), boot=60, seed=7)


def captures() -> Captures:
    return captures_from_rows(LISTS, ROWS)


def asked(by: Actor, found: Captures | None = None, options: Options = QUICK) -> Estimation:
    row = Asked(title="Invented people", period="2020", source="table", captures=found or captures(), options=options)
    return ask_estimation(by=by, asked=row)


def compute_what_waits() -> None:
    """What the worker would do, over the test's own connection: the worker closes its connection between tasks."""
    for row in Estimation.objects.filter(status=QUEUED):
        tasks.compute.call(str(row.pk))
