"""``enlace screening report``."""

import argparse

from enlace.base.synthetic import is_synthetic
from enlace.screening import report


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    steps = verbs.add_parser("screening", help="how screening is going").add_subparsers(required=True, metavar="STEP")
    parser = steps.add_parser(
        "report", help="screened, presumed, confirmed later, agreement of screeners; all agencies"
    )
    parser.add_argument("--year", type=int, required=True)
    parser.add_argument("--format", choices=["table", "csv", "json"], default="table")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    found = report.report(viewer=report.READER, year=options.year, whole=True)
    if options.format == "table":
        print(report.render_text(found))
    elif options.format == "csv":
        print(report.as_csv(found, synthetic=is_synthetic()), end="")
    else:
        print(report.as_json(found, synthetic=is_synthetic()))
    return 0
