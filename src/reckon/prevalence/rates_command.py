"""The shell's way to rates per 100,000: `python -m reckon rates lists.csv --lists A,B,C --by sex --population groups.csv`.

The file holds a column of 0 and 1 for each list, a column for each covariate, and `count`; `groups.csv` the columns `group`
and `population`. Groups that may not be published are printed with the reason. Exit status 2 for input that cannot be used.
"""

import argparse
import csv
import sys
from pathlib import Path

from reckon.prevalence import wording
from reckon.prevalence.captures import BadCaptures, NotEstimable
from reckon.prevalence.covariates import read_joint
from reckon.prevalence.problems import told
from reckon.prevalence.results import NoEstimate, Options
from reckon.prevalence.stored import to_json
from reckon.prevalence.strata import NotPublished, Rate, Rates, joint_rates, separate_rates
from reckon.prevalence.workforce import add_workforce, workforce

YEAR_DEGREE = 2


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb `rates` to a parser."""
    parser = commands.add_parser("rates", help="rates per 100,000 by sex, age or form, where the data bear them")
    parser.add_argument("file", type=Path, help="CSV: 0/1 columns of lists, columns of covariates, and count")
    parser.add_argument("--lists", required=True, metavar="A,B,...", help="the columns that are lists")
    parser.add_argument("--by", required=True, metavar="COLUMN", help="the covariate whose levels are the groups")
    parser.add_argument("--population", required=True, type=Path, help="CSV with the columns group and population")
    parser.add_argument("--year", metavar="COLUMN", help="a covariate of whole numbers that is smoothed over time")
    parser.add_argument("--separately", action="store_true", help="each group for itself, not one model for all")
    parser.add_argument("--smallest", type=int, default=10, help="fewer people seen are not published (default: 10)")
    parser.add_argument("--boot", type=int, default=1000, help="resamples (default: 1000)")
    parser.add_argument("--seed", type=int, default=0, help="of the random numbers (default: 0)")
    parser.add_argument("--level", type=float, default=0.95, help="of the intervals (default: 0.95)")
    add_workforce(parser)
    parser.add_argument("--format", choices=("table", "json"), default="table", help="JSON is not rounded")
    parser.add_argument("--lang", choices=wording.LANGUAGES, default="en", help="of the table")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """The rates as the options ask; the exit status."""
    try:
        found = _rates(options)
    except BadCaptures as error:
        sys.stderr.write(f"{told(error, options.lang)}\n")
        return 2
    except NotEstimable as error:
        refused = NoEstimate("stepwise", error.code, error.reason)
        sys.stderr.write(f"{wording.refusal(refused, options.lang)}\n")
        return 2
    sys.stdout.write((to_json(found, indent=1) if options.format == "json" else table(found, options.lang)) + "\n")
    return 0


def _rates(options: argparse.Namespace) -> Rates:
    names = [name.strip() for name in options.lists.split(",")]
    joint = read_joint(options.file, names, {options.year: YEAR_DEGREE} if options.year else None)
    asked = Options(("stepwise",), options.boot, options.seed, options.level)
    populations = read_populations(options.population)
    if not options.separately:
        if options.jobs > 1 or options.cluster:
            raise BadCaptures("One model for all groups is one computation; --jobs and --cluster go with --separately.")
        return joint_rates(joint, options.by, populations, asked, options.smallest)
    with workforce(options.jobs, options.cluster) as executor:
        return separate_rates(joint, options.by, populations, asked, options.smallest, executor)


def read_populations(path: Path) -> dict[str, int]:
    """People of each group in the country, from a CSV file. Raises BadCaptures, naming the line."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, restkey="")
            if not {"group", "population"} <= set(reader.fieldnames or []):
                raise BadCaptures("The file of populations needs the columns group and population.")
            rows = [(reader.line_num, row["group"], row["population"]) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadCaptures("The file of populations cannot be read; give CSV in UTF-8.") from error
    for line, group, size in rows:
        if not group or not size or not (size.strip().isascii() and size.strip().isdigit()):
            raise BadCaptures(f"Line {line} of the populations: a group and a whole number of people are expected.")
    return {group.strip(): int(size) for _, group, size in rows}


def table(found: Rates, language: wording.Language) -> str:
    """The groups as lines for a terminal, what is to be quoted with each below it."""
    heads = [wording.label(code, language) for code in ("group", "seen", "estimate", "rate")]
    lines = [f"{heads[0]:<20}{heads[1]:>16}{heads[2]:>14}   {heads[3]}"]
    for group in found.groups:
        lines.append(_published(group, language) if isinstance(group, Rate) else _withheld(group, language))
        said = group.warnings if isinstance(group, Rate) else group.findings
        lines += [f"   {wording.sentence(finding, language)}" for finding in said]
    return "\n".join(lines)


def _published(rate: Rate, language: wording.Language) -> str:
    lower, upper = rate.limits_per_100k
    people = wording.people
    interval = f"[{_decimal(lower, language)} – {_decimal(upper, language)}]"
    numbers = f"{people(rate.observed):>16}{people(rate.total):>14}   {_decimal(rate.per_100k, language)} {interval}"
    return f"{rate.group:<20}{numbers}"


def _withheld(group: NotPublished, language: wording.Language) -> str:
    return f"{group.group:<20}{wording.label('not_published', language)}: {wording.refusal_text(group.code, language)}"


def _decimal(rate: float, language: wording.Language) -> str:
    return wording.label("no_limit", language) if rate == float("inf") else f"{rate:,.1f}"
