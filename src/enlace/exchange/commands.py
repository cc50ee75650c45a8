"""``enlace import`` and ``enlace export``."""

import argparse
import json
import sys
import time
from pathlib import Path

from django.utils.translation import gettext as _

from enlace.accounts.queries import actor_for_cli
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.exchange import actions, queries
from enlace.exchange.actions import Imported
from enlace.exchange.htcds import write_htcds
from enlace.exchange.rows import Progress, write_errors

SHOWN_ERRORS = 20


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    bring = verbs.add_parser("import", help="bring in a file: htcds, ctdc or sesnsp")
    kinds = bring.add_subparsers(required=True, metavar="KIND")
    for kind, run in (("htcds", run_htcds), ("ctdc", run_ctdc), ("sesnsp", run_sesnsp)):
        parser = kinds.add_parser(kind)
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--errors", type=Path, help="write the rows that cannot be read to this CSV")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
        if kind == "htcds":
            parser.add_argument("--user", required=True, help="the account whose agency the cases belong to")
        parser.set_defaults(run=run)
    out = verbs.add_parser("export", help="write a file: htcds").add_subparsers(required=True, metavar="KIND")
    parser = out.add_parser("htcds", help="the cases the agency leads, as an HTCDS workbook")
    parser.add_argument("file", type=Path)
    parser.add_argument("--user", required=True, help="the account whose agency's cases are written")
    parser.add_argument("--with-identity", action="store_true", help="names and contacts too; recorded")
    parser.add_argument("--purpose", default="", help="why identities are taken out (a code of access_purpose)")
    parser.set_defaults(run=run_export)


def run_htcds(options: argparse.Namespace) -> int:
    by = actor_for_cli(options.user, "EXCHANGE_IMPORT")
    return _tell(actions.import_htcds(by=by, path=options.file, dry_run=options.dry_run, progress=_bar()), options)


def run_ctdc(options: argparse.Namespace) -> int:
    by = Actor.system("import")
    return _tell(actions.import_ctdc(by=by, path=options.file, dry_run=options.dry_run, progress=_bar()), options)


def run_sesnsp(options: argparse.Namespace) -> int:
    by = Actor.system("import")
    return _tell(actions.import_sesnsp(by=by, path=options.file, dry_run=options.dry_run, progress=_bar()), options)


def run_export(options: argparse.Namespace) -> int:
    viewer = actor_for_cli(options.user, "EXCHANGE_EXPORT")
    if options.with_identity and not options.purpose:
        raise Refusal(_("Say with --purpose why identities are taken out."))
    records = list(queries.htcds_records(viewer=viewer, with_identity=options.with_identity, purpose=options.purpose))
    actions.record_export(by=viewer, kind="htcds", count=len(records), with_identity=options.with_identity)
    try:
        write_htcds(options.file, records)
    except OSError as error:
        raise Refusal(_("The file could not be written: %s") % options.file.name) from error
    print(_("%(count)d cases written.") % {"count": len(records)})
    return 0


def _tell(result: Imported, options: argparse.Namespace) -> int:
    if options.errors:
        write_errors(options.errors, result.errors)
    if options.json:
        shown = {
            "layout": result.layout,
            "unit": result.unit,
            "new": result.new,
            "known": result.known,
            "errors": len(result.errors),
            "digest": result.digest,
            "dry_run": result.is_dry_run,
            "totals": _plain(result.totals),
        }
        print(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        _print(result)
    for error in result.errors[:SHOWN_ERRORS]:
        print(f"  {_('row')} {error.row}, {error.column or '-'}: {error.value} - {error.reason}", file=sys.stderr)
    if len(result.errors) > SHOWN_ERRORS:
        print(_("  ... and %d more; --errors FILE writes them all.") % (len(result.errors) - SHOWN_ERRORS), file=sys.stderr)
    return 1 if result.errors else 0


def _print(result: Imported) -> None:
    if result.is_dry_run:
        print(_("Dry run: nothing was changed."))
    print(f"{_('Layout')}: {result.layout} · {_('unit')}: {result.unit}")
    numbers = {"new": result.new, "known": result.known, "errors": len(result.errors)}
    print(_("New: %(new)d · here already: %(known)d · rows not read: %(errors)d") % numbers)
    for name, counts in result.totals.items():
        if isinstance(counts, dict):
            print(f"{name}: " + ", ".join(f"{key if key is not None else '(missing)'} {n:,}" for key, n in counts.items()))
        else:
            print(f"{name}: {counts}")


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {str(key) if key is not None else "": _plain(item) for key, item in value.items()}
    return value


def _bar() -> Progress | None:
    """Progress on one line of a terminal, at most five times a second."""
    if not sys.stderr.isatty():
        return None
    last = 0.0

    def show(done: int, total: int | None) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last > 0.2 or (total and done >= total):
            last = now
            share = f"{done * 100 // total:3d} %" if total else f"{done:,}"
            print(f"\r{share}", end="" if not total or done < total else "\n", file=sys.stderr, flush=True)

    return show
