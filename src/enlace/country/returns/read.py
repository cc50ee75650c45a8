"""Reads the templates of ``returns/``, one file for each version: ``ID-VERSION.toml``. The first defect raises ``PackError``."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

from enlace.country.codelists import CodeList
from enlace.country.returns.types import (
    ERROR,
    LEVELS,
    PERIODICITIES,
    RULE_KINDS,
    UNITS,
    WARNING,
    Category,
    CheckRule,
    Dimension,
    Measure,
    ReturnTemplate,
)
from enlace.country.rows import PackError, parse_toml, read_text

FOLDER = "returns"
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
CATEGORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
MOST_CELLS = 2000
FIELDS = {
    "": "id version valid_from valid_to label description legal_basis kinds level periodicity due_days dimension measure rule",
    "dimension": "id label list also category",
    "category": "code label",
    "measure": "id unit label hint by",
    "rule": "id kind level measure text by whole low high least indicator",
}
NEEDS = {
    "sum": ("by",),
    "range": (),
    "part": ("whole",),
    "previous": ("low", "high"),
    "casework": ("indicator",),
}


def read_returns(
    folder: Path, codelists: Mapping[str, CodeList], languages: Sequence[str], indicators: Mapping[str, str]
) -> tuple[ReturnTemplate, ...]:
    """Every template of the pack by id and version; ``indicators`` maps the pack's indicators to their units."""
    found = [
        _Reader(f"{folder.name}/{FOLDER}/{path.name}", codelists, tuple(languages), indicators).template(
            parse_toml(f"{folder.name}/{FOLDER}/{path.name}", read_text(folder, f"{FOLDER}/{path.name}")), path.stem
        )
        for path in sorted((folder / FOLDER).glob("*.toml"))
    ]
    found.sort(key=lambda template: (template.id, template.version))
    for earlier, later in pairwise(found):
        if earlier.id == later.id and (earlier.valid_to or date.max) >= later.valid_from:
            shown = f"{folder.name}/{FOLDER}/{later.id}-{later.version}.toml"
            raise PackError(shown, 0, "valid_from", "expected a day after version "
                            f"{earlier.version} has ended (its valid_to)")  # fmt: skip
    return tuple(found)


