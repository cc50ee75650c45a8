"""``enlace import``, ``enlace export`` and ``enlace standard``: tables for international standards, written and judged."""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from enlace.accounts.queries import actor_for_cli
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.base.synthetic import is_synthetic
from enlace.country.labels import language
from enlace.country.queries import current
from enlace.exchange import actions
from enlace.exchange.actions import Compared, Imported
from enlace.exchange.labels import CHANGES, PARTS
from enlace.exchange.queries import standard_table
from enlace.exchange.rows import FileRefused, Progress, Reason, RowError, write_errors
from enlace.exchange.standard_cells import faults, places_of
from enlace.exchange.standard_files import WRITERS
from enlace.exchange.standard_reader import StandardFile, read_standard
from enlace.exchange.standards import standards, statuses
from enlace.releases.queries import public_release

SHOWN_ERRORS = 20
Action = Callable[..., Imported]


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    kinds = verbs.add_parser("import", help="bring in a file: htcds, ctdc, sesnsp or directory")
    choices = kinds.add_subparsers(required=True, metavar="KIND")
    cases = _importer(choices, "htcds", "cases: an HTCDS 2.0 workbook or survey export", run_htcds)
    cases.add_argument("--user", required=True, help="the account whose agency the cases belong to")
    _importer(choices, "ctdc", "open microdata of CTDC, kept apart from the cases", run_ctdc)
    _importer(choices, "sesnsp", "an official monthly series: victims or investigation files", run_sesnsp)
    places = _importer(choices, "directory", "places, whom they take and their beds: CSV or HSDS 3 JSON", run_places)
    places.add_argument(
        "--rest", action="store_true", help="write the places without a fault, leave the others as they are"
    )
    places.add_argument("--user", help="the account that brings the places in (default: this machine, for everybody)")
    out = verbs.add_parser("export", help="write a file: htcds or directory").add_subparsers(
        required=True, metavar="KIND"
    )
    parser = out.add_parser("htcds", help="the cases the agency leads, as an HTCDS workbook")
    parser.add_argument("file", type=Path)
    parser.add_argument("--user", required=True, help="the account whose agency's cases are written")
    parser.add_argument("--with-identity", action="store_true", help="names and contacts too; each one is recorded")
    parser.add_argument("--purpose", default="", help="why identities are taken out (a code of access_purpose)")
    parser.set_defaults(run=run_export)
    _register_places_out(out)
    _register_standards(verbs)


def run_htcds(options: argparse.Namespace) -> int:
    return _bring_in(actions.import_htcds, actor_for_cli(options.user, "EXCHANGE_IMPORT"), options)


def run_ctdc(options: argparse.Namespace) -> int:
    return _bring_in(actions.import_ctdc, Actor.system("import"), options)


def run_sesnsp(options: argparse.Namespace) -> int:
    return _bring_in(actions.import_sesnsp, Actor.system("import"), options)


def run_export(options: argparse.Namespace) -> int:
    by = actor_for_cli(options.user, "EXCHANGE_EXPORT")
    count = actions.export_htcds(by=by, path=options.file, with_identity=options.with_identity, purpose=options.purpose)
    print(_("Cases written: %d") % count)
    if is_synthetic():
        print(_("Synthetic data: nobody here is real"))
    return 0


def run_places(options: argparse.Namespace) -> int:
    """0 when the directory is now as the file says, 1 when the file has faults: nothing was written, or the rest."""
    by = actor_for_cli(options.user, "DIRECTORY_EDIT") if options.user else Actor.system("import")
    result = actions.import_directory(by=by, path=options.file, dry_run=options.dry_run, rest=options.rest)
    if options.json:
        print(json.dumps(_places_as_json(result), ensure_ascii=False, indent=2))
    else:
        _print_places(result)
    _print_errors(result)
    if options.errors:
        _write_errors(options.errors, result)
    return 1 if result.errors else 0


def run_places_out(options: argparse.Namespace) -> int:
    """To a file that only this account can read, or to standard output."""
    by = actor_for_cli(options.user, "EXCHANGE_EXPORT") if options.user else Actor.system("export")
    if options.file:
        actions.export_directory(by=by, path=options.file, layout=options.format, is_public=options.public)
    else:
        sys.stdout.write(actions.take_directory(by=by, layout=options.format, is_public=options.public))
    return 0


def run_standard_list(options: argparse.Namespace) -> int:
    """The layouts, with how many of their lines this country's data can fill."""
    folder = current().folder
    for standard in standards().values():
        places = [place for place in places_of(folder, standard).values() if place.indicator]
        told = _("%(some)d of %(all)d lines") % {"some": len(places), "all": len(standard.lines)}
        print(standard.code, told, standard.title(language()), standard.version(language()), sep="\t")
    return 0


