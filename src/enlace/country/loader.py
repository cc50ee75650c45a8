"""Reads a pack folder into frozen dataclasses, whole or not at all: the first defect raises ``PackError``."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from enlace.country import rules
from enlace.country.channels import ChannelField, read_channels
from enlace.country.codelists import CodeList, check_age_groups, read_codelists
from enlace.country.directory import AgencySeed, read_agencies
from enlace.country.figures import Caveat, PublishedFigure, read_caveats, read_figures, read_names
from enlace.country.geography import (
    PopulationKey,
    State,
    read_borders,
    read_census,
    read_population,
    read_states,
    read_tiles,
)
from enlace.country.indicators import Known, read_definitions, read_not_computed
from enlace.country.instruments import (
    IndicatorDefinition,
    RedFlag,
    ScreeningIndicator,
    read_glossary,
    read_indicators,
    read_red_flags,
    read_screening,
    units_of,
)
from enlace.country.law import Limit, Offence, read_limits, read_offences
from enlace.country.protocols import Protocol, ScreeningRule, Vocabulary, defects, read_screening_set
from enlace.country.returns import ReturnTemplate, read_returns
from enlace.country.roles import Role, read_roles
from enlace.country.rows import PackError, Row, read_toml
from enlace.country.script import read_script
from reckon.indicators import Definition

LANGUAGE = re.compile(r"[a-z]{2}")


@dataclass(frozen=True)
class Disclosure:
    """How a published table is protected.

    Counts from 1 to ``threshold`` - 1 are withheld. ``minimum_interval`` is how wide the range must
    stay within which a reader could place a withheld count. ``rounding_base`` is for figures of states. A sum
    of amounts is withheld when one contributor could work out another's to within ``dominance_percent``.
    """

    threshold: int
    minimum_interval: int
    rounding_base: int
    zeros_are_sensitive: bool
    dominance_percent: int


@dataclass(frozen=True)
class PersonalNumber:
    """The number a country gives a person: its form (a regular expression) and the check digit's alphabet."""

    names: Mapping[str, str]
    pattern: str
    alphabet: str

    def name(self, lang: str) -> str:
        return self.names.get(lang) or next(iter(self.names.values()))

    def is_valid(self, text: str) -> bool:
        return rules.is_personal_number(text, self.pattern, self.alphabet)


@dataclass(frozen=True)
class Head:
    """What ``pack.toml`` says."""

    code: str
    names: Mapping[str, str]
    languages: tuple[str, ...]
    timezone: str
    currency: str
    country_iso2: str
    country_iso3: str
    adult_age: int
    emergency_phone: str
    checked_on: date | None
    state_count: int
    disclosure: Disclosure
    personal_number: PersonalNumber | None


