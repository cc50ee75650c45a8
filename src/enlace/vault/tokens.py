"""Search without reading: names and numbers brought to one spelling, and keyed tokens of them (a blind index).

A token is HMAC-SHA-256 under a key of the agency and field, cut short. Without the key the table cannot be searched
for a name, and two agencies' tokens of one name differ. Cutting makes unlike values meet: 24 bits for names, where some
false candidates cost little; 40 bits for numbers. Fewer bits would hide frequencies better and make people open the
wrong identity more often, which is the greater harm. Someone who holds the table still sees which tokens are common,
so no column of few values (sex, state, year of birth) has tokens of its own, and a year is found only beside a word of
the name.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from enlace.vault.envelope import subkey
from enlace.vault.rules import BIRTH_YEAR, DOCUMENT, NAME, PHONE, Identity, Term

NAME_YEAR = "name_year"
BITS = {NAME: 24, NAME_YEAR: 24, PHONE: 40, DOCUMENT: 40}
WEIGHTS = {NAME: 4, BIRTH_YEAR: 1, PHONE: 10, DOCUMENT: 20}
PHONE_DIGITS = 8
MIN_PHONE_DIGITS = 6
MIN_DOCUMENT_LENGTH = 4

PARTICLES = frozenset(["DE", "DEL", "LA", "LAS", "LOS", "EL", "Y", "E", "DA", "DO", "DAS", "DOS", "VDA"])
ABBREVIATIONS = {
    "MA": "MARIA",
    "J": "JOSE",
    "FCO": "FRANCISCO",
    "FCA": "FRANCISCA",
    "FDO": "FERNANDO",
    "GPE": "GUADALUPE",
    "ALVZ": "ALVAREZ",
    "DGUEZ": "DOMINGUEZ",
    "FDEZ": "FERNANDEZ",
    "FDZ": "FERNANDEZ",
    "GLEZ": "GONZALEZ",
    "GLZ": "GONZALEZ",
    "GTZ": "GUTIERREZ",
    "HDEZ": "HERNANDEZ",
    "HDZ": "HERNANDEZ",
    "JMZ": "JIMENEZ",
    "LPZ": "LOPEZ",
    "MTNZ": "MARTINEZ",
    "MTZ": "MARTINEZ",
    "PRZ": "PEREZ",
    "RDGUEZ": "RODRIGUEZ",
    "RDZ": "RODRIGUEZ",
    "RMZ": "RAMIREZ",
    "SCHZ": "SANCHEZ",
    "VZQ": "VAZQUEZ",
}

# In this order; "#" stands for the sound of CH.
SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"PH", "F"),
        (r"CH(?=[RL])", "K"),  # Christian, Cristian
        (r"CH", "#"),
        (r"H", ""),  # Hernández, Ernández; Martha, Marta
        (r"LL$", "L"),  # Farrill
        (r"LL", "Y"),  # Llesenia, Yesenia
        (r"([A-Z])\1+", r"\1"),  # Anna, Ana; Isaac, Isac
        (r"GU(?=[AO])", "U"),  # Gualberto, Walberto
        (r"GU(?=[EI])", "%"),  # the hard G of Guerrero, kept apart from that of Gerardo
        (r"G(?=[EIY])", "J"),  # Gerardo, Jerardo
        (r"%", "G"),
        (r"QU(?=[EI])", "K"),
        (r"C(?=[EIY])", "S"),  # Cecilia, Sesilia
        (r"[CQ]", "K"),
        (r"Z", "S"),  # González, Gonzales
        (r"V", "B"),
        (r"[KTP]S|(?<!^)S+", "S"),  # Itzel, Izel; Alecsis, Alesis
        (r"^PS", "S"),
        (r"N(?=[BP])", "M"),
        (r"Y(?![AEIOU])|(?<=[^AEIOU])Y", "I"),  # Leydy, Leidi; Bryan, Brian
        (r"(?<=[AEIOU])I(?=[AEIOU])", "Y"),  # Maia, Maya
        (r"^[JY][EI](?=[AO])", "Y"),  # Giovanni, Jovani
        (r"^J", "Y"),  # Jessica, Yesica
        (r"([A-Z])\1+", r"\1"),
    )
)
# Letters with two sounds: Ximena is Jimena and Xóchitl is Sóchitl; Wenceslao is Benceslao and Walberto is Gualberto.
TWO_SOUNDS = {"X": "JS", "W": "UB"}


def plain(text: str) -> str:
    """Capital letters without accents (NFKD; the tilde of the ñ is one), other characters as they are."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).upper()


def words(name: str) -> list[str]:
    """The words of a name that tell people apart, in one spelling.

    Accents, case, apostrophes and particles (de, del, la, los, y) go; Ma. is María, J. is José and the usual
    abbreviations of surnames are written out; Delacruz is Cruz. Particles stay when the name has nothing else.
    """
    letters = re.sub(r"['’`´]", "", plain(name))
    found = [ABBREVIATIONS.get(word, word) for word in re.findall(r"[^\W\d_]+", letters)]
    found = [re.sub(r"^DE(LA|LAS|LOS)(?=\w{3})", "", word) for word in found]
    return [word for word in found if word not in PARTICLES and len(word) > 1] or found


