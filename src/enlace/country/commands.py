"""``enlace country check CODE``."""

import argparse
import sys

from enlace.country import queries, report
from enlace.country.loader import load, screening_defects
from enlace.country.rows import PackError


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = verbs.add_parser("country", help="look at the facts about a country")
    choices = parser.add_subparsers(required=True, metavar="ACTION")
    check = choices.add_parser("check", help="say what a country pack holds and what it lacks; fails on an error")
    check.add_argument("code", help="the name of its folder, such as xx")
    check.set_defaults(run=run_check)


def run_check(options: argparse.Namespace) -> int:
    folder = queries.folder(options.code)
    try:
        pack = load(folder)
    except PackError as error:
        for line in dict.fromkeys([str(error), *map(str, screening_defects(folder))]):
            print(f"error: {line}", file=sys.stderr)
        return 1
    for line in report.holdings(pack):
        print(line)
    missing = list(report.gaps(pack))
    print("nothing is missing" if not missing else f"missing or unchecked ({len(missing)}):")
    for line in missing:
        print(f"  {line}")
    return 0
