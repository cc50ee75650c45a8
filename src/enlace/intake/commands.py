"""``enlace hotline report``: the hotline's year as it may be published."""

import argparse

from django.utils.translation import gettext as _

from enlace.base.synthetic import is_synthetic
from enlace.intake import report


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    steps = verbs.add_parser("hotline", help="the hotline's year").add_subparsers(required=True, metavar="STEP")
    add_report(steps.add_parser("report", help="calls, people, referrals and investigations of one year"))


def add_report(parser: argparse.ArgumentParser) -> None:
    """The options of the report, wherever it is called from."""
    parser.add_argument("--year", type=int, required=True)
    parser.add_argument("--format", choices=["table", "csv", "json"], default="table")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    found = report.published_year(viewer=report.COUNTING, year=options.year)
    if options.format == "table":
        if is_synthetic():
            print(_("Synthetic data: nobody here is real"))
        print(report.as_text(found))
    elif options.format == "csv":
        print(report.as_csv(found, synthetic=is_synthetic()), end="")
    else:
        print(report.as_json(found, synthetic=is_synthetic()))
    return 0
