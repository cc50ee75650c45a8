"""Why, for every site: what speaks for it, what against it, and what to ask or check before anybody is sent there."""

from datetime import datetime

import numpy as np

from enlace.directory.rules import FACTS, Criterion
from enlace.placements.rules.judging import Finding, Judgement
from enlace.placements.rules.notes import Notes
from enlace.placements.rules.offers import RANKING, Reason
from enlace.placements.rules.sites import Numbers, Rows

QUESTIONS = tuple(Reason("ask", detail={"fact": fact}) for fact in FACTS)


def pros(found: Judgement) -> Notes:
    """What earns points."""
    notes = Notes()
    notes.add_all(finding for finding in found.ranking if finding.reason.code in RANKING)
    return notes


def cons(found: Judgement) -> Notes:
    """The barriers in their order, then what earns no points."""
    notes = Notes()
    notes.add_all(found.first)
    for owner, (rows, columns) in zip(("site", "unit"), _conditions(found, found.fails), strict=True):
        notes.add([_condition(one, owner) for one in found.table.criteria], rows, columns)
    _note_beds(found, notes)
    notes.add_all(found.last)
    notes.add_all(finding for finding in found.ranking if finding.reason.code not in RANKING)
    return notes


def cautions(found: Judgement, at: datetime) -> Notes:
    """What to ask, whether the vacancy is stale, whether an interpreter is needed."""
    notes = Notes()
    _note_questions(found, notes)
    _note_stale(found, notes, at)
    if found.need.needs_interpreter:
        speaking = found.table.in_any(found.table.languages, found.need.languages)
        notes.add_all([Finding(Reason("interpreter"), ~speaking)])
    return notes


def _conditions(found: Judgement, chosen: Rows) -> list[tuple[Numbers, Numbers]]:
    """Rows of sites and the chosen conditions: of the sites themselves, and of the nearest unit of each."""
    units, columns = found.table.of_units.where(chosen)
    is_nearest = found.unit[found.table.unit_row[units]] == units
    return [found.table.of_sites.where(chosen), (found.table.unit_row[units[is_nearest]], columns[is_nearest])]


def _condition(one: Criterion, owner: str) -> Reason:
    numbers = {name: str(value) for name, value in (("least", one.least), ("most", one.most)) if value is not None}
    sense = {"of": owner, "must": "must" if one.must else "cannot", "values": ",".join(sorted(one.values))}
    return Reason(one.fact, detail=sense | numbers | {"basis": one.basis})


def _note_questions(found: Judgement, notes: Notes) -> None:
    """Each question once, whether the site or its unit asks it."""
    facts = np.array([FACTS.index(one.fact) for one in found.table.criteria], dtype=np.int64)
    asked = [rows * len(FACTS) + facts[columns] for rows, columns in _conditions(found, found.asks)]
    rows, which = np.divmod(np.unique(np.concatenate(asked)), len(FACTS))
    notes.add(QUESTIONS, rows, which)


def _note_beds(found: Judgement, notes: Notes) -> None:
    rows, units = _nearest(found, found.missing > 0)
    kinds = np.stack([found.table.free[units], found.table.total[units], found.missing[units]], axis=1)
    different, which = np.unique(kinds, axis=0, return_inverse=True)
    names = ("free", "total", "missing")
    reasons = [Reason("beds", detail=dict(zip(names, map(str, kind), strict=True))) for kind in different.tolist()]
    notes.add(reasons, rows, which.reshape(-1))


def _note_stale(found: Judgement, notes: Notes, at: datetime) -> None:
    """Only a vacancy can be stale: that a full house is full may be old news, but nobody is sent there."""
    rows, units = _nearest(found, found.is_stale & (found.missing == 0))
    hours, which = np.unique(np.floor((at.timestamp() - found.table.confirmed[units]) / 3600), return_inverse=True)
    reasons = [Reason("stale", detail={"hours": "" if np.isinf(age) else f"{age:.0f}"}) for age in hours.tolist()]
    notes.add(reasons, rows, which)


def _nearest(found: Judgement, of_units: Rows) -> tuple[Numbers, Numbers]:
    """The sites whose nearest unit is among these, and that unit."""
    rows = np.flatnonzero(found.unit >= 0)
    rows = rows[of_units[found.unit[rows]]]
    return rows, found.unit[rows]
