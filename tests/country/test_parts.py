"""The smaller parts of a pack: head, census, personal number, texts in every language."""

from pathlib import Path

import pytest

from enlace.country.loader import Pack, load
from enlace.country.rows import PackError

NUMBER = '\n[personal_number]\nname_en = "Number"\nname_es = "Número"\npattern = "{pattern}"\nalphabet = "{alphabet}"\n'


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_the_head_says_which_country_it_is(xx: Pack) -> None:
    assert (xx.code, xx.name("es"), xx.country_iso2, xx.country_iso3) == ("xx", "Xandoria", "XX", "XXX")
    assert (xx.currency, xx.timezone, xx.default_language) == ("XTS", "Indian/Mauritius", "en")
    assert [item.code for item in xx.data_classes] == list("ABCDEFGH")


def test_every_text_is_there_in_both_languages(xx: Pack, mx: Pack) -> None:
    assert xx.offences[0].label("es") == "Trata de personas"
    assert xx.role("R01").label("en") == "Helpline worker"
    assert xx.role("R01").description("es").startswith("Atiende")
    assert xx.screening_indicators[1].text("es") == "No recibía pago"
    assert xx.finance_red_flags[0].text("en").startswith("Cash")
    assert xx.glossary[0] == ("trafficking in persons", "trata de personas")
    assert mx.glossary[0] == ("trata de personas", "trafficking in persons")
    assert mx.personal_number is not None
    assert mx.personal_number.name("es") == "CURP"


def test_a_warning_is_found_by_the_indicator_it_belongs_to(xx: Pack) -> None:
    assert [caveat.number for caveat in xx.caveats_for("victims_identified")] == [1, 2]
    assert [caveat.text("es")[:10] for caveat in xx.caveats_for("victims_abroad")] == ["No deben s"]
    assert xx.caveats_for("convictions") == ()


def test_a_sign_has_only_the_strengths_that_its_instrument_sets(xx: Pack) -> None:
    assert xx.screening_indicators[1].strengths == {"adult_labour": "M", "child_labour": "M"}
    assert xx.screening_indicators[2].strengths == {}


def test_a_census_of_every_state_adds_up(folder: Path) -> None:
    census = "state,total,female,male\nXX-N,10,6,4\nXX-S,20,10,10\nXX-I,3,1,2\n"
    (folder / "geography" / "census.csv").write_text(census, encoding="utf-8")
    pack = load(folder)
    assert (pack.census_population(None), pack.census_population("XX-I", "male")) == (33, 2)


def test_a_census_that_lacks_a_state_has_no_total(folder: Path) -> None:
    (folder / "geography" / "census.csv").write_text("state,total,female,male\nXX-N,10,6,4\n", encoding="utf-8")
    assert load(folder).census_population(None) is None


def test_a_census_whose_sexes_do_not_add_up_is_refused(folder: Path) -> None:
    (folder / "geography" / "census.csv").write_text("state,total,female,male\nXX-N,11,6,4\n", encoding="utf-8")
    with pytest.raises(PackError, match="line 2, field total"):
        load(folder)


def test_a_year_that_one_state_lacks_has_no_national_total(folder: Path) -> None:
    path = folder / "geography" / "population.csv"
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("XX-I,2024,male")]
    path.write_text("\n".join(kept), encoding="utf-8")
    pack = load(folder)
    assert pack.population(None, 2024) is None
    assert pack.population(None, 2024, "female") is not None
    assert pack.population("XX-N", 2024) is not None


@pytest.mark.parametrize(
    ("pattern", "alphabet", "field"), [("[0-9", "0123456789", "pattern"), ("[0-9]+", "0123456788", "alphabet")]
)
def test_a_personal_number_that_cannot_be_checked_is_refused(
    folder: Path, pattern: str, alphabet: str, field: str
) -> None:
    append(folder / "pack.toml", NUMBER.format(pattern=pattern, alphabet=alphabet))
    with pytest.raises(PackError) as caught:
        load(folder)
    assert caught.value.field == field


@pytest.mark.parametrize("languages", ['["en", "english"]', '["en", "en"]', "[]", '"en es fr"'])
def test_languages_that_are_no_codes_or_have_no_texts_are_refused(folder: Path, languages: str) -> None:
    path = folder / "pack.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('["en", "es"]', languages), encoding="utf-8")
    with pytest.raises(PackError) as caught:
        load(folder)
    assert caught.value.file == "xx/pack.toml"


def test_a_time_limit_of_centuries_is_refused(folder: Path) -> None:
    append(folder / "law" / "limits.toml", '\n[eternity]\ndays = 900000\nsource = "P"\nbasis = "none"\n')
    with pytest.raises(PackError, match="field days"):
        load(folder)


@pytest.mark.parametrize("text", ["[[name]]\n[[name.deep]]\n", "odd = [[1, 2], [3]]\n", "mixed = [1, {a = 2}]\n"])
def test_toml_that_is_nested_too_deep_is_refused(folder: Path, text: str) -> None:
    append(folder / "law" / "limits.toml", f"\n{text}")
    with pytest.raises(PackError) as caught:
        load(folder)
    assert caught.value.file == "xx/law/limits.toml"
