"""Dates as people type them."""

import calendar
from contextlib import suppress
from datetime import date, timedelta

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from enlace.base.dates import DateField, read_date

TODAY = date(2026, 11, 22)
MARCH = date(2020, 3, 12)
NAMES = [
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
]  # fmt: skip

TYPED = {
    "12/3/2020": MARCH,
    "12/03/2020": MARCH,
    "12-3-2020": MARCH,
    "12.03.2020": MARCH,
    "12 3 2020": MARCH,
    "12 / 3 / 2020": MARCH,
    " 12/3/2020 ": MARCH,
    "12/3/20": MARCH,
    "12-03-20": MARCH,
    "2020-03-12": MARCH,
    "2020/3/12": MARCH,
    "2020 03 12": MARCH,
    "12 mar 2020": MARCH,
    "12 mar. 2020": MARCH,
    "12-mar-2020": MARCH,
    "12/mar/20": MARCH,
    "12 de marzo de 2020": MARCH,
    "12 de marzo del 2020": MARCH,
    "12 DE MARZO DE 2020": MARCH,
    "12 March 2020": MARCH,
    "1 de septiembre de 2021": date(2021, 9, 1),
    "1 setiembre 2021": date(2021, 9, 1),
    "1 sept 2021": date(2021, 9, 1),
    "1º de mayo de 2019": date(2019, 5, 1),
    "1o de mayo de 2019": date(2019, 5, 1),
    "3 ago 1999": date(1999, 8, 3),
    "3 dic 99": date(1999, 12, 3),
    "29/2/2024": date(2024, 2, 29),
    "31/12/26": date(2026, 12, 31),
    "1/1/27": date(1927, 1, 1),
    "１２/３/２０２０": MARCH,
    "hoy": TODAY,
    "Hoy": TODAY,
    "ayer": TODAY - timedelta(days=1),
    "today": TODAY,
    "yesterday": TODAY - timedelta(days=1),
}
NO_DATES = [
    "", " ", "mañana", "12", "12/3", "12/13/2020", "32/1/2020", "30/2/2020", "29/2/2023", "0/1/2020", "1/0/2020",
    "12/3/202", "12/3/20200", "12/3/0220", "12/3/1899", "0020-03-12", "12x3x2020", "1a2b20", "12 martes 2020",
    "12 junta 2020", "12 ma 2020", "12 xyz 2020", "marzo 2020", "2020", "12//3//2020", "-1/3/2020", "12/3/2020 10:00",
    "١٢/٣/٢٠٢٠",
]  # fmt: skip


@pytest.mark.parametrize(("text", "day"), TYPED.items())
def test_what_people_type_is_understood(text: str, day: date) -> None:
    assert read_date(text, TODAY) == day


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_date(text, TODAY)


days = st.dates(date(1900, 1, 1), date(2199, 12, 31))
numeric = st.sampled_from(["{d}/{m}/{y}", "{d:02}-{m:02}-{y}", "{d}.{m}.{y}", "{y}-{m:02}-{d:02}", "{d} {m} {y}"])
spoken = st.sampled_from(["{d} de {n} de {y}", "{d} {n} {y}", "{d}-{s}-{y}", "{d} {s}. {y}"])


@given(days, numeric | spoken, st.sampled_from([str.lower, str.upper, str.title]))
def test_every_day_is_read_back_from_every_form(day: date, form: str, case: object) -> None:
    name = NAMES[day.month - 1]
    text = form.format(d=day.day, m=day.month, y=day.year, n=name, s=name[:3])
    assert read_date(case(text), TODAY) == day


@given(st.dates(date(1927, 1, 1), date(2026, 12, 31)))
def test_two_digits_of_a_year_mean_the_latest_that_has_begun(day: date) -> None:
    assert read_date(f"{day.day}/{day.month}/{day.year % 100:02}", TODAY) == day


@given(st.integers(1, 31), st.integers(1, 12), st.integers(1900, 2100))
def test_days_that_a_month_lacks_are_refused(day: int, month: int, year: int) -> None:
    text = f"{day}/{month}/{year}"
    if day <= calendar.monthrange(year, month)[1]:
        assert read_date(text, TODAY) == date(year, month, day)
    else:
        with pytest.raises(ValueError):
            read_date(text, TODAY)


@given(st.text() | st.from_regex(r"[0-9]{1,4}.[0-9a-z]{1,6}.[0-9]{1,5}", fullmatch=True))
def test_no_text_breaks_it(text: str) -> None:
    with suppress(ValueError):
        assert read_date(text, TODAY).year >= 1900


def test_the_field_reads_shows_and_refuses() -> None:
    field = DateField(required=False)
    assert field.clean("12 mar 2020") == MARCH
    assert field.clean(MARCH) == MARCH
    assert field.clean("") is None
    assert field.prepare_value(MARCH) == "12/3/2020"
    assert field.prepare_value("12 mrz") == "12 mrz", "what was typed stays in the box"
    with pytest.raises(forms.ValidationError):
        field.clean("12 mrz 2020")
    with pytest.raises(forms.ValidationError):
        DateField().clean("")
