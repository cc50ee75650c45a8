"""The ``enlace`` command: each module that has a ``commands.py`` adds its verbs."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec

import django
from django.apps import apps


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 when it did what it was asked, 1 when not, 2 when the words were wrong."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "enlace.settings")
    given = list(sys.argv[1:] if arguments is None else arguments)
    django.setup()
    from enlace.base.errors import EnlaceError

    if given[:1] == ["django"]:
        from django.core.management import execute_from_command_line

        execute_from_command_line(["enlace django", *given[1:]])
        return 0
    options = build_parser().parse_args(given)
    try:
        return int(options.run(options) or 0)
    except EnlaceError as error:
        print(f"enlace: {error.reason}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nenlace: stopped.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="enlace", description="Anti-trafficking information system.")
    verbs = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    install = verbs.add_parser("install", help="bring the database and the translations up to date")
    install.set_defaults(run=run_install)
    serve = verbs.add_parser("serve", help="serve on this machine's own address")
    serve.add_argument("--port", type=int, default=8000)
    serve.set_defaults(run=run_serve)
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
