"""Complaints about officials as invented people make them."""

from typing import Any

from enlace.base.ids import new_id
from enlace.complaints import actions
from enlace.complaints.actions import Accusation
from enlace.complaints.models import Complaint
from enlace.intake import receipts
from enlace.intake.permissions import PUBLIC
from tests.intake.telling import Teller

WHAT = "Una persona del turno de noche pide dinero para dejarlas entrar."
ACCUSED = "prosecutor-north"


def a_complaint(accused: str = ACCUSED, **facts: Any) -> tuple[Complaint, str]:
    """A complaint that was sent, and its number."""
    number = receipts.new_number()
    given = {"level_code": "state", "words": {"what": WHAT}, **facts}
    told = Accusation(accused_code=accused, **given)
    return actions.send_complaint(by=PUBLIC, complaint_id=new_id(), told=told, number=number), number


def complaining(accused: str = ACCUSED) -> Teller:
    """Every question of a complaint answered."""
    teller = Teller(start="complaints:complain").open().send(agency=accused, level="state")
    return teller.send(what=WHAT).send(state="XX-N", posts=["R06"]).send()
