"""Capture histories from our own records: a list is a kind of agency, or one agency, and who is on it was met by it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from enlace.accounts.queries import agency_kinds, agency_names
from enlace.base.actor import Actor
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.cases.facts import CaseFact, RecordedFact, case_facts, recorded
from enlace.country.labels import label
from enlace.country.queries import current
from reckon.prevalence import BadCaptures, Captures, captures_from_masks

GATHERING = Actor.system("prevalence")
BY_KIND, BY_AGENCY = "kind", "agency"
COVARIATES = ("sex", "age", "form")
BATCH = 5000


@dataclass(frozen=True)
class Gathered:
    """``meetings`` are person and agency pairs; ``by_referral`` of them because another agency sent the person.

    ``rows`` are the same people split by what rates are asked for: (history, sex, age, form, people).
    """

    captures: Captures
    rows: tuple[tuple[int, str, str, str, int], ...]
    meetings: int
    by_referral: int


def captures_of_cases(*, viewer: Actor, start: date, end: date, by: str = BY_KIND) -> Gathered:
    """Who was met by which lists in a period, from the cases on which agencies work; only counts leave this function.

    A referral puts a person on the recipient's list because of the sender's: such lists are not independent, and how
    many meetings came so is told. Raises ``BadCaptures`` when no case was recorded.
    """
    check(viewer, "PREVALENCE_RUN")
    with seeing_as(GATHERING):
        met = list(recorded(start, end))
        about = _about(met, end)
    if not met:
        raise BadCaptures("No case was recorded in this period. Choose another one.")
    names = _kind_names() if by == BY_KIND else agency_names()
    lists = sorted({names.get(fact.agency_code, fact.agency_code) for fact in met})
    histories: dict[UUID, int] = {}
    for fact in met:
        bit = 1 << lists.index(names.get(fact.agency_code, fact.agency_code))
        histories[fact.person_id] = histories.get(fact.person_id, 0) | bit
    counted = Counter((mask, *about[person_id]) for person_id, mask in histories.items())
    rows = tuple((*cell, people) for cell, people in sorted(counted.items()))
    captures = captures_from_masks(lists, [row[0] for row in rows], [row[-1] for row in rows])
    return Gathered(captures, rows, len(met), sum(fact.by_referral for fact in met))


def _about(met: list[RecordedFact], on: date) -> dict[UUID, tuple[str, str, str]]:
    """Sex, age (minor or adult) and form of exploitation of each person, from one of their cases."""
    case_ids = list({fact.person_id: fact.case_id for fact in met}.values())
    found: dict[UUID, CaseFact] = {}
    for start in range(0, len(case_ids), BATCH):
        found |= case_facts(case_ids[start : start + BATCH], on)
    ages = current().codes("age_group")
    majority = {code.code: code.extra.get("majority", "") for code in ages}
    return {
        fact.person_id: (fact.sex_code, majority.get(fact.age_group_code) or "unknown", fact.form_code or "unknown")
        for fact in found.values()
    }


def _kind_names() -> dict[str, str]:
    return {code: label("agency_kind", kind) for code, kind in agency_kinds().items()}
