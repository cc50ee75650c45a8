"""Reads ``screening/rule.toml``: what is wrong is told by file, line and field."""

from collections.abc import Collection, Sequence
from pathlib import Path

from enlace.country.instruments import ScreeningIndicator
from enlace.country.protocols.read import Vocabulary, digest
from enlace.country.protocols.rule import (
    AGES,
    POSSIBLE,
    PRESUMED,
    SECTORS,
    SHOWN_FACTS,
    Combination,
    Dimension,
    Either,
    Every,
    Formula,
    IsPositive,
    IsShown,
    PersonRule,
    ScreeningRule,
)
from enlace.country.protocols.tables import Table, placed, places, top, unique
from enlace.country.rows import parse_toml, read_text

FILE = "screening/rule.toml"
STRENGTHS = ("strong", "medium", "weak")
DEEPEST = 12


def read_rule(folder: Path, vocabulary: Vocabulary, indicators: Sequence[ScreeningIndicator]) -> ScreeningRule | None:
    """The rule of the pack, or None when it has none."""
    if not (folder / FILE).exists():
        return None
    text = read_text(folder, FILE)
    shown = f"{folder.name}/{FILE}"
    content = parse_toml(shown, text)
    head = Table(shown, "", content, top(text))
    head.only("code", "basis", "combinations", "dimensions", "signs", "people", "sectors")
    dimensions = _dimensions(_tables(head, text, "dimensions"), vocabulary, indicators)
    return ScreeningRule(
        code=head.code(),
        basis=head.word("basis"),
        combinations=tuple(_combination(table) for table in _tables(head, text, "combinations")),
        dimensions=dimensions,
        signs=head.words("signs", {i.rule_role for i in indicators}, "rule_role in screening/indicators.csv"),
        people=_people(_tables(head, text, "people"), vocabulary, {dimension.code for dimension in dimensions}),
        sectors=_sectors(head, text, vocabulary),
        digest=digest(content),
    )


def _tables(head: Table, text: str, name: str) -> list[Table]:
    tables = placed(head.tables(name), places(text, name))
    if not tables:
        raise head.bad(name, "at least one table of this name")
    return tables


def _combination(table: Table) -> Combination:
    table.only(*STRENGTHS)
    counts = [table.whole(name, at_least=0) if name in table.values else 0 for name in STRENGTHS]
    if not any(counts):
        raise table.bad("strong", f"at least one indicator in {', '.join(STRENGTHS)}")
    return Combination(*counts)


def _dimensions(
    tables: Sequence[Table], vocabulary: Vocabulary, indicators: Sequence[ScreeningIndicator]
) -> tuple[Dimension, ...]:
    scored = {indicator.dimension for indicator in indicators if any(indicator.strengths.values())}
    unique(tables)
    found = []
    for table in tables:
        table.only("code", "shows", "title")
        code = table.word("code", scored)
        shows = table.words("shows", SHOWN_FACTS, "facts (" + ", ".join(SHOWN_FACTS) + ")")
        found.append(Dimension(code, table.texts("title", vocabulary.languages), shows))
    return tuple(found)


def _people(tables: Sequence[Table], vocabulary: Vocabulary, dimensions: Collection[str]) -> tuple[PersonRule, ...]:
    unique(tables)
    found: list[PersonRule] = []
    for table in tables:
        person = _person(table, vocabulary, dimensions)
        if found and found[-1].class_code == POSSIBLE and person.class_code == PRESUMED:
            raise table.bad("class", f"{PRESUMED} before {POSSIBLE}: the first that holds is what was found")
        found.append(person)
    return tuple(found)


def _person(table: Table, vocabulary: Vocabulary, dimensions: Collection[str]) -> PersonRule:
    table.only("code", "ages", "class", "refer", "provisional", "basis", "when", "title")
    ages = table.words("ages", AGES, "ages (" + ", ".join(AGES) + ")")
    if not ages:
        raise table.bad("ages", f"one or both of {', '.join(AGES)}")
    return PersonRule(
        code=table.code(),
        titles=table.texts("title", vocabulary.languages),
        ages=ages,
        class_code=table.word("class", (POSSIBLE, PRESUMED)),
        when=_formula(table.table("when"), dimensions),
        refer=table.flag("refer"),
        provisional=table.flag("provisional"),
        basis=table.word("basis"),
    )


def _formula(table: Table, dimensions: Collection[str], depth: int = 1) -> Formula:
    operators = ("all", "any", "dimension", "fact")
    table.only(*operators)
    if len(table.values) != 1:
        raise table.bad("all", f"exactly one of {', '.join(operators)}")
    if "dimension" in table.values:
        return IsPositive(table.word("dimension", dimensions))
    if "fact" in table.values:
        return IsShown(table.word("fact", SHOWN_FACTS))
    (name,) = table.values
    if depth > DEEPEST:
        raise table.bad(name, f"formulas within one another at most {DEEPEST} deep")
    parts = tuple(_formula(part, dimensions, depth + 1) for part in table.tables(name))
    if not parts:
        raise table.bad(name, "at least one formula")
    return Every(parts) if name == "all" else Either(parts)


def _sectors(head: Table, text: str, vocabulary: Vocabulary) -> dict[str, str]:
    (table,) = placed([head.table("sectors")], places(text, "sectors"))
    table.only(*vocabulary.codes("exploitation_form"))
    return {form: table.word(form, SECTORS) for form in table.values}
