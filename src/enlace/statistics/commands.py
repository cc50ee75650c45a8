"""``enlace report national``, ``assistance``, ``reconciliation`` and ``snapshot``."""

import argparse
from types import ModuleType

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.base.errors import Refusal
from enlace.base.synthetic import is_synthetic
from enlace.statistics import mechanism_report, queries, reconciliation, report, store
from enlace.statistics.actions import GATHERING, compute_mechanism, compute_national
from enlace.statistics.national import period_of


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    reports = verbs.add_parser("report", help="print a table").add_subparsers(required=True, metavar="TABLE")
    for name, help_text, run in (
        ("national", "people identified, referred and assisted, counted once", run_national),
        (
            "assistance",
            "how far people got, and what came of referrals, stays, needs, help and permits",
            run_assistance,
        ),
    ):
        parser = reports.add_parser(name, help=help_text)
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--format", choices=["table", "csv", "json"], default="table")
        parser.add_argument(
            "--stored", action="store_true", help="print the newest stored one instead of counting again"
        )
        parser.set_defaults(run=run)
    beside = reports.add_parser("reconciliation", help="the figures that others published beside the stored count")
    beside.add_argument("--year", type=int, required=True)
    beside.add_argument("--format", choices=["table", "csv", "json"], default="table")
    beside.set_defaults(run=run_reconciliation)
    kept = reports.add_parser("snapshot", help="gather a year's facts anew and compare them with what was kept")
    kept.add_argument("--year", type=int, required=True)
    kept.set_defaults(run=run_snapshot)


def run_snapshot(options: argparse.Namespace) -> int:
    """0 when what was kept is what gathering everything gives, 1 when it was not; it is thrown away then."""
    if not 1990 <= options.year <= timezone.localdate().year:
        raise Refusal(_("Choose a year that has begun."))
    period = period_of(str(options.year))
    found = store.faults(period.start, period.end)
    for measure, count in found.items():
        print(f"{measure}: {count}")
    if found:
        print(_("What was kept of this year differed from the records and was thrown away. Count the year again."))
        return 1
    print(_("What is kept of this year is what the records say."))
    return 0


def run_reconciliation(options: argparse.Namespace) -> int:
    found = reconciliation.reconciliation(viewer=report.READER, year=options.year)
    return _tell(options.format, reconciliation, found)


def run_assistance(options: argparse.Namespace) -> int:
    if not options.stored:
        compute_mechanism(by=GATHERING, year=options.year)
    found = mechanism_report.mechanism(viewer=report.READER, period=str(options.year))
    return _tell(options.format, mechanism_report, found)


def run_national(options: argparse.Namespace) -> int:
    if not options.stored:
        compute_national(by=GATHERING, year=options.year)
    return _tell(options.format, report, queries.national(viewer=report.READER, period=str(options.year)))


def _tell(kind: str, written: ModuleType, found: object) -> int:
    """Print what was found; ``written`` is the module that knows how."""
    if kind == "csv":
        print(written.as_csv(found, synthetic=is_synthetic()), end="")
    elif kind == "json":
        print(written.as_json(found, synthetic=is_synthetic()))
    else:
        print(
            *([_("Synthetic data: nobody here is real")] if is_synthetic() else []),
            written.render_text(found),
            sep="\n",
        )
    return 0
