"""Each condition is told as a sentence that a tired reader takes in at once, and every fact has its name."""

import pytest

from enlace.directory.labels import FACTS as NAMES
from enlace.directory.labels import condition_label, condition_labels
from enlace.directory.rules import FACTS, Criterion

SENTENCES = [
    (Criterion(True, "sex", frozenset({"male", "female"})), "Sex: only Female, Male"),
    (Criterion(False, "sex", frozenset({"male"})), "Sex: not Male"),
    (Criterion(True, "nationality", frozenset({"foreign"})), "Nationality: only Foreign nationals"),
    (Criterion(False, "exclusion", frozenset({"animal"})), "Situation: not Comes with an animal"),
    (Criterion(True, "age", least=16), "Age: from 16"),
    (Criterion(True, "age", least=0, most=0), "Age: from 0 to 0"),
    (Criterion(True, "boys_age", most=12), "Age of boys and men: up to 12"),
    (Criterion(False, "age", least=13, most=17), "Age: not from 13 to 17"),
    (Criterion(True, "with_children"), "People with children: nobody else"),
    (Criterion(False, "pregnancy"), "Pregnant people: not taken"),
]


@pytest.mark.parametrize(("row", "sentence"), SENTENCES, ids=[sentence for _row, sentence in SENTENCES])
def test_a_condition_is_told_as_a_sentence(row: Criterion, sentence: str) -> None:
    assert condition_label(row) == sentence


def test_every_fact_has_a_name_and_a_condition_says_what_it_rests_on() -> None:
    assert set(NAMES) == set(FACTS)
    assert condition_labels([Criterion(False, "family", basis="Rule 3")]) == [
        ("Families together: not taken", "Rule 3")
    ]
