"""The rules of the vault: what an identity consists of, corrections, strong pairs and ranking."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enlace.vault.rules import Identity, Term, corrected, identity_of, items_of, rank, strong_pairs
from tests.vault.material import ROSA, new_id

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).map(str.strip).filter(bool)
identities = st.builds(
    Identity,
    given_names=texts,
    family_names=texts,
    aliases=st.lists(texts, max_size=3).map(tuple),
    birth_date=st.none() | st.dates(),
    phones=st.lists(texts, max_size=3).map(tuple),
    documents=st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
    addresses=st.lists(texts, max_size=2).map(tuple),
    places=st.dictionaries(texts, texts, max_size=2),
    other=st.dictionaries(texts, texts, max_size=2),
)


@given(identities)
def test_the_items_of_an_identity_hold_all_of_it(identity: Identity) -> None:
    assert identity_of(items_of(identity)) == identity


def test_empty_fields_make_no_items() -> None:
    assert items_of(Identity(given_names="  ", phones=("", " "), other={"prs_Title": ""})) == []


def test_the_year_of_a_known_date_is_not_kept_twice() -> None:
    assert [item.kind for item in items_of(Identity(birth_date=date(1996, 3, 9), birth_year=1996))] == ["birth_date"]
    assert identity_of(items_of(Identity(birth_year=1996))).year == 1996
    assert Identity(birth_date=date(1996, 3, 9)).year == 1996


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (Identity(birth_year=1996), (date(1996, 3, 9), 1996)),
        (Identity(birth_year=1990), (None, 1990)),
        (Identity(birth_date=date(1991, 1, 2), birth_year=1991), (date(1991, 1, 2), 1991)),
        (Identity(), (date(1996, 3, 9), 1996)),
    ],
)
def test_a_year_keeps_the_date_it_agrees_with(given: Identity, expected: tuple[date | None, int]) -> None:
    now = corrected(ROSA, given, sees_places=True)
    assert (now.birth_date, now.year) == expected


def test_a_document_replaces_those_of_its_type() -> None:
    now = corrected(ROSA, Identity(documents=(("passport", "NUEVO-1"),)), sees_places=True)
    assert now.documents == (ROSA.documents[1], ("passport", "NUEVO-1"))


def test_who_sees_whereabouts_replaces_them() -> None:
    given = Identity(addresses=("Otra Calle 1",), places={"prs_MailingPostalCode": "X"})
    now = corrected(ROSA, given, sees_places=True)
    assert (now.addresses, now.places) == (given.addresses, given.places)


def test_who_does_not_see_whereabouts_adds_to_them() -> None:
    given = Identity(addresses=(*ROSA.addresses, "Otra Calle 1"), places={"prs_MailingPostalCode": "X"})
    now = corrected(ROSA, given, clear=["addresses", "phones"], sees_places=False)
    assert now.phones == ()
    assert (now.addresses, now.places) == (given.addresses, ROSA.places)


def test_strong_pairs_need_two_different_strong_identifiers() -> None:
    born, strong = date(1996, 3, 9), {"passport", "national_id"}
    one, two = ("passport", "A1"), ("national_id", "B2")
    assert strong_pairs([one, two], None, strong) == [("two_documents", "national_id=B2|passport=A1")]
    assert strong_pairs([two, one], None, strong) == strong_pairs([one, two], None, strong)
    assert strong_pairs([one], born, strong) == [("document_and_birth", "passport=A1|1996-03-09")]
    assert len(strong_pairs([one, two], born, strong)) == 3
    for weak in ([], [one], [one, one], [("other", "A1"), ("birth_certificate", "B2")], [("passport", ""), two]):
        assert strong_pairs(weak, None, strong) == []
    assert strong_pairs([], born, strong) == []


def test_half_of_the_words_or_one_number_makes_a_candidate() -> None:
    terms = [Term("name", 4, frozenset({("name", n)})) for n in range(4)]
    terms.append(Term("phone", 10, frozenset({("phone", 7)})))
    ids = sorted((new_id() for _ in range(5)), key=lambda pk: pk.int)
    one, two, three, caller, twin = ids
    hits = {
        one: [("name", 0)],
        two: [("name", 0), ("name", 1)],
        three: [("name", 0), ("name", 1), ("name", 2)],
        caller: [("phone", 7)],
        twin: [("name", 2), ("name", 3)],
    }
    found = rank(terms, hits, 10)
    assert [(c.person_id, c.score, c.matched) for c in found] == [
        (three, 12, ("name",)),
        (caller, 10, ("phone",)),
        (two, 8, ("name",)),
        (twin, 8, ("name",)),
    ]
    assert rank(terms, hits, 1) == found[:1]


def test_a_year_of_birth_alone_makes_no_candidate() -> None:
    year = Term("birth_year", 1, frozenset({("name_year", 1)}))
    assert rank([year], {new_id(): [("name_year", 1)]}, 10) == []
