"""Returns come in as files: what can be read is kept as a draft, what cannot is kept beside it with the reason."""

from uuid import UUID

from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.returns import queries
from enlace.returns.actions.filling import save_return
from enlace.returns.actions.opening import open_return
from enlace.returns.files import About, FileReturn, read_file
from enlace.returns.models import PeriodicReturn


def save_file(*, by: Actor, return_id: UUID, content: bytes) -> PeriodicReturn:
    """Take the answers of a CSV or XLSX file into an open return. Raises ``Refusal`` for a file about another return."""
    row = queries.periodic_return(viewer=by, return_id=return_id)
    wanted = About(row.template_code, row.period, row.state_code)
    found = read_file(content)
    for one in found:
        if one.about != wanted:
            about = (one.about.template, one.about.period, one.about.state or "-")
            raise Refusal(
                _("The file is about another return (%(about)s). Nothing was taken from it.")
                % {"about": " · ".join(part[:40] for part in about)}
            )
    return _save(by, row.pk, found[0])


def import_returns(*, by: Actor, content: bytes) -> list[PeriodicReturn]:
    """Every return of a file, opened where nobody has begun it, kept as drafts; submitting them is another step."""
    found = read_file(content)
    rows = [
        open_return(by=by, template_id=one.about.template, period=one.about.period, state_code=one.about.state)
        for one in found
    ]
    return [_save(by, row.pk, one) for row, one in zip(rows, found, strict=True)]


def _save(by: Actor, return_id: UUID, found: FileReturn) -> PeriodicReturn:
    return save_return(by=by, return_id=return_id, typed=found.typed, drop_strange=True)
