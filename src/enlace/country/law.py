"""What the law says in figures: offences with their penalties, and time limits with where each comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from enlace.country.codelists import CodeList
from enlace.country.rows import PackError, read_csv, read_toml, unique

# L: read in the law. P: a policy that a country sets for itself. K: general knowledge, not checked.
SOURCES = ("L", "P", "K")
UNITS = {"hours": timedelta(hours=1), "days": timedelta(days=1), "working_days": timedelta(days=1)}

REQUIRED_LIMITS = (
    "immediate_safety",
    "screening",
    "child_notice",
    "tip_answer",
    "finance_answer",
    "detained_release",
    "report_answer",
    "insufficient_review",
    "identification_decision",
    "plan",
    "plan_review",
    "followup_1",
    "referral_answer",
    "referral_answer_shelter",
    "package_open",
    "vacancy_stale",
    "place_ask_again",
    "placement_hold",
    "stay_alert",
    "permit_lapse_alert",
    "break_glass",
    "break_glass_second",
    "own_page",
    "person_request_answer",
    "person_request_extension",
    "person_request_execution",
    "retention_not_trafficking",
    "retention_closed",
)


@dataclass(frozen=True)
class Limit:
    """A time limit. ``working`` means working days; the span is then that number of days as counted."""

    name: str
    span: timedelta
    working: bool
    source: str
    basis: str


@dataclass(frozen=True)
class Offence:
    """An article with its penalty. ``form`` is the code of an exploitation form, "base" or "related"."""

    code: str
    article: str
    form: str
    labels: Mapping[str, str]
    prison_min_years: int
    prison_max_years: int
    fine_min_days: int
    fine_max_days: int
    raised_rule: str
    means_required_adult: bool
    note: str

    def label(self, lang: str) -> str:
        return self.labels.get(lang) or next(iter(self.labels.values()))


def read_limits(folder: Path, kinds: CodeList) -> dict[str, Limit]:
    """The limits by name; those in ``REQUIRED_LIMITS`` must be there, and the clock of every kind of notice."""
    found: dict[str, Limit] = {}
    for name, row in read_toml(folder, "law/limits.toml"):
        if not name:
            continue
        units = [unit for unit in UNITS if unit in row.cells]
        if len(units) != 1:
            raise row.bad("days", "one of hours, days or working_days")
        amount = row.whole(units[0], at_least=1)
        if amount > 100_000:
            raise row.bad(units[0], "a span of less than 100,000")
        source = row.choice("source", SOURCES)
        found[name] = Limit(name, amount * UNITS[units[0]], units[0] == "working_days", source, row.text("basis"))
    for name in REQUIRED_LIMITS:
        if name not in found:
            raise PackError(f"{folder.name}/law/limits.toml", 0, name, "expected a section of this name")
    for kind in kinds:
        if kind.extra["limit"] not in found:
            file = f"{folder.name}/codes/notice_kind.csv"
            raise PackError(file, 0, "limit", f"expected the name of a limit for {kind.code}")
    return found


def read_offences(folder: Path, forms: CodeList, languages: Sequence[str]) -> tuple[Offence, ...]:
    columns = ["code", "article", "form", "prison_min_years", "prison_max_years", "means_required_adult"]
    rows = read_csv(folder, "law/offences.csv", [*columns, *(f"label_{lang}" for lang in languages)])
    unique(rows)
    return tuple(
        Offence(
            code=row.code(),
            article=row.text("article"),
            form=row.choice("form", {"base", "related", *(form.code for form in forms)}),
            labels=row.texts("label", languages),
            prison_min_years=(shortest := row.whole("prison_min_years")),
            prison_max_years=row.whole("prison_max_years", at_least=shortest),
            fine_min_days=(smallest := row.whole_or_none("fine_min_days") or 0),
            fine_max_days=row.whole("fine_max_days", at_least=smallest) if row.optional("fine_max_days") else 0,
            raised_rule=row.optional("raised_rule"),
            means_required_adult=row.yes("means_required_adult"),
            note=row.optional("note"),
        )
        for row in rows
    )
