"""Code lists: a code, its names, when it is valid, and what it becomes in the standards of exchange."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from enlace.country.rows import PackError, Row, read_csv, unique

STANDARDS = ("htcds", "ctdc", "glotip")
OWN_COLUMNS = ("code", "valid_from", "valid_to", "note")
YES_NO = ("yes", "no")
YES_NO_COLUMNS = (
    "government", "abroad", "provider", "strong", "about_trafficking", "closes", "at_risk", "shares_identity",
    "carries_extract", "barred", "specialised", "completes", "followed_up", "contact", "reexploited", "ends", "foreign",
    "lawful", "carried_out", "lodging",
)  # fmt: skip
DOORS = ("hotline", "other", "report")  # "report": made of a public report, never chosen at a desk
# Columns that name a code of another list; those marked in SEVERAL name several, separated by spaces, or none for all.
REFERENCES = {
    "contact_channel": {"agency_kinds": "agency_kind", "origin": "case_origin"},
    "exit_reason": {"interruption": "interruption_reason"},
    "notice_kind": {"agency_kind": "agency_kind", "consent_purpose": "consent_purpose"},
    "report_topic": {"agency_kind": "agency_kind"},
}
SEVERAL = ("agency_kinds",)

# Every list the application asks for, with the columns of its own that it relies on.
LISTS: dict[str, tuple[str, ...]] = {
    "access_purpose": (),
    "accessibility": (),
    "age_group": ("min_age", "max_age", "majority"),
    "agency_kind": ("government", "abroad", "provider"),
    "case_origin": (),
    "closure_reason": ("followed_up",),
    "consent_giver": (),
    "consent_ground": (),
    "consent_purpose": (),
    "contact_channel": ("agency_kinds", "door", "origin"),
    "contact_disposition": ("about_trafficking", "closes"),
    "contact_relation": (),
    "contact_role": ("at_risk",),
    "contact_type": (),
    "country": ("alpha3",),
    "data_class": (),
    "decision_body": (),
    "decline_reason": (),
    "document_type": ("strong",),
    "education": (),
    "emergency_reason": (),
    "event_kind": (),
    "exit_destination": (),
    "exit_reason": ("completes", "interruption"),
    "exploitation_form": ("article", "fraction", "penalty_min_years", "penalty_max_years"),
    "followup_outcome": ("contact", "reexploited", "ends"),
    "funding_source": (),
    "gender": (),
    "identification_ground": (),
    "identification_status": (),
    "in_kind_item": (),
    "industry": (),
    "interruption_reason": (),
    "language": ("iso639_3",),
    "marital_status": (),
    "means": (),
    "migration_status": (),
    "notice_kind": ("agency_kind", "limit", "consent_purpose", "shares_identity", "carries_extract"),
    "notice_outcome": ("contact_outcome",),
    "notice_return": (),
    "official_level": (),
    "out_of_service_reason": (),
    "permit_end": (),
    "permit_kind": ("article", "decision_limit", "valid_limit", "foreign"),
    "permit_refusal": ("lawful",),
    "person_request": ("carried_out",),
    "place_exclusion": (),
    "place_precision": (),
    "plain_question": ("answer",),
    "receiving_side": (),
    "recruitment_method": (),
    "referral_reason": (),
    "referral_result": (),
    "report_topic": ("agency_kind",),
    "return_kind": ("abroad",),
    "return_risk": (),
    "risk_level": (),
    "security_level": ("level",),
    "service": ("lodging",),
    "sex": (),
    "sexual_exploitation_type": (),
    "site_kind": ("barred", "specialised", "article"),
    "support_plan_type": (),
    "trafficker_relationship": (),
    "vulnerability": (),
    "website_app": (),
}

# The codes that the application speaks of by name: a country may add to these lists but not leave these out.
CODES: dict[str, tuple[str, ...]] = {
    "age_group": ("unknown",),
    "case_origin": ("other",),
    "closure_reason": ("not_trafficking", "duplicate", "not_stated"),
    "consent_giver": ("person",),
    "consent_purpose": ("referral", "services", "repatriation"),
    "contact_disposition": ("possible_trafficking",),
    "contact_role": ("caller", "at_risk"),
    "data_class": tuple("ABCDEFGH"),
    "event_kind": ("recruitment", "transit", "exploitation"),
    "identification_ground": ("other_register", "followup"),
    "identification_status": ("presumed", "identified", "not_confirmed"),
    "notice_kind": ("child", "tip", "detained", "finance"),
    "permit_refusal": ("no_testimony",),
    "place_precision": ("none", "country", "state", "municipality", "exact"),
    "report_topic": ("official",),
    "risk_level": ("immediate", "unknown"),
    "service": ("SHELTER",),
    "sex": ("female", "male", "other", "unknown"),
}


@dataclass(frozen=True)
class Code:
    """One entry.

    ``maps`` holds the codes of other standards, several joined by ";"; ``extra`` the list's own columns.
    """

    code: str
    labels: Mapping[str, str]
    valid_from: date | None
    valid_to: date | None
    maps: Mapping[str, str]
    extra: Mapping[str, str]
    note: str

    def label(self, lang: str) -> str:
        """The name in this language, else in the pack's default language."""
        return self.labels.get(lang) or next(iter(self.labels.values()))

    def is_valid(self, on: date) -> bool:
        return (self.valid_from or date.min) <= on <= (self.valid_to or date.max)