@dataclass(frozen=True)
class Pack:
    """Every fact about one country."""

    head: Head
    folder: Path
    states_by_code: Mapping[str, State]
    populations: Mapping[PopulationKey, int]
    census: Mapping[tuple[str, str], int]
    borders: dict[str, Any] | None
    tiles: Mapping[str, tuple[int, int]]
    codelists: Mapping[str, CodeList]
    channel_fields: tuple[ChannelField, ...]
    offences: tuple[Offence, ...]
    limits_by_name: Mapping[str, Limit]
    agencies: tuple[AgencySeed, ...]
    roles_by_code: Mapping[str, Role]
    figures: tuple[PublishedFigure, ...]
    caveats: tuple[Caveat, ...]
    figure_names: Mapping[str, Mapping[str, str]]
    glossary: tuple[tuple[str, ...], ...]
    screening_indicators: tuple[ScreeningIndicator, ...]
    protocols: tuple[Protocol, ...]
    screening_rule: ScreeningRule | None
    finance_red_flags: tuple[RedFlag, ...]
    indicators: tuple[IndicatorDefinition, ...]
    definitions: tuple[Definition, ...]
    not_computed: Mapping[str, Mapping[str, str]]
    return_templates: tuple[ReturnTemplate, ...]
    annual: Mapping[str, Any]
    """The script of the annual report (``country/script.py``); empty where there is none."""

    @property
    def code(self) -> str:
        return self.head.code

    @property
    def languages(self) -> tuple[str, ...]:
        """The default language first."""
        return self.head.languages

    @property
    def default_language(self) -> str:
        return self.head.languages[0]

    @property
    def timezone(self) -> str:
        return self.head.timezone

    @property
    def currency(self) -> str:
        return self.head.currency

    @property
    def country_iso2(self) -> str:
        return self.head.country_iso2

    @property
    def country_iso3(self) -> str:
        return self.head.country_iso3

    @property
    def adult_age(self) -> int:
        return self.head.adult_age

    @property
    def disclosure(self) -> Disclosure:
        return self.head.disclosure

    @property
    def personal_number(self) -> PersonalNumber | None:
        return self.head.personal_number

    @property
    def states(self) -> tuple[State, ...]:
        return tuple(self.states_by_code.values())

    @property
    def roles(self) -> tuple[Role, ...]:
        return tuple(self.roles_by_code.values())

    @property
    def list_names(self) -> tuple[str, ...]:
        return tuple(self.codelists)

    @property
    def forms(self) -> CodeList:
        return self.codelists["exploitation_form"]

    @property
    def data_classes(self) -> CodeList:
        return self.codelists["data_class"]

    @property
    def limits(self) -> dict[str, timedelta]:
        return {name: limit.span for name, limit in self.limits_by_name.items()}

    @property
    def followups(self) -> tuple[timedelta, ...]:
        """When a person is met again after leaving services, the soonest first."""
        return tuple(sorted(limit.span for name, limit in self.limits_by_name.items() if name.startswith("followup_")))

    def name(self, lang: str) -> str:
        return self.head.names.get(lang) or next(iter(self.head.names.values()))

    def state(self, code: str) -> State:
        """Raises ``KeyError`` for a code that is not a state of this country."""
        return self.states_by_code[code]

    def role(self, code: str) -> Role:
        """Raises ``KeyError`` for a role that this country does not have."""
        return self.roles_by_code[code]

    def codes(self, list_name: str) -> CodeList:
        """Raises ``KeyError`` for a list that the pack does not have."""
        return self.codelists[list_name]

    def population(
        self, state_code: str | None, year: int, sex: str | None = None, age_group: str | None = None
    ) -> int | None:
        """People in a state (None: the country) at mid-year; sex "female" or "male", age "minor" or "adult".

        None when the pack does not know, which is not zero.
        """
        return self.populations.get((state_code or "", year, sex or "", age_group or ""))

    def census_population(self, state_code: str | None, sex: str | None = None) -> int | None:
        """People counted in the last census, or None when the pack has none."""
        return self.census.get((state_code or "", sex or ""))

    def age_group(self, age: int | None) -> str:
        """The code of the age group of an age in whole years; "unknown" when the age is not known."""
        groups = [
            (group.code, _age(group.extra["min_age"]), _age(group.extra["max_age"]))
            for group in self.codes("age_group")
        ]
        return rules.age_group(age, groups)

    def fields_of(self, channel_code: str) -> tuple[ChannelField, ...]:
        """What a channel asks besides what every contact has."""
        return tuple(field for field in self.channel_fields if channel_code in field.channels)

    def figures_for(self, indicator_id: str, period: str | None = None) -> tuple[PublishedFigure, ...]:
        return tuple(f for f in self.figures if f.indicator_id == indicator_id and period in (None, f.period))

    def protocol(self, code: str, version: int) -> Protocol:
        """Raises ``KeyError`` for a version that the pack does not have, or not any more."""
        return {protocol.key: protocol for protocol in self.protocols}[code, version]

    @property
    def means_required(self) -> bool:
        """Whether the base offence of trafficking asks for means against adults."""
        return any(offence.means_required_adult for offence in self.offences if offence.form == "base")

    def caveats_for(self, indicator_id: str) -> tuple[Caveat, ...]:
        return tuple(caveat for caveat in self.caveats if indicator_id in caveat.indicators)


def _age(text: str) -> int | None:
    return int(text) if text else None


def load(folder: Path) -> Pack:
    """Read and check a whole pack. Raises ``PackError`` naming file, line, field and what was expected."""
    head = read_head(folder)
    languages = head.languages
    states = read_states(folder, languages, head.state_count)
    codelists = read_codelists(folder, languages)
    check_age_groups(folder, head.adult_age)
    figures = read_figures(folder, states)
    signs = read_screening(folder, languages)
    vocabulary = Vocabulary(languages, {sign.id for sign in signs}, codelists, states)
    protocols, screening_rule = read_screening_set(folder, vocabulary, signs)
    known, definitions = _known(folder, languages, codelists, figures)
    return Pack(
        head=head,
        folder=folder,
        states_by_code=states,
        populations=read_population(folder, states),
        census=read_census(folder, states),
        borders=read_borders(folder, states),
        tiles=read_tiles(folder, states),
        codelists=codelists,
        channel_fields=read_channels(folder, codelists, languages),
        offences=read_offences(folder, codelists["exploitation_form"], languages),
        limits_by_name=read_limits(folder, codelists["notice_kind"]),
        agencies=read_agencies(folder, codelists["agency_kind"], states),
        roles_by_code=read_roles(folder, codelists["data_class"], codelists["agency_kind"], languages),
        figures=figures,
        caveats=known.caveats,
        figure_names=read_names(folder, languages),
        glossary=read_glossary(folder, languages),
        screening_indicators=signs,
        protocols=protocols,
        screening_rule=screening_rule,
        finance_red_flags=read_red_flags(folder, languages),
        indicators=known.items,
        definitions=definitions,
        not_computed=read_not_computed(folder, languages, figures, definitions),
        return_templates=known.templates,
        annual=read_script(folder, languages, definitions, codelists, states, known.templates),
    )


