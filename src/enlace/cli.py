"""The ``enlace`` command: each module that has a ``commands.py`` adds its verbs."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import django
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError, ProgrammingError

from enlace.base.errors import EnlaceError
from enlace.country.rows import PackError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 when it did what it was asked, 1 when not, 2 when the words were wrong."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "enlace.settings")
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        django.setup()
        if given[:1] == ["django"]:
            execute_from_command_line(["enlace django", *given[1:]])
            return 0
        return _run(build_parser().parse_args(given))
    except (ImproperlyConfigured, PackError) as error:
        return _stop(str(error))
    except OperationalError:
        return _stop("The database does not answer, or was not set up: run “enlace install”, and check DATABASE_URL.")
    except ProgrammingError:
        return _stop("The database was not set up for this version: run “enlace install”.")
    except OSError as error:
        name = Path(error.filename).name if isinstance(error.filename, str) else ""
        return _stop(f"{error.strerror or 'A file could not be used'}: {name or 'no name given'}.")
    except KeyboardInterrupt:
        return _stop("Stopped.", code=130)


def _run(options: argparse.Namespace) -> int:
    try:
        return int(options.run(options) or 0)
    except EnlaceError as error:
        return _stop(error.reason)
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _stop(sentence: str, code: int = 1) -> int:
    print(f"enlace: {sentence}", file=sys.stderr)
    return code


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="enlace", description="Anti-trafficking information system.")
    verbs = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    install = verbs.add_parser("install", help="bring the database and the translations up to date")
    install.set_defaults(run=run_install)
    serve = verbs.add_parser("serve", help="serve on this machine's own address")
    serve.add_argument("--port", type=int, default=8000)
    serve.set_defaults(run=run_serve)
    work = verbs.add_parser("work", help="do the long work that pages ask for (serve starts one by itself)")
    work.add_argument("--until-closed", action="store_true", help="stop when standard input closes")
    work.add_argument("--batch", action="store_true", help="stop when nothing waits")
    work.set_defaults(run=run_work)
    clocks = verbs.add_parser("clocks", help="what happens because time has passed (work does it each minute)")
    run = clocks.add_subparsers(required=True, metavar="VERB").add_parser("run", help="run every clock once, from cron")
    run.set_defaults(run=run_clocks)
    for config in apps.get_app_configs():
        if config.name.startswith("enlace.") and find_spec(f"{config.name}.commands"):
            importlib.import_module(f"{config.name}.commands").register(verbs)
    return parser


def run_install(options: argparse.Namespace) -> int:
    from enlace.base.install import Steps, install

    install(Steps())
    return 0


def run_serve(options: argparse.Namespace) -> int:
    from enlace.base.install import Steps, install, serve

    steps = Steps()
    install(steps)
    return serve(options.port, steps)


def run_work(options: argparse.Namespace) -> int:
    from enlace.base.worker import work

    work(until_closed=options.until_closed, batch=options.batch)
    return 0


def run_clocks(options: argparse.Namespace) -> int:
    """Print what each clock changed; the exit code is 1 when one failed."""
    from django.utils import timezone

    from enlace.base import clocks

    found = clocks.run_clocks(timezone.now())
    for name, changed in found.items():
        print(f"{name:32} {'failed' if changed is None else changed}")
    return int(None in found.values())