@dataclass(frozen=True)
class _Reader:
    """Reads one file; every refusal names the file, the table and the field."""

    shown: str
    codelists: Mapping[str, CodeList]
    languages: tuple[str, ...]
    indicators: Mapping[str, str]

    def template(self, raw: Mapping[str, Any], stem: str) -> ReturnTemplate:
        self._known("", "", raw)
        dimensions = tuple(self._dimension(nth, one) for nth, one in self._tables(raw, "dimension"))
        self._once("dimension", [one.id for one in dimensions])
        measures = tuple(self._measure(nth, one, dimensions) for nth, one in self._tables(raw, "measure"))
        self._once("measure", [one.id for one in measures])
        made = ReturnTemplate(
            id=self._code("", raw, "id"),
            version=self._whole("", raw, "version", 1),
            valid_from=self._day(raw, "valid_from"),
            valid_to=self._day(raw, "valid_to") if "valid_to" in raw else None,
            labels=self._texts("", raw, "label"),
            descriptions=self._texts("", raw, "description"),
            legal_basis=self._text("", raw, "legal_basis"),
            kinds=self._kinds(raw),
            level=self._choice("", raw, "level", LEVELS),
            periodicity=self._choice("", raw, "periodicity", PERIODICITIES),
            due_days=self._whole("", raw, "due_days", 1),
            dimensions=dimensions,
            measures=measures,
            rules=tuple(self._rule(nth, one, measures) for nth, one in self._tables(raw, "rule")),
        )
        self._once("rule", [one.id for one in made.rules])
        self._whole_template(made, stem)
        return made

    def _whole_template(self, made: ReturnTemplate, stem: str) -> None:
        if stem != f"{made.id}-{made.version}":
            self._refuse("id", f"the name of the file, {made.id}-{made.version}.toml")
        if made.valid_to and made.valid_to < made.valid_from:
            self._refuse("valid_to", "a day not before valid_from")
        if not made.measures:
            self._refuse("measure", "at least one table [[measure]]")
        if sum(1 for measure in made.measures for _ in made.keys(measure)) > MOST_CELLS:
            self._refuse("measure", f"at most {MOST_CELLS} cells to answer, breakdowns included")

    def _dimension(self, nth: str, raw: Mapping[str, Any]) -> Dimension:
        self._known(nth, "dimension", raw)
        listed: list[Category] = []
        if "list" in raw:
            codes = self.codelists[self._choice(nth, raw, "list", self.codelists)]
            listed = [Category(item.code, dict(item.labels)) for item in codes]
        own = [self._category(one) for name in ("category", "also") for one in self._tables(raw, name)]
        self._once(f"{nth}: category", [one.code for one in (*listed, *own)])
        if len(listed) + len(own) < 2:
            self._refuse(f"{nth}: category", "two categories or more, from a code list or its own")
        return Dimension(self._code(nth, raw, "id"), self._texts(nth, raw, "label"), (*listed, *own))

    def _category(self, numbered: tuple[str, Mapping[str, Any]]) -> Category:
        nth, raw = numbered
        self._known(nth, "category", raw)
        code = raw.get("code")
        if not isinstance(code, str) or not CATEGORY.fullmatch(code):
            self._refuse(f"{nth}: code", "a code of letters, digits, _ . or -")
        return Category(code, self._texts(nth, raw, "label"))

    def _measure(self, nth: str, raw: Mapping[str, Any], dimensions: Sequence[Dimension]) -> Measure:
        self._known(nth, "measure", raw)
        by = raw.get("by", [])
        known = {one.id for one in dimensions}
        if not isinstance(by, list) or any(not self._are_dimensions(names, known) for names in by):
            self._refuse(f"{nth}: by", 'lists of dimensions of this template, such as [["form"], ["sex", "age_group"]]')
        self._once(f"{nth}: by", [" ".join(sorted(names)) for names in by])
        return Measure(
            id=self._code(nth, raw, "id"),
            unit=self._choice(nth, raw, "unit", UNITS),
            labels=self._texts(nth, raw, "label"),
            hints=self._texts(nth, raw, "hint") if "hint" in raw else {},
            by=tuple(tuple(names) for names in by),
        )

    def _rule(self, nth: str, raw: Mapping[str, Any], measures: Sequence[Measure]) -> CheckRule:
        self._known(nth, "rule", raw)
        asked = {one.id: one for one in measures}
        kind = self._choice(nth, raw, "kind", RULE_KINDS)
        for name in NEEDS[kind]:
            if name not in raw:
                self._refuse(f"{nth}: {name}", f"this field, which a rule of the kind {kind} needs")
        measure = asked[self._choice(nth, raw, "measure", asked)]
        rule = CheckRule(
            id=self._code(nth, raw, "id"),
            kind=kind,
            level=self._choice(nth, raw, "level", (ERROR, WARNING)),
            measure=measure.id,
            texts=self._texts(nth, raw, "text"),
            by=self._breakdown(nth, raw, measure),
            whole=self._choice(nth, raw, "whole", asked) if "whole" in raw else "",
            low=self._number(nth, raw, "low"),
            high=self._number(nth, raw, "high"),
            least=self._whole(nth, raw, "least", 0) if "least" in raw else 0,
            indicator=self._choice(nth, raw, "indicator", self.indicators) if "indicator" in raw else "",
        )
        self._sound_rule(nth, rule, measure, asked)
        return rule

    def _sound_rule(self, nth: str, rule: CheckRule, measure: Measure, asked: Mapping[str, Measure]) -> None:
        """Numbers of different units are never compared, and what Enlace cannot prove is no error."""
        if rule.whole and asked[rule.whole].unit != measure.unit:
            self._refuse(f"{nth}: whole", f"a measure of the same unit, {measure.unit}")
        if rule.indicator and self.indicators[rule.indicator] != measure.unit:
            self._refuse(f"{nth}: indicator", f"an indicator of the same unit, {measure.unit}")
        if rule.kind in ("previous", "casework") and rule.level != WARNING:
            self._refuse(f"{nth}: level", "warning: a difference from other numbers is no proof of a mistake")
        if rule.low is not None and rule.high is not None and rule.high < rule.low:
            self._refuse(f"{nth}: high", "a number not below low")
        if rule.kind == "range" and rule.low is None and rule.high is None:
            self._refuse(f"{nth}: low", "low, high or both")

    def _breakdown(self, nth: str, raw: Mapping[str, Any], measure: Measure) -> tuple[str, ...]:
        by = raw.get("by", [])
        if by and (not isinstance(by, list) or by not in [list(names) for names in measure.by]):
            self._refuse(f"{nth}: by", f"one of the breakdowns of {measure.id}")
        return tuple(by)

    def _kinds(self, raw: Mapping[str, Any]) -> tuple[str, ...]:
        given = raw.get("kinds")
        known = self.codelists["agency_kind"]
        if not isinstance(given, list) or not given or any(kind not in known for kind in given):
            self._refuse("kinds", "a list of codes of agency_kind, the first being who answers as a rule")
        return tuple(given)

    def _are_dimensions(self, names: Any, known: Collection[str]) -> bool:
        return isinstance(names, list) and bool(names) and len(set(names)) == len(names) and set(names) <= set(known)

    def _tables(self, raw: Mapping[str, Any], name: str) -> list[tuple[str, Mapping[str, Any]]]:
        given = raw.get(name, [])
        if not isinstance(given, list) or any(not isinstance(one, dict) for one in given):
            self._refuse(name, f"tables of the name [[{name}]]")
        return [
            (f"{name} {nth} ({str(one.get('id', one.get('code', '')))[:40]})", one) for nth, one in enumerate(given, 1)
        ]

    def _known(self, nth: str, table: str, raw: Mapping[str, Any]) -> None:
        for name in raw:
            if name not in FIELDS[table].split():
                self._refuse(f"{nth}: {name}" if nth else str(name)[:40], f"only {FIELDS[table].replace(' ', ', ')}")

    def _once(self, place: str, codes: Sequence[str]) -> None:
        for code in codes:
            if codes.count(code) > 1:
                self._refuse(place, f"each once, and {code} is there more than once")

    def _refuse(self, place: str, expected: str) -> NoReturn:
        raise PackError(self.shown, 0, place, f"expected {expected}")

    def _place(self, nth: str, name: str) -> str:
        return f"{nth}: {name}" if nth else name

    def _text(self, nth: str, raw: Mapping[str, Any], name: str) -> str:
        value = raw.get(name)
        if not isinstance(value, str) or not value.strip():
            self._refuse(self._place(nth, name), "a text")
        return value.strip()

    def _code(self, nth: str, raw: Mapping[str, Any], name: str) -> str:
        value = raw.get(name)
        if not isinstance(value, str) or not CODE.fullmatch(value):
            self._refuse(self._place(nth, name), "a name of small letters, digits and _")
        return value

    def _choice(self, nth: str, raw: Mapping[str, Any], name: str, allowed: Collection[str]) -> str:
        value = raw.get(name)
        if not isinstance(value, str) or value not in allowed:
            self._refuse(self._place(nth, name), f"one of {', '.join(sorted(allowed)[:12])}")
        return value

    def _whole(self, nth: str, raw: Mapping[str, Any], name: str, at_least: int) -> int:
        value = raw.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not at_least <= value <= 1000:
            self._refuse(self._place(nth, name), f"a whole number from {at_least} to 1000")
        return value

    def _number(self, nth: str, raw: Mapping[str, Any], name: str) -> Decimal | None:
        value = raw.get(name)
        if value is None:
            return None
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < 10**12:
            self._refuse(self._place(nth, name), "a number that is not negative")
        return Decimal(str(value))

    def _day(self, raw: Mapping[str, Any], name: str) -> date:
        value = raw.get(name)
        if type(value) is not date:
            self._refuse(name, "a date such as 2024-06-07, without quotes")
        return value

    def _texts(self, nth: str, raw: Mapping[str, Any], name: str) -> dict[str, str]:
        value = raw.get(name)
        texts = value if isinstance(value, dict) and set(value) == set(self.languages) else {}
        if not texts or any(not isinstance(text, str) or not text.strip() for text in texts.values()):
            self._refuse(self._place(nth, name), f"a text in each of {', '.join(self.languages)}")
        return {lang: texts[lang].strip() for lang in self.languages}
