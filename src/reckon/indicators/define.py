"""What an indicator is, and reading one from the data of a country pack.

Every field is checked here, and an error names the file and the field. What a definition says about codes, figures and
templates of one country is checked where these are known, by the application.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, cast

from reckon.tables import CODE_COLUMNS, NOT_RECORDED

Measure = Literal["count", "sum", "median", "ratio"]
Texts = Mapping[str, str]

MEASURES = ("count", "sum", "median", "ratio")
SOURCES = ("facts", "returns", "indicators")
PERIODS = ("year", "half")
GROUPS = ("people", "help", "hotline", "prosecution", "protection", "rates")
PERSONAL = {"person": "person", "case": "case"} | dict.fromkeys(
    ("referral", "stay", "need", "permit", "return", "follow_up", "screening", "service"), "record"
)
"""Units about which a small count can expose somebody, with the column that tells one from another."""
OTHER = dict.fromkeys(
    (
        "contact", "payment", "investigation", "prosecution", "judgment", "sentence", "report", "complaint", "inspection",
        "place", "site", "state", "organisation", "event",
    ),
    "record",
)  # fmt: skip
COUNTED_COLUMN = PERSONAL | OTHER
UNITS = (*COUNTED_COLUMN, "amount", "days", "hours", "years")
FILTERABLE = tuple(name for name in CODE_COLUMNS if name != "measure")
REPORTED_FILTERABLE = ("state", "jurisdiction", "agency_kind", "template")
PLACES = ("state", "jurisdiction", "agency_kind")
"""What a return says of itself; everything else by which it is broken down stands in the return."""
LISTS = {
    "sex": "sex", "age_group": "age_group", "form": "exploitation_form", "agency_kind": "agency_kind",
    "marital_status": "marital_status", "migration_status": "migration_status", "recruitment": "recruitment_method",
    "means": "means", "origin": "case_origin", "service": "service",
}  # fmt: skip
"""The code list of each dimension of facts that has one."""
POPULATION = "population"
GROUPINGS = ("age_group.majority", "form.glotip", "state.jurisdiction")
"""Dimensions that are added up from the published categories of another: by full age, by the form of GLOTIP, by who has the
case."""
MAPS = ("sdg", "glotip", "ictip", "tip")
TIP = ("prosecution", "protection", "prevention")
"""The three headings under which the TIP Report asks for figures."""
ALLOWED = {
    "facts": {"of", "counted", "where", "dimensions", "lists", "categories"},
    "returns": {"of", "where", "dimensions", "counted", "rests_on"},
    "indicators": {"numerator", "denominator", "denominator_source", "per", "dimensions"},
}
"""Which fields a definition of each source may have besides those that all have."""
COMMON = {
    "id", "group", "unit", "label", "population", "source", "measure", "periods", "modules", "legal_basis", "maps", "figures",
    "caveats", "caveat_numbers", "protection",
}  # fmt: skip


class DefinitionError(ValueError):
    """A definition that cannot be used: says which file, which field and what was expected."""


@dataclass(frozen=True, slots=True)
class FigureOf:
    """Which published figures of others speak of the same: of the total, or of one category of one dimension."""

    indicator: str
    breakdown: Mapping[str, str]
    area: str = ""
    dimension: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """One indicator.

    `measure`: *count* of distinct `counted` units with an event `of` among facts that satisfy `where`; *sum* or *median* of
    the values of those events; *ratio* of two other indicators (`per` times). From returns, *count* and *sum* add up the
    numbers `of` that were accepted. `where` maps a column to the codes it may have. `dimensions` are what it may be broken
    down by; a unit with several events in one period is placed by the first (ties: case, agency, then the dimensions), so
    that margins add up. `groupings` are dimensions whose published categories are added up, as in "age_group.majority"; those
    of a ratio stand among its dimensions.
    `lists` names the code list of a dimension that has no list of its own name, `categories` lists the codes of one that
    is in no list. `protection`: *threshold* withholds small counts, *none* is for what is not about persons; an amount that
    is reported is shown where the count that it `rests_on` is.
    """

    id: str
    group: str
    unit: str
    counted: str
    label: Texts
    population: Texts
    source: str
    measure: Measure
    of: str
    where: Mapping[str, tuple[str, ...]]
    dimensions: tuple[str, ...]
    groupings: tuple[str, ...]
    periods: tuple[str, ...]
    numerator: str
    denominator: str
    denominator_source: Texts
    per: Decimal
    modules: tuple[str, ...]
    legal_basis: str
    maps: Mapping[str, str]
    figures: tuple[FigureOf, ...]
    caveats: Texts
    caveat_numbers: tuple[int, ...]
    protection: str
    rests_on: str
    lists: Mapping[str, str]
    categories: Mapping[str, Mapping[str, Texts]]
    file: str

    @property
    def is_protected(self) -> bool:
        """Whether small counts of it are withheld."""
        return self.protection == "threshold"


def read_definition(raw: Mapping[str, Any], source: str) -> Definition:
    """A definition from a parsed TOML table. `source` names the file in errors. Raises DefinitionError."""
    read = _Reader(raw, source)
    origin, measure, unit, counted = _measured(read)
    is_ratio = origin == "indicators"
    protection, dimensions = read.protection(counted), read.dimensions(origin)
    is_reported_sum = origin == "returns" and measure == "sum"
    return Definition(
        id=read.text("id"),
        group=read.choice("group", GROUPS),
        unit=unit,
        counted=counted,
        label=read.texts("label"),
        population=read.texts("population"),
        source=origin,
        measure=measure,
        of="" if is_ratio else read.text("of"),
        where=read.where(FILTERABLE if origin == "facts" else REPORTED_FILTERABLE),
        dimensions=tuple(name for name in dimensions if is_ratio or "." not in name),
        groupings=tuple(name for name in dimensions if not is_ratio and "." in name),
        periods=read.codes("periods", PERIODS, ("year",)),
        numerator=read.text("numerator") if is_ratio else "",
        denominator=read.text("denominator") if is_ratio else "",
        denominator_source=read.texts("denominator_source", needed=raw.get("denominator") == POPULATION),
        per=read.number("per"),
        modules=read.codes("modules", None),
        legal_basis=read.text("legal_basis"),
        maps=read.maps(),
        figures=read.figures(),
        caveats=read.texts("caveats", needed=False),
        caveat_numbers=read.numbers("caveat_numbers"),
        protection=protection,
        rests_on=read.text("rests_on") if is_reported_sum and protection == "threshold" else "",
        lists=read.lists(),
        categories=read.categories(),
        file=source,
    )


def _measured(read: "_Reader") -> tuple[str, Measure, str, str]:
    """Where the numbers come from, how they are made, their unit, and what is counted for them."""
    origin = read.choice("source", SOURCES)
    read.only(COMMON | ALLOWED[origin])
    measure = cast(Measure, read.choice("measure", MEASURES))
    if (measure == "ratio") != (origin == "indicators"):
        read.fail("measure", "ratio and source indicators belong together")
    unit = read.choice("unit", UNITS)
    if measure == "ratio":
        return origin, measure, unit, unit
    counted = read.choice("counted", COUNTED_COLUMN, unit)
    if (measure == "count") != (counted == unit):
        read.fail("counted", "what a count counts is its unit; a sum and a median have a unit of their own")
    if measure == "median" and origin != "facts":
        read.fail("measure", "a median is made of facts only")
    return origin, measure, unit, counted


def check_set(definitions: Iterable[Definition]) -> None:
    """Ids are used once; the parts of a ratio exist, can be divided and are of the same unit. Raises DefinitionError."""
    by_id: dict[str, Definition] = {}
    for definition in definitions:
        if definition.id in by_id:
            raise DefinitionError(f"{definition.file}: id: {definition.id} is used twice")
        by_id[definition.id] = definition
    for definition in by_id.values():
        if definition.source == "indicators":
            _check_ratio(definition, by_id)
        elif definition.rests_on:
            _check_rests(definition, by_id)


def _check_rests(amount: Definition, by_id: Mapping[str, Definition]) -> None:
    count = by_id.get(amount.rests_on)
    if count is None or count.measure != "count" or not set(amount.dimensions) <= set(count.dimensions):
        expected = "a count among the indicators, broken down by the same dimensions"
        raise DefinitionError(f"{amount.file}: rests_on: expected {expected}")


def _check_ratio(ratio: Definition, by_id: Mapping[str, Definition]) -> None:
    parts = {"numerator": ratio.numerator} | (
        {} if ratio.denominator == POPULATION else {"denominator": ratio.denominator}
    )
    for name, wanted in parts.items():
        part = by_id.get(wanted)
        if part is None or part.measure not in ("count", "sum"):
            raise DefinitionError(f"{ratio.file}: {name}: {wanted} is no count or sum among the indicators")
        if part.unit != ratio.unit:
            raise DefinitionError(
                f"{ratio.file}: {name}: {wanted} is counted in {part.unit}, and no ratio of {ratio.unit} may mix units"
            )
        lacking = [name for name in ratio.dimensions if name.partition(".")[0] not in part.dimensions]
        if lacking:
            raise DefinitionError(f"{ratio.file}: dimensions: {wanted} is not broken down by {lacking[0]}")
    if ratio.denominator == POPULATION and ratio.unit != "person":
        raise DefinitionError(f"{ratio.file}: denominator: only persons can be divided by the population")


class _Reader:
    """The fields of one definition, each checked as it is read."""

    def __init__(self, raw: Mapping[str, Any], source: str) -> None:
        self.raw, self.source = raw, source

    def fail(self, name: str, expected: str) -> None:
        raise DefinitionError(f"{self.source}: {name}: {expected}")

    def only(self, known: Collection[str]) -> None:
        unknown = sorted(set(self.raw) - set(known))
        if unknown:
            raise DefinitionError(f"{self.source}: unknown field {unknown[0]}")

    def text(self, name: str) -> str:
        value = self.raw.get(name)
        if not isinstance(value, str) or not value.strip():
            self.fail(name, "a text is expected")
        return str(value)

    def choice(self, name: str, known: Iterable[str], default: str = "") -> str:
        value = self.raw.get(name, default)
        if not isinstance(value, str) or value not in (choices := tuple(known)):
            given = f", not {value}" if isinstance(value, str) and value else ""
            self.fail(name, f"expected one of {', '.join(known)}{given}")
        assert value in choices
        return str(value)

    def table(self, name: str) -> Mapping[str, Any]:
        value = self.raw.get(name, {})
        if not isinstance(value, Mapping):
            raise DefinitionError(f"{self.source}: {name}: a table is expected")
        return value

    def texts(self, name: str, *, needed: bool = True) -> Texts:
        found = self.table(name)
        if needed and not found:
            self.fail(name, "a text in each language is expected")
        return self._texts(name, found)

    def _texts(self, name: str, found: Mapping[str, Any]) -> Texts:
        for language, text in found.items():
            if not isinstance(text, str) or not text.strip():
                self.fail(f"{name}.{language}", "a text is expected")
        return dict(found)

    def codes(self, name: str, known: Sequence[str] | None, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        if name not in self.raw and default is not None:
            return default
        return self._codes(name, self.raw.get(name, []), known)

    def _codes(self, name: str, value: object, known: Sequence[str] | None = None) -> tuple[str, ...]:
        if not isinstance(value, list | tuple) or not all(isinstance(code, str) for code in value):
            raise DefinitionError(f"{self.source}: {name}: a list of codes is expected")
        if len(set(value)) != len(value):
            self.fail(name, "a code is listed twice")
        for code in value if known is not None else ():
            if code not in (known or ()):
                self.fail(name, f"{code} is not one of {', '.join(known or ())}")
        return tuple(value)

    def where(self, columns: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        found = {name: self._codes(f"where.{name}", codes) for name, codes in self.table("where").items()}
        for name in found:
            if name not in columns:
                self.fail(f"where.{name}", f"it is no column; columns are {', '.join(columns)}")
            if not found[name]:
                self.fail(f"where.{name}", "at least one code is expected")
        return found

    def dimensions(self, origin: str) -> tuple[str, ...]:
        known = (*FILTERABLE, *GROUPINGS) if origin == "facts" else None
        found = self.codes("dimensions", known, ())
        for name in found:
            if "." in name and name not in GROUPINGS:
                self.fail("dimensions", f"{name} is not one of {', '.join(GROUPINGS)}")
            if "." in name and origin != "indicators" and name.partition(".")[0] not in found:
                self.fail("dimensions", f"{name} is added up from {name.partition('.')[0]}, which is not there")
        if {"state", "jurisdiction"} <= set(found):
            self.fail("dimensions", "with state, state.jurisdiction says the same and is protected together with it")
        return found

    def number(self, name: str) -> Decimal:
        value = self.raw.get(name, 1)
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            self.fail(name, "a whole number from 1 is expected")
        return Decimal(str(value))

    def numbers(self, name: str) -> tuple[int, ...]:
        value = self.raw.get(name, [])
        if not isinstance(value, list) or not all(type(number) is int for number in value):
            self.fail(name, "a list of numbers is expected")
        return tuple(value)

    def maps(self) -> Mapping[str, str]:
        found = self._texts("maps", self.table("maps"))
        for name in found:
            if name not in MAPS:
                self.fail(f"maps.{name}", f"expected one of {', '.join(MAPS)}")
        if found.get("tip", TIP[0]) not in TIP:
            self.fail("maps.tip", f"expected one of {', '.join(TIP)}")
        return found

    def figures(self) -> tuple[FigureOf, ...]:
        items = self.raw.get("figures", [])
        if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
            raise DefinitionError(f"{self.source}: figures: a list of tables is expected")
        return tuple(_Reader(item, f"{self.source}: figures {n}").figure() for n, item in enumerate(items, 1))

    def figure(self) -> FigureOf:
        self.only({"indicator", "breakdown", "area", "dimension", "category"})
        if ("dimension" in self.raw) != ("category" in self.raw):
            self.fail("category", "dimension and category belong together")
        return FigureOf(
            indicator=self.text("indicator"),
            breakdown={str(name): str(value) for name, value in self.table("breakdown").items()},
            area=str(self.raw.get("area", "")),
            dimension=str(self.raw.get("dimension", "")),
            category=str(self.raw.get("category", "")),
        )

    def protection(self, counted: str) -> str:
        found = self.choice("protection", ("threshold", "none"), "threshold")
        if found == "none" and counted in PERSONAL:
            self.fail("protection", f"small counts of a {counted} can expose somebody")
        return found

    def lists(self) -> Mapping[str, str]:
        found = self._texts("lists", self.table("lists"))
        self._known_dimensions("lists", found)
        return found

    def categories(self) -> Mapping[str, Mapping[str, Texts]]:
        found = self.table("categories")
        self._known_dimensions("categories", found)
        for name, codes in found.items():
            if not isinstance(codes, Mapping) or not codes or NOT_RECORDED in codes:
                self.fail(f"categories.{name}", "codes with their labels are expected")
            for code, labels in codes.items():
                if not isinstance(labels, Mapping) or not labels:
                    self.fail(f"categories.{name}.{code}", "a label in each language is expected")
                self._texts(f"categories.{name}.{code}", labels)
        return {name: {code: dict(labels) for code, labels in codes.items()} for name, codes in found.items()}

    def _known_dimensions(self, field: str, found: Iterable[str]) -> None:
        for name in found:
            if name not in self.raw.get("dimensions", []) and name not in self.raw.get("where", {}):
                self.fail(f"{field}.{name}", "it is not among the dimensions")
