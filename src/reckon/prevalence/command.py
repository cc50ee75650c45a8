"""The shell's way in: `python -m reckon prevalence lists.csv`.

The file holds a column of 0 and 1 for each list and the column `count`; or, with `--people PERSON,LIST`, a line for each
person and list. Exit status: 0 with a headline; 2 without one, with one sentence saying why on the error stream.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from reckon.prevalence import methods, panel, wording
from reckon.prevalence.captures import BadCaptures, Captures
from reckon.prevalence.problems import told
from reckon.prevalence.reading import captures_from_people, read_captures
from reckon.prevalence.report import headline_lines, report
from reckon.prevalence.results import Headline, Study
from reckon.prevalence.stored import to_json
from reckon.prevalence.study import STANDARD, Answers, study
from reckon.prevalence.workforce import add_workforce, workforce

CHOICES = ("stepwise", "bic", "threshold", "dga", "lcmcr", "mixture", "chao", "all")
WITHOUT_CHOICE = ("threshold", "mixture")
"""Methods whose interval does not include the choice of the model: shown beside, never the headline."""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb `prevalence` to a parser."""
    parser = commands.add_parser(
        "prevalence",
        help="how many are on none of several incomplete lists",
        description="Multiple systems estimation with its reliability.",
    )
    parser.add_argument("file", type=Path, help="CSV: a 0/1 column for each list, and count")
    parser.add_argument("--people", metavar="PERSON,LIST", help="the file has a line for each person and list instead")
    parser.add_argument("--lists", metavar="A,B,...", help="only these lists")
    parser.add_argument("--method", choices=CHOICES, default="stepwise", help="of the headline; others stand beside it")
    parser.add_argument("--boot", type=int, default=1000, help="resamples (default: 1000)")
    parser.add_argument("--seed", type=int, default=0, help="of the random numbers (default: 0)")
    parser.add_argument("--level", type=float, default=0.95, help="of the intervals (default: 0.95)")
    parser.add_argument("--order", type=int, help="largest group of lists in a term (BIC, thresholding)")
    parser.add_argument("--sweeps", type=int, default=30_000, help="length of the Markov chains (default: 30000)")
    parser.add_argument("--censored", default="", metavar="LIST", help="a list that also holds outsiders")
    parser.add_argument(
        "--imputed", action="append", default=[], type=Path, metavar="FILE", help="another linkage of the same records"
    )
    parser.add_argument(
        "--confirm",
        action="append",
        default=[],
        metavar="QUESTION=yes|no",
        help=f"one of {', '.join(panel.ASSUMPTIONS)}",
    )
    add_workforce(parser)
    parser.add_argument("--format", choices=("table", "json"), default="table", help="JSON is not rounded")
    parser.add_argument("--report", type=Path, metavar="F.html", help="write a report fit to attach to a publication")
    parser.add_argument(
        "--no-counts", action="store_true", help="leave out of the report how many people the lists met"
    )
    parser.add_argument("--lang", choices=wording.LANGUAGES, default="en", help="of table and report")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """One study as the options ask; the exit status."""
    try:
        captures = _read(options, options.file)
        imputed = [_read(options, file) for file in options.imputed]
        with workforce(options.jobs, options.cluster) as executor:
            found = study(
                captures,
                methods=_methods(options.method),
                boot=options.boot,
                seed=options.seed,
                level=options.level,
                max_order=options.order,
                sweeps=options.sweeps,
                censored=options.censored,
                assumptions=_answers(options.confirm),
                imputed=imputed,
                executor=executor,
                progress=_Progress(sys.stderr, options.lang),
            )
        if options.report:
            options.report.write_text(report(found, options.lang, not options.no_counts), encoding="utf-8")
    except BadCaptures as error:
        return _failed(told(error, options.lang))
    except OSError as error:
        return _failed(f"{options.report}: {error.strerror}")
    sys.stdout.write((to_json(found, indent=1) if options.format == "json" else summary(found, options.lang)) + "\n")
    if isinstance(found.headline, Headline):
        return 0
    return _failed(wording.refusal(found.headline, options.lang))


def _failed(reason: str) -> int:
    sys.stderr.write(f"{reason}\n")
    return 2


def _read(options: argparse.Namespace, file: Path) -> Captures:
    lists = [name.strip() for name in options.lists.split(",")] if options.lists else None
    if not options.people:
        return read_captures(file, lists)
    columns = [name.strip() for name in options.people.split(",")]
    if len(columns) != 2:
        raise BadCaptures("--people needs two names: the column of the person and that of the list.")
    return captures_from_people(file, columns[0], columns[1], lists)


def _methods(chosen: str) -> tuple[str, ...]:
    """The headline's method first; the ordinary ones always stand beside it."""
    if chosen == "all":
        return tuple(method for method in methods.ORDER if method != "chapman")
    first = ("stepwise", chosen) if chosen in WITHOUT_CHOICE else (chosen,)
    return tuple(dict.fromkeys((*first, *STANDARD)))


def _answers(given: Sequence[str]) -> Answers:
    answers: dict[str, str] = dict(one.partition("=")[::2] for one in given)
    if any(answer not in ("yes", "no", "unknown") for answer in answers.values()):
        raise BadCaptures("--confirm needs QUESTION=yes or QUESTION=no.")
    return {
        name: "yes" if answer == "yes" else "no" if answer == "no" else "unknown" for name, answer in answers.items()
    }


class _Progress:
    """Lines on a stream: one for each stage, and every tenth of a long one."""

    def __init__(self, stream: TextIO, language: wording.Language) -> None:
        self.stream, self.language, self.last = stream, language, ("", -1)

    def __call__(self, stage: str, done: int, whole: int) -> None:
        tenth = 10 * done // whole
        if (stage, tenth) == self.last:
            return
        self.last = (stage, tenth)
        share = f" {10 * tenth} %" if tenth else ""
        self.stream.write(f"{wording.stage(stage, self.language)} ...{share}\n")
        self.stream.flush()


def summary(found: Study, language: wording.Language) -> str:
    """The study as lines for a terminal: headline or the reason for none, methods, what the panel found."""
    if isinstance(found.headline, Headline):
        lines = [wording.people(found.headline.total, language), *headline_lines(found.headline, language)]
    else:
        lines = [f"{wording.label('refuse', language)}: {wording.refusal(found.headline, language)}"]
    if found.estimates:
        lines += ["", *_method_lines(found, language)]
    lines.append("")
    for item in found.panel.items:
        if all(finding.code == "not_computed" for finding in item.findings):
            continue
        lines.append(f"{wording.label(item.code, language)} [{wording.label(item.verdict, language)}]")
        lines += [f"   {wording.sentence(finding, language)}" for finding in item.findings]
    return "\n".join(lines)


def _method_lines(found: Study, language: wording.Language) -> list[str]:
    lines = []
    for one in found.estimates:
        limits = [one.interval.lower, one.interval.upper] if one.interval else []
        interval = " – ".join(wording.people(limit, language) for limit in limits)
        between = f"[{interval}]" if limits else ""
        name = wording.method_name(one.method, language)
        lines.append(f"{name:<40}{wording.people(one.total, language):>12}  {between}".rstrip())
    for refused in found.refused:
        lines.append(f"{wording.method_name(refused.method, language)}: {wording.refusal(refused, language)}")
    return lines
