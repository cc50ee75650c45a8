"""What a machine needs before the first page: the database, the translations, a server."""

import contextlib
import io
import os
import socket
import sys
import time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from enlace.base.catalogue import compile_all
from enlace.base.errors import Refusal


class Steps:
    """Says what is being done and when it began, on standard error."""

    def __init__(self) -> None:
        self.started = time.monotonic()

    def __call__(self, text: str) -> None:
        print(f"[{time.monotonic() - self.started:5.1f} s] {text}", file=sys.stderr, flush=True)


def install(steps: Steps) -> None:
    """Bring database and translations up to date; does nothing when they are."""
    compile_all()
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        steps(_("Creating the database"))
        with contextlib.redirect_stdout(io.StringIO()):
            call_command("migrate", verbosity=0, interactive=False)


def serve(port: int, steps: Steps) -> int:
    """Replace this process by the web server on this machine's own address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Refusal(_("Port %d is taken. Choose another with --port.") % port) from error
    steps(_("Open http://127.0.0.1:%d (stop with Ctrl+C)") % port)
    program = str(Path(sys.executable).with_name("gunicorn"))
    arguments = ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4", "--worker-class", "gthread"]
    os.environ.setdefault("ENLACE_HOME", str(settings.ENLACE_HOME))
    connection.close()
    os.execv(program, [program, *arguments, "--preload", "--log-level", "warning", "enlace.wsgi:application"])  # noqa: S606
