"""What the annual report says is checked when a pack is read; an error names the section and the part."""

from collections.abc import Callable
from pathlib import Path

import pytest

from enlace.country.loader import Pack, load
from enlace.country.rows import PackError
from enlace.country.script import FILE

SENTENCE = 'say = {{ es = "{0}", en = "{1}" }}'
Spoil = Callable[[str, str, str], Path]


def with_part(folder: Path, part: str) -> str:
    """What loading says of a script with this one part."""
    head = '[[section]]\nid = "one"\nlaw = "s. 40"\ntitle = { es = "Uno", en = "One" }\n\n[[section.part]]\n'
    (folder / FILE).write_text(head + part, encoding="utf-8")
    with pytest.raises(PackError) as error:
        load(folder)
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{identifed}", "there is no indicator identifed"),
        ("{identified colour=red}", "identified is not broken down by colour"),
        ("{identified sex=purple}", "sex of identified has no category purple"),
        ("{identified state=YY-1}", "state of identified has no category YY-1"),
        ("{identified nationality=other}", "nationality of identified has no category other"),
        ("{referrals outcome=lost}", "outcome of referrals has no category lost"),
        ("{inquiries form=unknown_form}", "form of inquiries has no category unknown_form"),
        ("{spent kind=own share}", "a share is of a count"),
        ("{rate sex=female share}", "a share is of a count"),
        ("There were 12.", "a number or a brace outside a slot"),
        ("{identified sex=female name name}", "is not an indicator"),
    ],
)
def test_a_sentence_that_names_no_cell_is_refused(folder: Path, text: str, expected: str) -> None:
    told = with_part(folder, SENTENCE.format(text, text))
    assert told.startswith(f"{folder.name}/{FILE}, field section.one.part.1.say.")
    assert expected in told


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ('say = { es = "Solo una." }', "a text in every language"),
        (SENTENCE.format("{identified}", "{assisted}"), "the same slots in every language"),
        ('table = "identified"', "an indicator and one of its dimensions"),
        ('table = "identified colour"', "is not broken down by colour"),
        ("figures = []", "a list of indicators"),
        ('table = "identified sex"\nmap = true', "a map is of the states"),
        ('figures = ["nothing"]', "there is no indicator nothing"),
        ('picture = "x"', "expected one of say, note, figures, table"),
        (f"{SENTENCE.format('a', 'b')}\nmap = true", "expected one of"),
        ('table = "identified sex"\nsay = { es = "a", en = "b" }', "expected one of"),
    ],
)
def test_a_part_that_is_none_is_refused(folder: Path, part: str, expected: str) -> None:
    assert expected in with_part(folder, part)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('id = "people"', 'id = "year"', "an id that no other section has"),
        ('id = "people"', 'id = "the people"', "an id of letters and _"),
        ('law = "Xandorian Trafficking Act, ss. 40 and 41"', "law = 40", "the law as a text"),
        ('law = "Xandorian Trafficking Act, ss. 40 and 41"\n', "", "expected id, law, title and parts"),
        ("# What the annual report", 'stray = "x"\n# What the annual report', "a list of sections and nothing beside"),
    ],
)
def test_a_section_that_is_none_is_refused(spoil: Spoil, old: str, new: str, expected: str) -> None:
    with pytest.raises(PackError, match=expected):
        load(spoil(FILE, old, new))


def test_a_pack_without_a_script_has_no_report(folder: Path) -> None:
    (folder / FILE).unlink()
    assert load(folder).annual == {}


def test_each_section_says_which_provision_it_answers(mx: Pack, xx: Pack) -> None:
    for pack in (mx, xx):
        assert all(section["law"] and section["parts"] for section in pack.annual["sections"])
    told = " ".join(section["law"] for section in mx.annual["sections"])
    assert all(article in told for article in ("88 VIII", "89 IV", "93", "113", "116 VI"))
