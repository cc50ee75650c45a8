"""Question sets and warning signs: screening indicators, financial red flags, indicator definitions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from enlace.country.rows import PackError, Row, parse_toml, read_csv, read_text, unique

STRENGTHS = ("S", "M", "W", "")
POPULATIONS = ("adult_labour", "child_labour", "adult_sexual", "child_sexual")


@dataclass(frozen=True)
class ScreeningIndicator:
    """One sign or question; ``strengths`` maps a population to S strong, M medium or W weak, where set."""

    id: str
    instrument: str
    dimension: str
    population: str
    strengths: Mapping[str, str]
    rule_role: str
    texts: Mapping[str, str]
    basis: str

    def text(self, lang: str) -> str:
        return self.texts.get(lang) or next(iter(self.texts.values()))


@dataclass(frozen=True)
class RedFlag:
    """A financial warning sign. ``rule_hint`` is a starting value for a rule, not a published limit."""

    id: str
    category: str
    exploitation: str
    texts: Mapping[str, str]
    data_needed: str
    rule_hint: str
    source_family: str

    def text(self, lang: str) -> str:
        return self.texts.get(lang) or next(iter(self.texts.values()))


@dataclass(frozen=True)
class IndicatorDefinition:
    """A definition as it stands in its file; ``Pack.definitions`` is what it means."""

    file: str
    definition: Mapping[str, Any]


def read_screening(folder: Path, languages: Sequence[str]) -> tuple[ScreeningIndicator, ...]:
    columns = ["id", "instrument", "dimension", "population", "rule_role", "basis"]
    return tuple(
        ScreeningIndicator(
            id=row.code("id"),
            instrument=row.code("instrument"),
            dimension=row.code("dimension"),
            population=row.text("population"),
            strengths=_strengths(row),
            rule_role=row.code("rule_role"),
            texts=row.texts("text", languages),
            basis=row.text("basis"),
        )
        for row in _rows(folder, "screening/indicators.csv", columns, languages)
    )


def _strengths(row: Row) -> dict[str, str]:
    found = {name: row.choice(f"strength_{name}", STRENGTHS) for name in POPULATIONS}
    return {name: strength for name, strength in found.items() if strength}


def read_red_flags(folder: Path, languages: Sequence[str]) -> tuple[RedFlag, ...]:
    columns = ["id", "category", "exploitation", "data_needed", "rule_hint", "source_family"]
    return tuple(
        RedFlag(
            id=row.code("id"),
            category=row.code("category"),
            exploitation=row.code("exploitation"),
            texts=row.texts("text", languages),
            data_needed=row.text("data_needed"),
            rule_hint=row.text("rule_hint"),
            source_family=row.text("source_family"),
        )
        for row in _rows(folder, "finance/red_flags.csv", columns, languages)
    )


def _rows(folder: Path, name: str, columns: list[str], languages: Sequence[str]) -> list[Row]:
    if not (folder / name).exists():
        return []
    rows = read_csv(folder, name, [*columns, *(f"text_{lang}" for lang in languages)])
    unique(rows, "id")
    return rows


def read_glossary(folder: Path, languages: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Terms in the order of the pack's languages."""
    if not (folder / "labels" / "glossary.csv").exists():
        return ()
    rows = read_csv(folder, "labels/glossary.csv", languages)
    unique(rows, languages[0])
    return tuple(
        tuple(row.text(lang, "a translation in every language of the pack") for lang in languages) for row in rows
    )


def read_indicators(folder: Path) -> tuple[IndicatorDefinition, ...]:
    """One for each ``[[indicator]]``, or for each file that is one, in the order of the files."""
    found: list[IndicatorDefinition] = []
    for name in sorted(path.name for path in (folder / "indicators").glob("*.toml")):
        place = f"{folder.name}/indicators/{name}"
        raw = parse_toml(place, read_text(folder, f"indicators/{name}"))
        items = raw.get("indicator", [raw])
        if not isinstance(items, list) or ("indicator" in raw and len(raw) > 1):
            raise PackError(place, 0, "indicator", "expected a list of tables [[indicator]], and nothing beside it")
        found += [IndicatorDefinition(name, item) for item in items]
    return tuple(found)


def units_of(indicators: Sequence[IndicatorDefinition]) -> dict[str, str]:
    """What each indicator counts, by its id, as its file says it."""
    return {str(one.definition.get("id", "")): str(one.definition.get("unit", "")) for one in indicators}
