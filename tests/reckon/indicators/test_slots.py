"""A sentence names the cells that its numbers come from, and holds no other number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reckon.indicators.slots import FACTS, WHATS, Slot, SlotError, read_sentence


def test_a_sentence_is_read_as_words_and_slots() -> None:
    assert read_sentence("Of {identified}, {identified sex=female share} are women.") == [
        "Of ",
        Slot("identified"),
        ", ",
        Slot("identified", "sex", "female", "share"),
        " are women.",
    ]


@pytest.mark.parametrize(
    ("text", "slot"),
    [
        ("{@period}", Slot("@period")),
        ("{a b.c=largest name}", Slot("a", "b.c", "largest", "name")),
        ("{a b=}", Slot("a", "b", "")),
        ("{a change}", Slot("a", what="change")),
        ("{a reported}", Slot("a", what="reported")),
    ],
)
def test_each_kind_of_slot_is_read(text: str, slot: Slot) -> None:
    assert read_sentence(text) == [slot]


@pytest.mark.parametrize(
    "text",
    [
        "About 600 persons.", "Some ٣ persons.", "{identified", "identified}", "{identified sex=female age=minor}", "{a share}",
        "{a b=c change}", "{a b=c reported}", "{a name}", "{a =c}", "{a b=c double}", "{@anything}", "{@period x=y}",
    ],
)  # fmt: skip
def test_a_number_or_a_slot_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(SlotError):
        read_sentence(text)


@pytest.mark.parametrize("text", ["{}", "{ }"])
def test_an_empty_slot_is_refused(text: str) -> None:
    with pytest.raises(SlotError):
        read_sentence(text)


CODES = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
SLOTS = st.one_of(
    st.builds(lambda name: f"{{@{name}}}", st.sampled_from(FACTS)),
    st.builds(lambda a, b, c, what: f"{{{a} {b}={c} {what}}}", CODES, CODES, CODES, st.sampled_from(WHATS[:2])),
    st.builds(lambda a: f"{{{a}}}", CODES),
)


@given(
    st.lists(st.one_of(SLOTS, st.text(st.characters(categories=["L", "Zs", "P"], exclude_characters="{}"), min_size=1)))
)
def test_nothing_of_a_sentence_is_lost(parts: list[str]) -> None:
    found = read_sentence("".join(parts))
    words = "".join(part for part in found if isinstance(part, str))
    assert words == "".join(part for part in parts if not part.startswith("{"))
    assert sum(isinstance(part, Slot) for part in found) == sum(part.startswith("{") for part in parts)
