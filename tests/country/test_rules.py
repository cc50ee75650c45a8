import pytest

from enlace.country.loader import Pack
from enlace.country.rules import age_group, check_character, is_minor, is_personal_number

GROUPS = [("child", 0, 15), ("adult", 16, None), ("unknown", None, None)]


@pytest.mark.parametrize(
    ("age", "expected"),
    [(0, "child"), (15, "child"), (16, "adult"), (120, "adult"), (None, "unknown"), (-1, "unknown")],
)
def test_an_age_falls_in_the_group_that_holds_it(age: int | None, expected: str) -> None:
    assert age_group(age, GROUPS) == expected


def test_an_age_that_no_group_holds_is_unknown() -> None:
    assert age_group(20, [("child", 0, 15), ("open_start", None, 3)]) == "unknown"


@pytest.mark.parametrize(("age", "expected"), [(15, True), (16, False), (None, None)])
def test_a_minor_is_below_the_age_of_majority(age: int | None, expected: bool | None) -> None:
    assert is_minor(age, 16) is expected


def test_the_check_digit_is_the_one_of_the_number_for_foreigners_in_tax_papers(mx: Pack) -> None:
    assert mx.personal_number is not None
    assert check_character("XEXX010101HNEXXXA", mx.personal_number.alphabet) == "4"
    assert mx.personal_number.is_valid("XEXX010101HNEXXXA4")


@pytest.mark.parametrize(
    "text", ["XEXX010101HNEXXXA5", "XEXX010101HNEXXXA", "xexx010101hnexxxa4", "XEXX01010\u0661HNEXXXA4", ""]
)
def test_a_wrong_personal_number_is_not_valid(mx: Pack, text: str) -> None:
    assert mx.personal_number is not None
    assert not mx.personal_number.is_valid(text)


def test_a_character_outside_the_alphabet_is_not_valid() -> None:
    assert not is_personal_number("A#1", ".{3}", "0123456789A")


def test_a_country_may_have_no_personal_number(xx: Pack) -> None:
    assert xx.personal_number is None
