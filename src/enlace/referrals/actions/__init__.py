"""Every write of a referral. The single form is the bulk of one."""

from enlace.referrals.actions.answering import (
    Answer,
    Feedback,
    answer_for_partners,
    answer_referrals,
    deliver_referrals,
    expire_referrals,
    give_feedback,
    take_step,
    withdraw_referral,
)
from enlace.referrals.actions.onward import Onward, mark_unplaced, reroute_referrals
from enlace.referrals.actions.packages import (
    ACKNOWLEDGE,
    Made,
    Opened,
    Parcel,
    answer_package,
    expire_packages,
    open_package,
    send_package,
)
from enlace.referrals.actions.partners import Outsider, add_partner, correct_partner
from enlace.referrals.actions.sending import CONSENT_PURPOSE, Request, send_referrals

__all__ = [
    "ACKNOWLEDGE",
    "CONSENT_PURPOSE",
    "Answer",
    "Feedback",
    "Made",
    "Onward",
    "Opened",
    "Outsider",
    "Parcel",
    "Request",
    "add_partner",
    "answer_for_partners",
    "answer_package",
    "answer_referrals",
    "correct_partner",
    "deliver_referrals",
    "expire_packages",
    "expire_referrals",
    "give_feedback",
    "mark_unplaced",
    "open_package",
    "reroute_referrals",
    "send_package",
    "send_referrals",
    "take_step",
    "withdraw_referral",
]
