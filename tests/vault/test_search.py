"""Finding a person of the own agency by what they say of themselves."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enlace.audit.models import AuditEvent
from enlace.base.actor import Actor
from enlace.base.errors import Forbidden, Refusal
from enlace.vault import envelope, tokens
from enlace.vault.actions import seal_identities
from enlace.vault.models import BlindToken
from enlace.vault.queries import search_own
from enlace.vault.rules import Identity, rank
from tests.vault.material import PLANTED, ROSA, everything_stored, new_id, rows_of, traces

KEYS = tokens.field_keys(envelope.new_key())
PERSON = new_id()

SPELLINGS = [
    ("José Hernández", "Jose Ernandes"),
    ("María Guadalupe Ñúñez", "Ma. Gpe. Nunez"),
    ("María Guadalupe Ñúñez", "Mª Guadalupe Núñes"),
    ("J. Guadalupe Posada", "José Guadalupe Posada"),
    ("González", "Gonsales"),
    ("Martínez", "Mtz"),
    ("Hernández", "Hdez."),
    ("Rodríguez", "Rodrigues"),
    ("Jiménez", "Ximénez"),
    ("Ximena", "Jimena"),
    ("Javier", "Xavier"),
    ("Xóchitl", "Sochitl"),
    ("Alexis", "Alecsis"),
    ("Alejandra", "Alexandra"),
    ("Yesenia", "Jessenia"),
    ("Yesenia", "Llesenia"),
    ("Giovanni", "Jovani"),
    ("Geovanni", "Yovani"),
    ("Jonathan", "Yonatan"),
    ("Vázquez", "Basques"),
    ("Baltazar", "Valtasar"),
    ("Cecilia", "Sesilia"),
    ("Quetzalli", "Ketsalli"),
    ("Itzel", "Izel"),
    ("Cuauhtémoc", "Cuautemoc"),
    ("Gerardo", "Jerardo"),
    ("Zoila", "Soyla"),
    ("Leydi", "Leidy"),
    ("Bryan", "Brian"),
    ("Christian", "Cristian"),
    ("Sophia", "Sofia"),
    ("Martha", "Marta"),
    ("Ruth", "Rut"),
    ("Nohemí", "Noemi"),
    ("Anahí", "Anai"),
    ("Isaac", "Isac"),
    ("Campos", "Canpos"),
    ("Wenceslao", "Venceslao"),
    ("Walter", "Gualter"),
    ("Villa", "Biya"),
    ("Mayra", "Maira"),
    ("Psicoya", "Sicoya"),
    ("de la Cruz", "Delacruz"),
    ("de la Cruz", "Cruz"),
    ("Rosa María", "Rosamaría"),
    ("Analilia", "Ana Lilia"),
    ("O'Farrill", "Ofarril"),
    ("Pérez-Soto", "Perez Soto"),
    ("王 小明", "小明"),
]
DIFFERENT = [("Hernández", "Fernández"), ("Luisa", "Lucía"), ("Mora", "Mota"), ("Gerardo", "Guerra"), ("Ana", "Eva")]

NAMES = "María José Luz Ximena Óscar Íñigo Guadalupe Ángeles Hernández Núñez Güemes Ibáñez Quiroz Zúñiga de la Peña"
names = st.lists(st.sampled_from(NAMES.split()), min_size=1, max_size=5).map(" ".join)
invented = st.text("abcdefghijklmnñopqrstuvwxyzáéíóúü", min_size=2, max_size=12)


def found(stored: Identity, **asked: object) -> bool:
    terms = tokens.search_terms(KEYS, **asked)
    return bool(rank(terms, {PERSON: tokens.person_tokens(stored, KEYS)}, 1))


@pytest.mark.parametrize(("stored", "asked"), SPELLINGS)
def test_a_name_is_found_however_it_is_spelled(stored: str, asked: str) -> None:
    assert found(Identity(given_names=stored), name=asked)
    assert found(Identity(family_names=asked), name=stored) or " " in stored + asked


@pytest.mark.parametrize(("stored", "asked"), DIFFERENT)
def test_names_that_sound_different_stay_apart(stored: str, asked: str) -> None:
    assert not found(Identity(given_names=stored), name=asked)


@given(names, st.randoms(use_true_random=False))
def test_accents_case_order_and_particles_never_hide_a_person(name: str, chance: object) -> None:
    words = [word for word in name.split() if word not in ("de", "la")] or name.split()
    chance.shuffle(words)
    bare = "".join(c for c in unicodedata.normalize("NFD", " ".join(words)) if not unicodedata.combining(c))
    stored = Identity(given_names=name)
    for asked in (" ".join(words), bare, bare.upper(), bare.lower(), unicodedata.normalize("NFD", name), f"  {name}, "):
        assert found(stored, name=asked)


@given(invented, invented)
def test_any_word_of_letters_has_a_sound_and_finds_itself(given_name: str, family_name: str) -> None:
    stored = Identity(given_names=given_name, family_names=family_name)
    assert found(stored, name=f"{family_name} {given_name}".upper())
    assert all(tokens.phonetic_keys(word) for word in tokens.words(given_name))


@given(st.text(max_size=40))
def test_whatever_is_typed_is_searched_without_an_error(text: str) -> None:
    tokens.search_terms(KEYS, name=text, phone=text, document=text, birth_year=1990)
    tokens.person_tokens(Identity(given_names=text, phones=(text,), documents=(("passport", text),)), KEYS)


@pytest.mark.parametrize(
    "asked",
    ["+52 1 55 0001 1122", "044 55 0001 1122", "(55) 0001-1122", "5500011122", "0052 55 00 01 11 22", "00011122"],
)
def test_a_phone_is_found_whatever_its_prefixes(asked: str) -> None:
    assert found(ROSA, phone=asked)
    assert not found(ROSA, phone="5500011123")


def test_a_document_is_found_whatever_its_punctuation() -> None:
    assert found(ROSA, document="g 0011-223344")
    assert not found(ROSA, document="0011223344")


def test_too_short_numbers_are_not_searched() -> None:
    assert tokens.search_terms(KEYS, phone="12345", document="A-1", birth_year=1990) == []


def test_two_agencies_have_different_tokens_of_one_name(bruno: Actor, alma: Actor) -> None:
    for by in (bruno, alma):
        seal_identities(by=by, identities={new_id(): ROSA})
    own = {row.token for row in rows_of(BlindToken, agency_code=bruno.agency_code)}
    assert own.isdisjoint(row.token for row in rows_of(BlindToken, agency_code=alma.agency_code))


def test_only_people_of_the_own_agency_are_found(bruno: Actor, alma: Actor) -> None:
    person_id = new_id()
    seal_identities(by=bruno, identities={person_id: ROSA})
    assert [c.person_id for c in search_own(viewer=bruno, name="jimena inventada")] == [person_id]
    assert search_own(viewer=alma, name="jimena inventada") == []


def test_the_likeliest_come_first_and_say_in_what_they_agree(bruno: Actor) -> None:
    ids = [new_id() for _ in range(4)]
    same = {"given_names": "Rosa Elena", "family_names": "Supuesta Inventada"}
    people = [
        Identity(**same, birth_year=1996, phones=("5500011122",)),
        Identity(**same, birth_year=1997),
        Identity(**same, birth_year=1970),
        Identity(given_names="Elena", family_names="Otra"),
    ]
    seal_identities(by=bruno, identities=dict(zip(ids, people, strict=True)))
    asked = search_own(viewer=bruno, name="Rosa Elena Supuesta", birth_year=1996, phone="55 0001 1122")
    assert [c.person_id for c in asked] == ids[:3]
    assert [c.matched for c in asked] == [("birth_year", "name", "phone"), ("birth_year", "name"), ("name",)]
    assert len(search_own(viewer=bruno, name="Elena", limit=2)) == 2


def test_a_common_name_does_not_hide_the_one_that_agrees_in_more(bruno: Actor) -> None:
    crowd = {new_id(): Identity(given_names="Rosa", family_names=f"Número{n}") for n in range(300)}
    person_id = new_id()
    seal_identities(by=bruno, identities={**crowd, person_id: ROSA})
    assert search_own(viewer=bruno, name="Rosa Inventada Peña")[0].person_id == person_id


def test_the_record_says_which_fields_were_searched_and_never_for_what(bruno: Actor) -> None:
    seal_identities(by=bruno, identities={new_id(): ROSA})
    search_own(viewer=bruno, name="Rosa Inventada", phone="55 0001 1122", document="G-0011223344", birth_year=1996)
    event = rows_of(AuditEvent, action="person.searched")[0]
    assert event.detail == {"fields": ["birth_year", "document", "name", "phone"], "found": 1}
    assert traces(everything_stored(), PLANTED) == []


def test_a_search_for_nothing_is_refused(bruno: Actor, elena: Actor) -> None:
    for asked in ({}, {"birth_year": 1990}, {"name": " .- "}, {"phone": "123"}):
        with pytest.raises(Refusal):
            search_own(viewer=bruno, **asked)
    with pytest.raises(Forbidden):
        search_own(viewer=elena, name="Rosa")


def test_the_planted_texts_would_be_noticed() -> None:
    assert traces(b"...rosa...", PLANTED) == ["Rosa"]
    assert "Imaginaria" in traces("Imaginaria".encode("utf-16-le"), PLANTED)
