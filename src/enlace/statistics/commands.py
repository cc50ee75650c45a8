"""``enlace report national``, ``enlace report assistance`` and ``enlace report reconciliation``."""

import argparse
from types import ModuleType

from django.utils.translation import gettext as _

from enlace.base.synthetic import is_synthetic
from enlace.statistics import mechanism_report, queries, reconciliation, report
from enlace.statistics.actions import GATHERING, compute_mechanism, compute_national


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