@dataclass(frozen=True)
class CodeList:
    """The entries of one list, in the order of the file."""

    name: str
    by_code: Mapping[str, Code]

    def __iter__(self) -> Iterator[Code]:
        return iter(self.by_code.values())

    def __len__(self) -> int:
        return len(self.by_code)

    def __contains__(self, code: object) -> bool:
        return code in self.by_code

    def get(self, code: str) -> Code | None:
        return self.by_code.get(code)

    def choices(self, lang: str, on: date | None = None) -> list[tuple[str, str]]:
        """(code, label) pairs for a form, only those valid on the day when one is given."""
        return [(item.code, item.label(lang)) for item in self if on is None or item.is_valid(on)]

    def label(self, code: str, lang: str) -> str:
        """The name of a code; an unknown code is shown as it is, so that an old record can still be read."""
        item = self.get(code)
        return item.label(lang) if item else code


def read_codelists(folder: Path, languages: Sequence[str]) -> dict[str, CodeList]:
    """Every list of ``codes/``; the lists in ``LISTS`` must be there."""
    present = {path.stem for path in (folder / "codes").glob("*.csv")}
    found = {name: read_codelist(folder, name, languages) for name in sorted(present | set(LISTS))}
    _check_references(folder, found)
    return found


def _check_references(folder: Path, lists: Mapping[str, "CodeList"]) -> None:
    """Where one list names the codes of another, they are there."""
    for name, columns in REFERENCES.items():
        for row in read_csv(folder, f"codes/{name}.csv", ["code"]):
            for column, other in columns.items():
                if column in SEVERAL:
                    row.choices(column, lists[other].by_code)
                else:
                    row.choice_or_empty(column, lists[other].by_code)


def read_codelist(folder: Path, name: str, languages: Sequence[str]) -> CodeList:
    labels = [f"label_{lang}" for lang in languages]
    rows = read_csv(folder, f"codes/{name}.csv", ["code", *labels, *LISTS.get(name, ())])
    unique(rows)
    items = [_code(row, name, languages) for row in rows]
    for code in CODES.get(name, ()):
        if code not in {item.code for item in items}:
            raise PackError(
                rows[-1].file,
                rows[-1].line,
                "code",
                f"expected the code {code}, which the application relies on",
            )
    return CodeList(name, {item.code: item for item in items})


def _code(row: Row, name: str, languages: Sequence[str]) -> Code:
    valid_from, valid_to = row.day_or_none("valid_from"), row.day_or_none("valid_to")
    if valid_from and valid_to and valid_to < valid_from:
        raise row.bad("valid_to", f"a date not before valid_from ({valid_from})")
    maps = {standard: _target(row, name, standard) for standard in STANDARDS if row.optional(standard)}
    extra = {
        column: value
        for column, value in row.cells.items()
        if column not in (*OWN_COLUMNS, *STANDARDS) and not column.startswith("label_")
    }
    _check_extra(row, name)
    return Code(row.code(), row.texts("label", languages), valid_from, valid_to, maps, extra, row.optional("note"))


def _check_extra(row: Row, name: str) -> None:
    """The columns that the application reads as numbers or as yes and no."""
    for column in LISTS.get(name, ()):
        if column in YES_NO_COLUMNS:
            row.choice(column, YES_NO)
        elif column == "answer":
            row.text(column, "the words that count as an answer, separated by ;")
        elif column == "door":
            row.choice(column, DOORS)
        elif column == "level":
            row.whole(column)
        elif column in ("min_age", "max_age", "penalty_min_years", "penalty_max_years"):
            row.whole_or_none(column)
    low, high = row.whole_or_none("penalty_min_years"), row.whole_or_none("penalty_max_years")
    if name == "exploitation_form" and low is not None and high is not None and high < low:
        raise row.bad("penalty_max_years", f"a number not below penalty_min_years ({low})")


def _target(row: Row, name: str, standard: str) -> str:
    known = targets().get((name, standard), frozenset())
    value = row.text(standard)
    for part in value.split(";"):
        if part not in known:
            raise row.bad(standard, f"a code that the standard has for the list {name}, and {part[:60]!r} is not one")
    return value


@lru_cache
def targets() -> dict[tuple[str, str], frozenset[str]]:
    """What a code of one of our lists may become in a standard: (list, standard) -> codes, from a file.

    ``htcds``: Human Trafficking Case Data Standard 2.0, IOM, CC BY 4.0 (no endorsement claimed).
    ``ctdc``: columns and values of the k-anonymised data of the Counter-Trafficking Data Collaborative, 2021.
    ``glotip``: categories of UNODC's Global Report, from general knowledge: compare with the current form.
    """
    found: dict[tuple[str, str], set[str]] = {}
    with (Path(__file__).parent / "standards.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault((row["list"], row["standard"]), set()).add(row["code"])
    return {key: frozenset(codes) for key, codes in found.items()}


def check_age_groups(folder: Path, adult_age: int) -> None:
    """Age groups follow one another from 0 without gap or overlap, and none straddles the age of majority."""
    rows = read_csv(folder, "codes/age_group.csv", LISTS["age_group"])
    aged = [row for row in rows if row.optional("min_age") or row.optional("max_age")]
    expected: int | None = 0
    for row in aged:
        low, high = row.whole("min_age"), row.whole_or_none("max_age")
        if low != expected:
            raise row.bad(
                "min_age",
                "no group after an open one" if expected is None else f"{expected}, where the last group ends",
            )
        if high is not None and high < low:
            raise row.bad("max_age", f"an age not below min_age ({low})")
        if low < adult_age and (high is None or high >= adult_age):
            raise row.bad("max_age", f"an age below {adult_age}, so that a group is all minors or all adults")
        row.choice("majority", ("minor",) if low < adult_age else ("adult",))
        expected = None if high is None else high + 1
    if expected is not None:
        raise PackError(rows[-1].file, rows[-1].line, "max_age", "expected a last group without an upper age")