def phonetic_keys(word: str) -> frozenset[str]:
    """How a word of ``words`` may sound in Latin American Spanish; two spellings of one name share at least one key.

    The same: B and V; C, S and Z; K, QU and hard C; soft G and J; LL, Y and J at the start; F and PH; I and Y as
    vowels; M and N before B or P; double and single letters. H is mute. X sounds as J or S, and W as U or B: such a
    word has two keys. Letters outside A-Z stay, so that names in other scripts are found by their own spelling.
    """
    spellings = [word]
    for letter, sounds in TWO_SOUNDS.items():
        if letter in word:
            spellings = [spelling.replace(letter, sound) for spelling in spellings for sound in sounds]
    return frozenset(_sound(spelling) or word for spelling in spellings)


def phone_key(text: str) -> str:
    """The last eight digits of a phone number, the same however its prefixes are written; "" below six digits."""
    digits = "".join(str(unicodedata.digit(c)) for c in text if c.isdigit())
    return digits[-PHONE_DIGITS:] if len(digits) >= MIN_PHONE_DIGITS else ""


def document_key(number: str) -> str:
    """Capital letters and digits of a document number; "" below four of them."""
    kept = "".join(c for c in plain(number) if c.isalnum())
    return kept if len(kept) >= MIN_DOCUMENT_LENGTH else ""


def field_keys(root: bytes) -> dict[str, bytes]:
    """One index key per field, from the agency's index root."""
    return {field: subkey(root, f"vault.index.{field}") for field in BITS}


def person_tokens(identity: Identity, keys: Mapping[str, bytes]) -> set[tuple[str, int]]:
    """Every (field, token) under which an agency finds a person. A year goes with the family names if known."""
    given, family = words(identity.given_names), words(identity.family_names)
    aliases = [word for alias in identity.aliases for word in words(alias)]
    joined = [a + b for a, b in pairwise(given)]  # Ana Lilia, found as Analilia
    found = set(_tokens(NAME, _sounds([*given, *family, *aliases, *joined]), keys))
    if identity.year:
        dated = frozenset(f"{key} {identity.year}" for key in _sounds(family or given))
        found |= _tokens(NAME_YEAR, dated, keys)
    found |= {_token(PHONE, key, keys) for key in map(phone_key, identity.phones) if key}
    found |= {_token(DOCUMENT, key, keys) for key in (document_key(n) for _, n in identity.documents) if key}
    return found


def search_terms(
    keys: Mapping[str, bytes], *, name: str = "", phone: str = "", document: str = "", birth_year: int | None = None
) -> list[Term]:
    """What to look for. A year counts only beside a name: the exact year twice, a neighbouring one once."""
    spoken = words(name)
    terms = [Term(NAME, WEIGHTS[NAME], _tokens(NAME, sounds, keys)) for sounds in _word_sounds(spoken)]
    if spoken and birth_year:
        sounds = _sounds(spoken)
        for years in ((birth_year,), (birth_year - 1, birth_year, birth_year + 1)):
            dated = frozenset(f"{key} {year}" for key in sounds for year in years)
            terms.append(Term(BIRTH_YEAR, WEIGHTS[BIRTH_YEAR], _tokens(NAME_YEAR, dated, keys)))
    for field, key in ((PHONE, phone_key(phone)), (DOCUMENT, document_key(document))):
        if key:
            terms.append(Term(field, WEIGHTS[field], _tokens(field, frozenset({key}), keys)))
    return terms


def national_token(root: bytes, kind: str, pair: str) -> str:
    """The exact token of a pair of strong identifiers: 128 bits, under a key of its own; hexadecimal."""
    return hmac.digest(subkey(root, f"vault.national.{kind}"), pair.encode(), "sha256")[:16].hex()


def _sounds(spoken: Iterable[str]) -> frozenset[str]:
    return frozenset(key for word in spoken for key in phonetic_keys(word))


def _word_sounds(spoken: Sequence[str]) -> Iterator[frozenset[str]]:
    """For each word its sounds, and those of the words it makes when joined to a neighbour (Rosa María, Rosamaría)."""
    for place, word in enumerate(spoken):
        joined = [a + b for a, b in pairwise(spoken[max(0, place - 1) : place + 2])]
        yield _sounds([word, *joined])


def _tokens(field: str, values: frozenset[str], keys: Mapping[str, bytes]) -> frozenset[tuple[str, int]]:
    return frozenset(_token(field, value, keys) for value in values)


def _token(field: str, value: str, keys: Mapping[str, bytes]) -> tuple[str, int]:
    digest = hmac.digest(keys[field], value.encode(), hashlib.sha256)
    return field, int.from_bytes(digest[:8]) >> (64 - BITS[field])


def _sound(word: str) -> str:
    for pattern, sound in SOUNDS:
        word = pattern.sub(sound, word)
    return word
