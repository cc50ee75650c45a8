"""Answers of invented people: whatever a protocol asks, the engine finds in them what was wanted."""

import pytest

from enlace.country.protocols import Protocol
from enlace.country.queries import current
from enlace.demo.talks import KINDS, Teller, told, weigh
from enlace.screening.rules import INSUFFICIENT, POSSIBLE, PRESUMED, missing_required


def protocols() -> list[Protocol]:
    return list(current().protocols)


@pytest.mark.parametrize("wanted", [PRESUMED, POSSIBLE, INSUFFICIENT])
@pytest.mark.parametrize("age", [30, 12])
def test_every_protocol_can_be_answered_to_each_class(wanted: str, age: int) -> None:
    for protocol in protocols():
        found = told(protocol.key, wanted, Teller(age=age), protocol.valid_from)
        assert found, protocol.code
        for answers in found:
            outcome = weigh(protocol, answers, protocol.valid_from)
            assert outcome.class_code == wanted
            assert missing_required(protocol, answers) == ()
            assert outcome.settled or wanted != POSSIBLE
        if wanted == PRESUMED:
            assert len(found) == KINDS


def test_a_person_who_is_held_is_known_to_be() -> None:
    protocol = next(p for p in protocols() if any(q.fact == "detained" for q in p.questions))
    free, held = (
        told(protocol.key, PRESUMED, Teller(is_detained=held), protocol.valid_from)[0] for held in (False, True)
    )
    assert weigh(protocol, held, protocol.valid_from).detained is True
    assert weigh(protocol, free, protocol.valid_from).detained is False
