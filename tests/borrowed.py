"""A request of the test client runs on the test's own connection, which a real server's never does."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from enlace.base.actor import Actor
from enlace.base.rows import show_rows_of


class BorrowedConnection:
    """Middleware around all others: after the request the test sees again what it saw before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            show_rows_of(Actor.system("tests"))