def run_standard_write(options: argparse.Namespace) -> int:
    """The exit code is 1 when the pack names what the release does not have: those lines say “not collected”."""
    standard, document = standards()[options.standard], public_release(options.release).document
    ending = options.file.suffix.lstrip(".").lower()
    if ending not in WRITERS:
        raise Refusal(_("The name of the file must end in .csv or .xlsx."))
    filled = standard_table(document, standard)
    options.file.write_bytes(WRITERS[ending](filled))
    print(_("Lines written: %d") % len(filled.lines))
    _print_statuses(line.status for line in filled.lines)
    if document["synthetic"]:
        print(_("Synthetic data: nobody here is real"))
    unknown = faults(document, standard, places_of(current().folder, standard))
    for fault in unknown:
        print(_("This release has no such number: %s") % fault, file=sys.stderr)
    return int(bool(unknown))


def run_standard_check(options: argparse.Namespace) -> int:
    """The exit code is 1 when anything is wrong."""
    try:
        found = read_standard(options.file, standards()[options.standard])
    except FileRefused as refused:
        raise Refusal(_said(refused.reason)) from refused
    if options.json:
        print(json.dumps(_judged(found), ensure_ascii=False, indent=2))
    else:
        areas, years = {row.area for row in found.rows}, sorted({row.year for row in found.rows})
        span = "-".join(dict.fromkeys(str(year) for year in (*years[:1], *years[-1:])))
        told = {"rows": len(found.rows), "areas": len(areas), "years": span}
        print(_("Rows read: %(rows)d · countries or regions: %(areas)d · years: %(years)s") % told)
        _print_statuses(row.status for row in found.rows)
    _print_errors(found)
    if options.errors:
        _write_errors(options.errors, found)
    return int(bool(found.errors))


def _register_standards(verbs: Any) -> None:
    parser = verbs.add_parser("standard", help="tables for international standards: SDG 16.2.2, GLOTIP, TIP, IC-TIP")
    kinds = parser.add_subparsers(required=True, metavar="VERB")
    listed = kinds.add_parser("list", help="the standards, and what of them this country can fill")
    listed.set_defaults(run=run_standard_list)
    write = kinds.add_parser("write", help="write a published release in the columns of a standard")
    check = kinds.add_parser("check", help="say what is wrong in a table of a standard, ours or another country's")
    for verb, run in ((write, run_standard_write), (check, run_standard_check)):
        verb.add_argument("standard", choices=tuple(standards()))
        verb.add_argument("file", type=Path, help="its ending says what it is: .csv or .xlsx")
        verb.set_defaults(run=run)
    write.add_argument("--release", type=int, required=True, help="the number of the release")
    check.add_argument("--errors", type=Path, help="write all that is wrong to this CSV file")
    check.add_argument("--json", action="store_true", help="print the result as JSON")


def _judged(found: StandardFile) -> dict[str, Any]:
    return {
        "standard": found.standard.code,
        "rows": len(found.rows),
        "areas": sorted({row.area for row in found.rows}),
        "years": sorted({row.year for row in found.rows}),
        "statuses": dict(sorted(Counter(row.status for row in found.rows).items())),
        "errors": _errors(found.errors),
        "digest": found.digest,
    }


def _print_statuses(found: Iterable[str]) -> None:
    said = {code: texts[language()] for code, texts in statuses().items()}
    for code, count in sorted(Counter(found).items()):
        print(f"  {code} {count}: {said.get(code, '')}".rstrip(": "))


def _errors(found: Iterable[RowError]) -> list[dict[str, Any]]:
    return [{"row": e.row, "column": e.column, "value": e.value, "reason": _said(e.reason)} for e in found]


def _register_places_out(out: Any) -> None:
    parser = out.add_parser("directory", help="places, whom they take and their beds; never an address")
    parser.add_argument("file", type=Path, nargs="?", help="default: standard output")
    parser.add_argument("--format", choices=("csv", "hsds"), default="csv", help="CSV table or HSDS 3 JSON")
    parser.add_argument("--public", action="store_true", help="what everybody may read: no secret place at all")
    parser.add_argument("--user", help="the account that takes it out (default: this machine)")
    parser.set_defaults(run=run_places_out)


def _places_as_json(result: Compared) -> dict[str, Any]:
    return {
        "layout": result.layout,
        "changes": [vars(change) for change in result.changes],
        "errors": _errors(result.errors),
        "addresses": result.addresses,
        "digest": result.digest,
        "dry_run": result.is_dry_run,
    }


