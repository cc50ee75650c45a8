"""Reads: the estimations and what they found, and how far a running one has come."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.pages import Page, page
from enlace.country.queries import current
from enlace.prevalence import rules
from enlace.prevalence.captures import COVARIATES
from enlace.prevalence.models import Estimation
from enlace.prevalence.permissions import visible
from reckon.prevalence import Captures, captures_from_masks
from reckon.prevalence.covariates import JointTable, joint_from_rows
from reckon.prevalence.results import Options, Study
from reckon.prevalence.stored import from_json, rebuilt
from reckon.prevalence.strata import Rates


@dataclass(frozen=True)
class Progress:
    """The stage of the work, how much of it is done, and when that was told."""

    stage: str
    done: int
    total: int
    told_at: datetime

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


def unfinished(*, viewer: Actor, limit: int) -> list[Estimation]:
    """What the viewer asked for and is not done yet, the oldest first."""
    rows = visible(viewer).filter(asked_by=viewer.id, status__in=rules.UNFINISHED).defer("result")
    return list(rows.order_by("asked_at")[:limit])


def estimation_page(*, viewer: Actor, cursor: str = "", size: int = 25) -> Page:
    """A page of all of them, newest first, without their results."""
    rows = visible(viewer).defer("result", "masks", "counts")
    return page(rows, order=("-asked_at", "-id"), cursor=cursor, size=size)


def estimation(*, viewer: Actor, estimation_id: UUID) -> Estimation:
    row = visible(viewer).filter(pk=estimation_id).first()
    if row is None:
        raise Missing(_("There is no such estimate."))
    return row


def captures_of(row: Estimation) -> Captures:
    return captures_from_masks(tuple(row.lists), row.masks, row.counts)


def options_of(row: Estimation) -> Options:
    options: Options = rebuilt(Options, row.options)
    return options


def status_of(estimation_id: UUID) -> str:
    return str(Estimation.objects.values_list("status", flat=True).get(pk=estimation_id))


def study_of(row: Estimation) -> Study:
    """The stored study of a finished estimation, as it was computed."""
    return from_json(Study, row.result)


def populations(year: int, forms: Collection[str]) -> dict[str, dict[str, int]]:
    """People in the country at mid-year by covariate and level; every form of exploitation may happen to anybody."""
    pack = current()
    found: dict[str, dict[str, int | None]] = {
        "sex": {sex: pack.population(None, year, sex) for sex in ("female", "male")},
        "age": {age: pack.population(None, year, None, age) for age in ("minor", "adult")},
        "form": {form: pack.population(None, year) for form in forms if form in pack.forms},
    }
    return {name: {level: n for level, n in levels.items() if n} for name, levels in found.items()}


def rates_of(row: Estimation) -> list[Rates]:
    """The stored rates by sex, age and form; none when the source did not tell."""
    return [rebuilt(Rates, one) for one in row.rates]


def table_of(row: Estimation) -> JointTable | None:
    """The people of an estimation by history and by sex, age and form; ``None`` when the source did not tell."""
    if not row.groups:
        return None
    names = COVARIATES
    lines = [
        {
            **{name: str(mask >> place & 1) for place, name in enumerate(row.lists)},
            **dict(zip(names, levels, strict=True)),
            "count": str(people),
        }
        for mask, *levels, people in row.groups
    ]
    return joint_from_rows(enumerate(lines, start=1), row.lists, names, {})


def progress(estimation_id: UUID) -> Progress | None:
    """How far the worker has come. It lives in the cache: telling it changes nothing worth a record."""
    told = cache.get(_progress_key(estimation_id))
    return Progress(*told) if told else None


def tell_progress(estimation_id: UUID, stage: str, done: int, total: int) -> None:
    cache.set(_progress_key(estimation_id), (stage, done, total, timezone.now()), timeout=24 * 3600)


def is_abandoned(row: Estimation) -> bool:
    told = progress(row.pk)
    return rules.is_abandoned(row.status, told.told_at if told else row.began_at, timezone.now())


def is_the_same(row: Estimation) -> bool | None:
    """Whether a repetition gave the same result, number for number; ``None`` unless both are done."""
    earlier = row.repeats
    if earlier is None or {row.status, earlier.status} != {rules.DONE}:
        return None
    return (row.result, row.rates) == (earlier.result, earlier.rates)


def _progress_key(estimation_id: UUID) -> str:
    return f"prevalence-{estimation_id}"
