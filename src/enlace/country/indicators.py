"""What the indicators of a pack mean, checked against its code lists, figures and templates of returns."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from enlace.country.codelists import CodeList
from enlace.country.figures import Caveat, PublishedFigure
from enlace.country.instruments import IndicatorDefinition
from enlace.country.returns import ReturnTemplate
from enlace.country.rows import PackError, read_csv, unique
from reckon.indicators import Definition, DefinitionError, check_set, read_definition
from reckon.indicators.define import LISTS, PLACES

OWN = ("state", "nationality", "destination", "route", "border")
"""Dimensions of facts whose categories are the same everywhere, or the states."""


@dataclass(frozen=True)
class Known:
    """The indicators of a pack as they stand in their files, and the parts of it that they may speak of."""

    place: str
    items: tuple[IndicatorDefinition, ...]
    languages: Sequence[str]
    codelists: Mapping[str, CodeList]
    figures: Sequence[PublishedFigure]
    caveats: tuple[Caveat, ...]
    templates: tuple[ReturnTemplate, ...]


def read_definitions(known: Known) -> tuple[Definition, ...]:
    """The definitions in the order of their files. Raises ``PackError`` naming file and field."""
    found = []
    try:
        for item in known.items:
            definition = read_definition(
                item.definition, f"{known.place}/indicators/{item.file}, {item.definition.get('id', '')}"
            )
            for field, expected in _faults(definition, known):
                raise DefinitionError(f"{definition.file}: {field}: {expected}")
            found.append(definition)
        check_set(found)
    except DefinitionError as error:
        file, _, rest = str(error).partition(": ")
        field, _, expected = rest.partition(": ")
        raise PackError(file, 0, field if expected else "", expected or rest) from error
    return tuple(found)


def read_not_computed(
    folder: Path, languages: Sequence[str], figures: Sequence[PublishedFigure], definitions: Sequence[Definition]
) -> dict[str, Mapping[str, str]]:
    """Why each published figure that no indicator speaks of is not computed, by its id and language."""
    if not (folder / "figures" / "not_computed.csv").exists():
        return {}
    columns = ["indicator_id", *(f"reason_{language}" for language in languages)]
    rows = read_csv(folder, "figures/not_computed.csv", columns)
    unique(rows, "indicator_id")
    computed = {figure.indicator for definition in definitions for figure in definition.figures}
    known = {figure.indicator_id for figure in figures}
    for row in rows:
        if row.code("indicator_id") not in known:
            raise row.bad("indicator_id", "a published figure")
        if row.code("indicator_id") in computed:
            raise row.bad("indicator_id", "a figure that no indicator speaks of")
    return {row.code("indicator_id"): row.texts("reason", languages) for row in rows}


def _faults(definition: Definition, known: Known) -> Iterator[tuple[str, str]]:
    """Each field that speaks of what the pack does not have, with what was expected."""
    for name, texts in {"label": definition.label, "population": definition.population}.items():
        if missing := sorted(set(known.languages) - set(texts)):
            yield f"{name}.{missing[0]}", "expected a translation in every language of the pack"
    indicators = {figure.indicator_id for figure in known.figures}
    for figure in definition.figures if indicators else ():  # a pack may do without the figures of others
        if figure.indicator not in indicators:
            yield "figures", f"{figure.indicator} is not among the published figures"
    numbers = {caveat.number for caveat in known.caveats}
    for number in definition.caveat_numbers if numbers else ():
        if number not in numbers:
            yield "caveat_numbers", f"there is no caveat {number}"
    if definition.source == "returns":
        yield from _faults_of_returns(definition, known.templates)
    elif definition.source == "facts":
        yield from _faults_of_codes(definition, known.codelists)


def _faults_of_returns(definition: Definition, templates: Sequence[ReturnTemplate]) -> Iterator[tuple[str, str]]:
    asked = [m for template in templates for m in template.measures if m.id == definition.of]
    if not asked:
        yield "of", f"no template of a return asks for {definition.of}"
    for measure in asked:
        if measure.unit != definition.unit:
            yield "unit", f"the returns count {measure.unit}"
        by = {name for names in measure.by for name in names}
        for name in definition.dimensions:
            if name not in PLACES and name not in by:
                yield "dimensions", f"a return does not break {definition.of} down by {name}"


def _faults_of_codes(definition: Definition, codelists: Mapping[str, CodeList]) -> Iterator[tuple[str, str]]:
    for name, list_name in definition.lists.items():
        if list_name not in codelists:
            yield f"lists.{name}", f"there is no list {list_name}"
    for name in definition.dimensions:
        base = name.partition(".")[0]
        if base not in LISTS and base not in OWN and base not in definition.lists and base not in definition.categories:
            yield "dimensions", f"{name} needs a list or categories"
    for name, codes in definition.where.items():
        list_name = definition.lists.get(name, LISTS.get(name, ""))
        allowed: Collection[str] = (
            codelists[list_name].by_code if list_name in codelists else definition.categories.get(name, codes)
        )
        for code in codes:
            if code not in allowed:
                yield f"where.{name}", f"{code} is not in its list"
