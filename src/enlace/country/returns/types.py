"""What a template of a periodic return is. The pack's code lists are written out in it, so that its digest names all it asks."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import product
from typing import Any

AMOUNT = "amount"
UNITS = ("person", "case", "investigation", "judgment", "permit", "referral", "stay", "place", "payment", AMOUNT)
PERIODICITIES = ("month", "quarter", "half", "year")
LEVELS = ("state", "federal", "both")
RULE_KINDS = ("sum", "range", "part", "previous", "casework")
ERROR, WARNING = "error", "warning"

Texts = Mapping[str, str]
Key = tuple[tuple[str, str], ...]
TOTAL: Key = ()


def text_in(texts: Texts, lang: str) -> str:
    """The text in this language, else in the first of the pack."""
    return texts.get(lang) or next(iter(texts.values()), "")


@dataclass(frozen=True)
class Category:
    code: str
    labels: Texts

    def label(self, lang: str) -> str:
        return text_in(self.labels, lang)


@dataclass(frozen=True)
class Dimension:
    """A closed list of categories by which a number may be broken down."""

    id: str
    labels: Texts
    categories: tuple[Category, ...]

    def label(self, lang: str) -> str:
        return text_in(self.labels, lang)


@dataclass(frozen=True)
class Measure:
    """One number asked for. Besides its total it is asked ``by`` each of these sets of dimensions."""

    id: str
    unit: str
    labels: Texts
    hints: Texts
    by: tuple[tuple[str, ...], ...]

    @property
    def is_amount(self) -> bool:
        return self.unit == AMOUNT

    def label(self, lang: str) -> str:
        return text_in(self.labels, lang)

    def hint(self, lang: str) -> str:
        return text_in(self.hints, lang)


@dataclass(frozen=True)
class CheckRule:
    """How answers are checked.

    ``sum``: the parts ``by`` these dimensions add up to the total. ``range``: every number of the measure lies from ``low`` to
    ``high``. ``part``: ``measure`` is not above ``whole``, in total and ``by`` each set that both have. ``previous``: the total
    is between ``low`` and ``high`` times that of the period before, looked at from ``least`` on. ``casework``: the total is what
    Enlace counts as ``indicator`` for the same state and period.
    """

    id: str
    kind: str
    level: str
    measure: str
    texts: Texts
    by: tuple[str, ...] = ()
    whole: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    least: int = 0
    indicator: str = ""

    def text(self, lang: str) -> str:
        return text_in(self.texts, lang)


@dataclass(frozen=True)
class ReturnTemplate:
    """One version of what is asked. ``kinds`` of agencies answer, one for each state, one for the federation, or both."""

    id: str
    version: int
    valid_from: date
    valid_to: date | None
    labels: Texts
    descriptions: Texts
    legal_basis: str
    kinds: tuple[str, ...]
    level: str
    periodicity: str
    due_days: int
    dimensions: tuple[Dimension, ...]
    measures: tuple[Measure, ...]
    rules: tuple[CheckRule, ...] = field(default=())

    def label(self, lang: str) -> str:
        return text_in(self.labels, lang)

    def description(self, lang: str) -> str:
        return text_in(self.descriptions, lang)

    def is_valid(self, on: date) -> bool:
        return self.valid_from <= on <= (self.valid_to or date.max)

    def measure(self, measure_id: str) -> Measure:
        """Raises ``KeyError`` for a measure that is not asked."""
        return self._measures[measure_id]

    def dimension(self, dimension_id: str) -> Dimension:
        """Raises ``KeyError`` for a dimension that the template does not have."""
        return self._dimensions[dimension_id]

    def states_of(self, codes: tuple[str, ...]) -> tuple[str, ...]:
        """For which states an answer is due; "" is the federation."""
        states = () if self.level == "federal" else codes
        return states if self.level == "state" else ("", *states)

    def keys(self, measure: Measure) -> Iterator[Key]:
        """Every cell of a measure: the total first, then each breakdown in the order of its categories."""
        yield TOTAL
        for names in measure.by:
            yield from self.breakdown(names)

    def breakdown(self, names: tuple[str, ...]) -> Iterator[Key]:
        """Every combination of categories of these dimensions."""
        lists = [[(name, category.code) for category in self.dimension(name).categories] for name in names]
        yield from product(*lists)

    @cached_property
    def _measures(self) -> dict[str, Measure]:
        return {measure.id: measure for measure in self.measures}

    @cached_property
    def _dimensions(self) -> dict[str, Dimension]:
        return {dimension.id: dimension for dimension in self.dimensions}

    def content(self) -> str:
        """The whole template as canonical JSON, from which ``rebuilt`` makes it again."""
        return json.dumps(asdict(self), default=str, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content."""
        return hashlib.sha256(self.content().encode()).hexdigest()


def rebuilt(content: str) -> ReturnTemplate:
    """The template that ``content()`` wrote, as it was when it was kept."""
    plain: dict[str, Any] = json.loads(content)
    return ReturnTemplate(
        **{name: plain[name] for name in ("id", "version", "labels", "descriptions", "legal_basis", "level")},
        **{name: plain[name] for name in ("periodicity", "due_days")},
        valid_from=date.fromisoformat(plain["valid_from"]),
        valid_to=date.fromisoformat(plain["valid_to"]) if plain["valid_to"] else None,
        kinds=tuple(plain["kinds"]),
        dimensions=tuple(
            Dimension(one["id"], one["labels"], tuple(Category(**category) for category in one["categories"]))
            for one in plain["dimensions"]
        ),
        measures=tuple(Measure(**one | {"by": tuple(map(tuple, one["by"]))}) for one in plain["measures"]),
        rules=tuple(_rule(one) for one in plain["rules"]),
    )


def _rule(plain: dict[str, Any]) -> CheckRule:
    bounds = {name: None if plain[name] is None else Decimal(plain[name]) for name in ("low", "high")}
    return CheckRule(**plain | bounds | {"by": tuple(plain["by"])})
