"""What an identity consists of, how it is laid out as sealed items, and how search candidates are ranked. No Django."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from itertools import combinations
from uuid import UUID

GIVEN_NAMES, FAMILY_NAMES, ALIAS = "given_names", "family_names", "alias"
BIRTH_DATE, BIRTH_YEAR = "birth_date", "birth_year"
PHONE, EMAIL, DOCUMENT, OTHER = "phone", "email", "document", "other"
ADDRESS, PLACE = "address", "place"
WHEREABOUTS = (ADDRESS, PLACE)
KINDS = (GIVEN_NAMES, FAMILY_NAMES, ALIAS, BIRTH_DATE, BIRTH_YEAR, PHONE, EMAIL, DOCUMENT, OTHER, *WHEREABOUTS)

NAME = "name"
TWO_DOCUMENTS, DOCUMENT_AND_BIRTH = "two_documents", "document_and_birth"

MATCHES_PER_HOUR = 20


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """All that can name, reach or locate a person. It prints as nothing, so that no log or traceback can show it.

    ``birth_year`` is for when only the year is known. ``documents`` are (type code, number) pairs. ``other`` and
    ``places`` hold fields of a data standard that have no home here, by the standard's field name; addresses and places
    are whereabouts (class B), the rest is class A.
    """

    given_names: str = ""
    family_names: str = ""
    aliases: tuple[str, ...] = ()
    birth_date: date | None = None
    birth_year: int | None = None
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    documents: tuple[tuple[str, str], ...] = ()
    addresses: tuple[str, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    other: Mapping[str, str] = field(default_factory=dict)

    @property
    def year(self) -> int | None:
        return self.birth_date.year if self.birth_date else self.birth_year


@dataclass(frozen=True, slots=True, repr=False)
class Item:
    """One sealed field: ``name`` is the document's type or other field's name, ``position`` the place in its list."""

    kind: str
    name: str
    position: int
    text: str


def items_of(identity: Identity) -> list[Item]:
    """The identity as the items sealed one by one; empty fields make none, nor does the year of a known date."""
    born = identity.birth_date
    single = {
        GIVEN_NAMES: identity.given_names,
        FAMILY_NAMES: identity.family_names,
        BIRTH_DATE: born.isoformat() if born else "",
        BIRTH_YEAR: str(identity.birth_year) if identity.birth_year and not born else "",
    }
    listed = {ALIAS: identity.aliases, PHONE: identity.phones, EMAIL: identity.emails, ADDRESS: identity.addresses}
    found = [Item(kind, "", 0, text) for kind, text in single.items()]
    for kind, texts in listed.items():
        found += [Item(kind, "", position, text) for position, text in enumerate(texts)]
    found += [Item(DOCUMENT, name, position, text) for position, (name, text) in enumerate(identity.documents)]
    for kind, named in ((PLACE, identity.places), (OTHER, identity.other)):
        found += [Item(kind, name, 0, text) for name, text in named.items()]
    return [Item(i.kind, i.name, i.position, i.text.strip()) for i in found if i.text.strip()]


def identity_of(items: Iterable[Item]) -> Identity:
    """The identity that ``items_of`` laid out."""
    by_kind: dict[str, list[Item]] = {kind: [] for kind in KINDS}
    for item in sorted(items, key=lambda item: (item.position, item.name)):
        by_kind[item.kind].append(item)

    def one(kind: str) -> str:
        return by_kind[kind][0].text if by_kind[kind] else ""

    def many(kind: str) -> tuple[str, ...]:
        return tuple(item.text for item in by_kind[kind])

    return Identity(
        given_names=one(GIVEN_NAMES),
        family_names=one(FAMILY_NAMES),
        aliases=many(ALIAS),
        birth_date=date.fromisoformat(one(BIRTH_DATE)) if by_kind[BIRTH_DATE] else None,
        birth_year=int(one(BIRTH_YEAR)) if by_kind[BIRTH_YEAR] else None,
        phones=many(PHONE),
        emails=many(EMAIL),
        documents=tuple((item.name, item.text) for item in by_kind[DOCUMENT]),
        addresses=many(ADDRESS),
        places={item.name: item.text for item in by_kind[PLACE]},
        other={item.name: item.text for item in by_kind[OTHER]},
    )


def corrected(stored: Identity, given: Identity, *, clear: Collection[str] = (), sees_places: bool) -> Identity:
    """The identity after a correction: a field that is given takes the place of what was there, an empty one leaves it.

    A document takes the place of those of its type. A year alone keeps the known date of birth if it agrees with it.
    ``clear`` names fields to empty first. Whoever may not read whereabouts adds addresses and never replaces them: what
    one cannot see one cannot judge.
    """
    stored = replace(stored, **{f.name: getattr(Identity(), f.name) for f in fields(Identity) if f.name in clear})
    values = {f.name: getattr(given, f.name) or getattr(stored, f.name) for f in fields(Identity)}
    types = {name for name, _number in given.documents}
    values["documents"] = tuple(d for d in stored.documents if d[0] not in types) + given.documents
    values["other"] = {**stored.other, **given.other}
    values["places"] = {**stored.places, **given.places}
    if given.birth_year and not given.birth_date and stored.year != given.birth_year:
        values["birth_date"] = None
    if not sees_places:
        values["addresses"] = stored.addresses + tuple(a for a in given.addresses if a not in stored.addresses)
        values["places"] = {**given.places, **stored.places}
    return Identity(**values)


def strong_pairs(
    documents: Iterable[tuple[str, str]], birth_date: date | None, strong: Collection[str]
) -> list[tuple[str, str]]:
    """Every pair of strong identifiers as (kind of pair, text), the only thing known nationally about a person.

    Two different documents of strong types, or one and the date of birth. ``documents`` are (type, normalised number).
    A single identifier makes nothing: one leaked number must never be enough to ask the nation about a person.
    """
    own = sorted({f"{name}={number}" for name, number in documents if name in strong and number})
    pairs = [(TWO_DOCUMENTS, f"{a}|{b}") for a, b in combinations(own, 2)]
    if birth_date:
        pairs += [(DOCUMENT_AND_BIRTH, f"{text}|{birth_date.isoformat()}") for text in own]
    return pairs


@dataclass(frozen=True, slots=True)
class Term:
    """One thing searched for: found in a person when any of its (field, token) pairs is."""

    matches: str  # name | birth_year | phone | document
    weight: int
    tokens: frozenset[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who may be the one searched for, ``matched`` in what; only opening the identity makes it certain."""

    person_id: UUID
    score: int
    matched: tuple[str, ...]


def rank(terms: Sequence[Term], hits: Mapping[UUID, Collection[tuple[str, int]]], limit: int) -> list[Candidate]:
    """The best candidates first: those with half of the words of the name, or with a phone or document."""
    words = sum(term.matches == NAME for term in terms)
    found = []
    for person_id, tokens in hits.items():
        present = [term for term in terms if not term.tokens.isdisjoint(tokens)]
        kinds = {term.matches for term in present}
        enough = 2 * sum(term.matches == NAME for term in present) >= words > 0
        if enough or kinds & {PHONE, DOCUMENT}:
            matched = tuple(sorted(kinds))
            found.append(Candidate(person_id, sum(term.weight for term in present), matched))
    return sorted(found, key=lambda c: (-c.score, c.person_id.int))[:limit]
