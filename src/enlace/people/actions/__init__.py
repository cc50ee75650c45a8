"""Every write about people."""

from enlace.people.actions.consents import (
    Consent,
    Grounded,
    end_ground,
    record_consents,
    record_ground,
    revoke_consent,
)
from enlace.people.actions.disclosures import Disclosed, record_disclosures
from enlace.people.actions.emergencies import (
    Breaking,
    answer_emergency,
    ask_second,
    begin_emergency,
    close_emergencies,
    close_emergency,
    review_emergency,
)
from enlace.people.actions.registration import Registration, correct_person, make_known, register_people

__all__ = [
    "Breaking",
    "Consent",
    "Disclosed",
    "Grounded",
    "Registration",
    "answer_emergency",
    "ask_second",
    "begin_emergency",
    "close_emergencies",
    "close_emergency",
    "correct_person",
    "end_ground",
    "make_known",
    "record_consents",
    "record_disclosures",
    "record_ground",
    "register_people",
    "review_emergency",
    "revoke_consent",
]