def _known(
    folder: Path,
    languages: Sequence[str],
    codelists: Mapping[str, CodeList],
    figures: Sequence[PublishedFigure],
) -> tuple[Known, tuple[Definition, ...]]:
    """The indicators of the pack with the parts of it that they may speak of, and what they mean."""
    items = read_indicators(folder)
    caveats = read_caveats(folder, {figure.indicator_id for figure in figures}, languages)
    templates = read_returns(folder, codelists, languages, units_of(items))
    known = Known(folder.name, items, languages, codelists, figures, caveats, templates)
    return known, read_definitions(known)


def screening_defects(folder: Path) -> list[PackError]:
    """One defect of each file of ``screening/`` that has any; none when what these files refer to cannot be read."""
    try:
        head = read_head(folder)
        states = read_states(folder, head.languages, head.state_count)
        codelists = read_codelists(folder, head.languages)
        signs = read_screening(folder, head.languages)
    except PackError:
        return []
    return list(defects(folder, Vocabulary(head.languages, {sign.id for sign in signs}, codelists, states), signs))


def read_head(folder: Path) -> Head:
    """``pack.toml``: what the country is called, how its data are set out, and the rules of disclosure."""
    sections = dict(read_toml(folder, "pack.toml"))
    top = sections[""]
    for name in ("name", "disclosure"):
        if name not in sections:
            raise PackError(top.file, 0, name, "expected a section of this name")
    languages = tuple(top.text("languages", "a list of languages, the default first").split())
    for lang in languages:
        if not LANGUAGE.fullmatch(lang) or languages.count(lang) > 1:
            raise top.bad("languages", "two-letter codes, each once")
    if top.code() != folder.name:
        raise top.bad("code", f"the name of the folder ({folder.name})")
    return Head(
        code=top.code(),
        names=_translations(sections["name"], languages),
        languages=languages,
        timezone=_timezone(top),
        currency=_shape(top, "currency", "[A-Z]{3}", "an ISO 4217 code such as EUR"),
        country_iso2=_shape(top, "country_iso2", "[A-Z]{2}", "two capital letters"),
        country_iso3=_shape(top, "country_iso3", "[A-Z]{3}", "three capital letters"),
        adult_age=top.whole("adult_age", at_least=1),
        emergency_phone=_shape(top, "emergency_phone", "[0-9]{2,8}", "a telephone number of 2 to 8 digits"),
        checked_on=top.day_or_none("checked_on"),
        state_count=top.whole("state_count", at_least=1),
        disclosure=_disclosure(sections["disclosure"]),
        personal_number=_personal_number(sections.get("personal_number"), languages),
    )


def _translations(row: Row, languages: Sequence[str]) -> dict[str, str]:
    return {lang: row.text(lang, "a translation in every language of the pack") for lang in languages}


def _shape(row: Row, name: str, pattern: str, expected: str) -> str:
    if not re.fullmatch(pattern, row.optional(name)):
        raise row.bad(name, expected)
    return row.text(name)


def _timezone(row: Row) -> str:
    name = row.text("timezone")
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError) as error:
        raise row.bad("timezone", "an IANA time zone such as Etc/UTC") from error
    return name


def _disclosure(row: Row) -> Disclosure:
    return Disclosure(
        threshold=row.whole("threshold", at_least=2),
        minimum_interval=row.whole("minimum_interval", at_least=1),
        rounding_base=row.whole("rounding_base", at_least=1),
        zeros_are_sensitive=row.yes("zeros_are_sensitive"),
        dominance_percent=row.whole("dominance_percent", at_least=1),
    )


def _personal_number(row: Row | None, languages: Sequence[str]) -> PersonalNumber | None:
    if row is None:
        return None
    pattern = row.text("pattern")
    try:
        re.compile(pattern)
    except re.error as error:
        raise row.bad("pattern", f"a regular expression ({error})") from error
    alphabet = row.text("alphabet")
    if len(set(alphabet)) != len(alphabet):
        raise row.bad("alphabet", "each character once")
    return PersonalNumber(row.texts("name", languages), pattern, alphabet)
