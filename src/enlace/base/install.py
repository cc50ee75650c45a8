"""What a machine needs before the first page: the database, the translations, a server."""

import contextlib
import io
import socket
import sys
import time
from typing import Any

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from gunicorn.app.base import BaseApplication

from enlace.base.catalogue import compile_all
from enlace.base.errors import Refusal
from enlace.base.worker import worker


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
    """Serve on this machine's own address until it is stopped. Raises ``Refusal`` when the port is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Refusal(_("Port %d is taken. Choose another with --port.") % port) from error
    steps(_("Open http://127.0.0.1:%d (stop with Ctrl+C)") % port)
    connection.close()
    with worker():
        Server(port).run()
    return 0


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn in this process, so that what is loaded is not loaded again: two workers of four threads."""

    def __init__(self, port: int) -> None:
        self.port = port
        super().__init__()

    def load_config(self) -> None:
        options = {
            "bind": f"127.0.0.1:{self.port}",
            "workers": 2,
            "threads": 4,
            "worker_class": "gthread",
            "preload_app": True,
            "loglevel": "warning",
            "proc_name": "enlace",
            "control_socket_disable": True,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return get_wsgi_application()