def _print_places(result: Compared) -> None:
    if result.is_dry_run or not (result.count("new") or result.count("changed")):
        print(_("Nothing was changed."))
    for (column, word), count in result.unknown.items():
        print(
            _("Not in our lists: %(word)s (%(column)s), %(count)d times")
            % {"word": word, "column": column, "count": count}
        )
    counts = {kind: result.count(kind) for kind in ("new", "changed", "same", "left")}
    print(_("New: %(new)d · changed: %(changed)d · the same: %(same)d · left as they are: %(left)d") % counts)
    for change in result.changes:
        if change.kind in ("new", "changed"):
            parts = ", ".join(str(PARTS[part]) for part in change.parts)
            print(f"  {CHANGES[change.kind]}: {change.name} ({change.agency_code}, {change.state_code}): {parts}")
    if result.addresses:
        print(_("Addresses in the file, none of which is read: %d") % result.addresses)


def _importer(choices: Any, kind: str, text: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = choices.add_parser(kind, help=text)
    parser.add_argument("file", type=Path)
    parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
    parser.add_argument("--errors", type=Path, help="write all that cannot be read to this CSV file")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.set_defaults(run=run)
    return parser


def _bring_in(action: Action, by: Actor, options: argparse.Namespace) -> int:
    """0 when every row is here now, 1 when some could not be read."""
    result = action(by=by, path=options.file, dry_run=options.dry_run, progress=_bar())
    if options.json:
        print(json.dumps(_as_json(result), ensure_ascii=False, indent=2))
    else:
        _print(result)
    _print_errors(result)
    if options.errors:
        _write_errors(options.errors, result)
    return 1 if result.errors else 0


def _as_json(result: Imported) -> dict[str, Any]:
    return {
        "layout": result.layout,
        "unit": result.unit,
        "new": result.new,
        "known": result.known,
        "errors": _errors(result.errors),
        "digest": result.digest,
        "dry_run": result.is_dry_run,
        "totals": {
            name: {"" if value is None else str(value): n for value, n in counts.items()}
            if isinstance(counts, Mapping)
            else counts
            for name, counts in result.totals.items()
        },
    }


def _print(result: Imported) -> None:
    if result.is_dry_run:
        print(_("Dry run: nothing was changed."))
    print(f"{_('Layout')}: {result.layout} · {_('unit')}: {result.unit}")
    counts = {"new": result.new, "known": result.known, "bad": len({error.row for error in result.errors})}
    shown = {name: f"{count:,}" for name, count in counts.items()}
    print(_("New: %(new)s · here already: %(known)s · rows not read: %(bad)s") % shown)
    for name, counts in result.totals.items():
        if not isinstance(counts, Mapping):
            print(f"{name}: {counts:,}")
        elif set(counts) != {None}:
            print(f"{name}: {_listed(counts)}")


def _listed(counts: Mapping[Any, int]) -> str:
    """Years in their order, all else the most frequent first; what is missing comes last."""
    order = sorted(counts, key=lambda value: (value is None, value if isinstance(value, int) else -counts[value]))
    return ", ".join(f"{_('(missing)') if value is None else value or '-'} {counts[value]:,}" for value in order)


def _print_errors(result: Imported | Compared | StandardFile) -> None:
    for error in result.errors[:SHOWN_ERRORS]:
        print(
            f"  {_('row')} {error.row}, {error.column or '-'}: {error.value} - {_said(error.reason)}", file=sys.stderr
        )
    if (more := len(result.errors) - SHOWN_ERRORS) > 0:
        print("  " + _("... and %d more; --errors FILE writes them all.") % more, file=sys.stderr)


def _write_errors(path: Path, result: Imported | Compared | StandardFile) -> None:
    try:
        write_errors(path, result.errors)
    except OSError as error:
        if isinstance(result, StandardFile):
            raise Refusal(_("This file could not be written: %s") % path.name) from error
        raise Refusal(_("The import is done, but this file could not be written: %s") % path.name) from error


def _said(reason: Reason) -> str:
    """The sentence in the reader's language."""
    return _(reason.msgid) % dict(reason.params)


def _bar() -> Progress | None:
    """Progress on one line of a terminal, at most five times a second."""
    if not sys.stderr.isatty():
        return None
    last = 0.0

    def show(done: int, total: int | None) -> None:
        nonlocal last
        is_over = total is not None and done >= total
        if is_over or time.monotonic() - last > 0.2:
            last = time.monotonic()
            share = f"{done * 100 // total:3d} %" if total else f"{done:,}"
            print(f"\r{share}", end="\n" if is_over else "", file=sys.stderr, flush=True)

    return show
