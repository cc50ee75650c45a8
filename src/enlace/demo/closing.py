"""The last calibrated year is closed: what states and agencies returned, counted with the casework, released by two people.

``data/returns`` holds the answers of a country. National numbers are the published ones; how they fall on states is invented.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from enlace.base.actor import Actor
from enlace.country.queries import current
from enlace.country.returns import TOTAL, Key, ReturnTemplate
from enlace.demo.cascade import last_year
from enlace.demo.caseload import acting_for
from enlace.demo.people import actor
from enlace.releases.actions import close_year
from enlace.returns.actions import accept_return, check_return, open_return, save_return, submit_return
from enlace.returns.queries import answering_agencies, template_for
from enlace.returns.rules import NO_DATA, SHORT, Typed, cells, period_of, read_key

FILES = Path(__file__).parent / "data" / "returns"
PREPARES, APPROVES = "estadistica", "direccion"
Answers = Mapping[tuple[str, Key], str]


def receive() -> int:
    """Open, fill in and submit each return of the country's file; returns how many.

    Those of the calibrated years are checked and accepted; a later one waits for somebody to look at it.
    """
    path, judge = FILES / f"{current().code}.csv", actor(PREPARES)
    if judge is None or not path.exists():
        return 0
    found = list(answered(path))
    for template_id, period, state, answers in found:
        template = template_for(template_id, period_of(period))
        sender = _sender(template, state)
        row = open_return(by=sender, template_id=template_id, period=period, state_code=state)
        save_return(by=sender, return_id=row.pk, typed=typed(template, answers))
        submit_return(by=sender, return_id=row.pk)
        if row.ends_on.year <= (last_year() or 0):
            check_return(by=judge, return_id=row.pk)
            accept_return(by=judge, return_id=row.pk)
    return len(found)


def release(year: int) -> bool:
    """Publish the year as counted; whether this country's demonstration has the two people that it takes."""
    first, second = actor(PREPARES), actor(APPROVES)
    if first is None or second is None:
        return False
    close_year(by=first, second=second, year=year)
    return True


def answered(path: Path) -> Iterator[tuple[str, str, str, Answers]]:
    """The returns of a country's file: template, period, state, and the answers that it gives."""
    found: dict[tuple[str, str, str], dict[tuple[str, Key], str]] = defaultdict(dict)
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            cell = (row["measure"], read_key(row["key"]))
            found[row["template"], row["period"], row["state"]][cell] = row["answer"]
    for (template_id, period, state), answers in found.items():
        yield template_id, period, state, answers


def _sender(template: ReturnTemplate, state: str) -> Actor:
    asked = answering_agencies(template).get(state)
    return acting_for(asked[0] if asked else "")


def typed(template: ReturnTemplate, answers: Answers) -> Sequence[Typed]:
    """Every cell: what the file says, zero where the rest of a breakdown that it gives is, and else that there are no data."""
    told = {(measure, _dimensions(key)) for measure, key in answers if key}
    found = []
    for measure, key in cells(template):
        total = answers.get((measure.id, TOTAL))
        is_rest = total == "0" or (measure.id, _dimensions(key)) in told
        found.append(
            Typed(cell=(measure.id, key), text=answers.get((measure.id, key), "0" if is_rest else SHORT[NO_DATA]))
        )
    return found


def _dimensions(key: Key) -> tuple[str, ...]:
    return tuple(name for name, _code in key)
