"""Screenings that were made elsewhere and arrive whole: from a tablet without a connection, a sheet of paper, an import."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.permissions import check
from enlace.screening import asked
from enlace.screening.actions.answers import AnswerPage, answer_screenings
from enlace.screening.actions.finishing import Finish, finish_screenings
from enlace.screening.actions.starting import Start, start_screenings
from enlace.screening.models import Screening


@dataclass(frozen=True, kw_only=True, repr=False)
class Recorded:
    """One screening with its answers; ``start`` names the version and the steps of safety that were seen to.

    ``digest`` is that of the protocol's content as it was asked ("": not known). Without ``finished_at`` it stays under way.
    It prints as nothing, so that no log can show the answers.
    """

    start: Start
    values: Mapping[str, object]
    digest: str = ""
    finished_at: datetime | None = None


def record_screenings(*, by: Actor, rows: Sequence[Recorded]) -> list[Screening]:
    """Record screenings with their answers, and finish those that were finished: all of it or nothing.

    Refused as if each step had been taken here: see ``start_screenings``, ``answer_screenings``, ``finish_screenings``.
    """
    check(by, "SCREENING_RECORD")
    with audited(by=by, action="screening.recorded", detail={"count": len(rows)}, data_class="C") as event:
        for row in rows:
            if row.digest:
                asked.protocol(row.start.protocol_code, row.start.protocol_version, row.digest)
        screenings = start_screenings(by=by, rows=[row.start for row in rows])
        pages = [
            AnswerPage(
                screening_id=made.pk, protocol_version=made.protocol_version, values=row.values, at=row.start.started_at
            )
            for made, row in zip(screenings, rows, strict=True)
            if row.values
        ]
        answer_screenings(by=by, rows=pages)
        ended = [
            Finish(screening_id=made.pk, at=row.finished_at)
            for made, row in zip(screenings, rows, strict=True)
            if row.finished_at
        ]
        finish_screenings(by=by, rows=ended)
        if len(screenings) == 1:
            event.about("screening", screenings[0].pk)
    return screenings
