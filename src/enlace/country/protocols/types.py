"""What a protocol of screening consists of. Every text is kept in each language of the pack."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from enlace.country.protocols.conditions import AllOf, Bound, Condition

KINDS = ("standard", "second", "prompt")
TYPES = ("yes_no", "choice", "several", "number", "date", "text", "code", "place")
YES, NO = "yes", "no"
NONE = "none"  # the option "none of these": it stands alone, and fills no fact

# What the engine has to know besides indicators, and the types of question that can tell it.
FACTS: Mapping[str, tuple[str, ...]] = {
    "age": ("number",),
    "birth_year": ("number",),
    "age_doubt": ("yes_no",),  # somebody has reason to doubt that the person is an adult
    "act": ("yes_no", "choice", "several", "code"),
    "means": ("yes_no", "choice", "several", "code"),
    "purpose": ("yes_no", "choice", "several", "code"),
    "unable": ("yes_no",),  # cannot understand or resist what is done: means need no proof
    "consent": ("yes_no", "choice"),  # written down because people say it; nothing ever reads it
    "detained": ("yes_no",),
    "apprehended": ("yes_no",),
    "group": ("choice", "several", "code"),  # groups at risk, for the report by group
}


@dataclass(frozen=True)
class Texts:
    """One text in each language of the pack, the default language first."""

    by_language: Mapping[str, str]

    def text(self, lang: str) -> str:
        return self.by_language.get(lang) or next(iter(self.by_language.values()), "")


@dataclass(frozen=True)
class SafetyStep:
    """What the screener sees to and ticks before the first question."""

    code: str
    required: bool
    texts: Texts

    def text(self, lang: str) -> str:
        return self.texts.text(lang)


@dataclass(frozen=True)
class Option:
    code: str
    texts: Texts

    def text(self, lang: str) -> str:
        return self.texts.text(lang)


@dataclass(frozen=True)
class Use:
    """An indicator of ``screening/indicators.csv`` that is present when the condition holds."""

    indicator: str
    when: Condition


@dataclass(frozen=True)
class Question:
    """Asked, or seen by the screener (``observed``); in a group a ``shared`` one is answered once for everybody.

    ``list_name`` is the code list of a ``code``; ``low`` and ``high`` bound a number or a date, both included.
    """

    code: str
    type: str
    texts: Texts
    hint: Texts | None = None
    required: bool = False
    observed: bool = False
    shared: bool = False
    options: tuple[Option, ...] = ()
    list_name: str = ""
    low: Bound | None = None
    high: Bound | None = None
    fact: str = ""
    show_if: Condition | None = None
    uses: tuple[Use, ...] = ()

    def text(self, lang: str) -> str:
        return self.texts.text(lang)

    def hint_text(self, lang: str) -> str:
        return self.hint.text(lang) if self.hint else ""


@dataclass(frozen=True)
class Section:
    code: str
    titles: Texts
    questions: tuple[Question, ...]
    show_if: Condition | None = None

    def title(self, lang: str) -> str:
        return self.titles.text(lang)


def asked_if(section: Section, question: Question) -> AllOf:
    """What has to hold for a question of this section to be asked."""
    return AllOf(tuple(condition for condition in (section.show_if, question.show_if) if condition is not None))


@dataclass(frozen=True)
class Protocol:
    """One version of one protocol. ``digest`` is the SHA-256 of its content, whatever its spacing and comments.

    Empty ``channels`` or ``agency_kinds`` mean all. ``kind`` is ``standard``, ``second`` (asked only after a screening that left
    too much open) or ``prompt`` (draws attention; no dimension is scored).
    """

    code: str
    version: int
    valid_from: date
    valid_to: date | None
    provisional: bool
    kind: str
    channels: tuple[str, ...]
    agency_kinds: tuple[str, ...]
    minutes: int
    basis: str
    titles: Texts
    purposes: Texts
    safety: tuple[SafetyStep, ...]
    sections: tuple[Section, ...]
    file: str = ""
    digest: str = ""
    _by_code: Mapping[str, Question] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_code", {question.code: question for question in self.questions})

    @property
    def key(self) -> tuple[str, int]:
        return self.code, self.version

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question in the order of asking."""
        return tuple(question for section in self.sections for question in section.questions)

    def question(self, code: str) -> Question:
        """Raises ``KeyError`` for a code that is not a question of this version."""
        return self._by_code[code]

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def asked(self) -> Iterator[tuple[Section, Question]]:
        return ((section, question) for section in self.sections for question in section.questions)

    def title(self, lang: str) -> str:
        return self.titles.text(lang)

    def purpose(self, lang: str) -> str:
        return self.purposes.text(lang)

    def is_valid(self, on: date) -> bool:
        return self.valid_from <= on <= (self.valid_to or date.max)

    def is_offered(self, *, channel: str, agency_kind: str, on: date) -> bool:
        """Whether this version is put to people met through a channel ("" when there was none) by such an agency."""
        return (
            self.is_valid(on)
            and (not self.channels or not channel or channel in self.channels)
            and (not self.agency_kinds or agency_kind in self.agency_kinds)
        )
