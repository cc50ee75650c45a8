"""A valid row of each table about places, referrals, stays and help."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model

from enlace.assistance.models import (
    AssistedReturn,
    CarePlan,
    CareTurn,
    Cost,
    Feedback,
    FollowUp,
    Goal,
    GoalStep,
    GroupActivity,
    HalfReport,
    InKind,
    Permit,
    ServiceGiven,
    Session,
)
from enlace.base.ids import new_code, new_id
from enlace.directory.models import Agreement, Bed, BedUnit, Criterion, Programme, ServiceOffer, Site, SiteContact
from enlace.placements.models import Search, Stay, StayAlert, StayStep, UnmetNeed
from enlace.referrals.models import DisclosurePackage, Partner, Referral, ReferralStep
from tests.database.valid_people import (
    DAY,
    LATER,
    NEXT_DAY,
    NOON,
    a_case,
    an_agency,
)


def site() -> dict[str, Any]:
    of = {"agency": an_agency(), "code": new_code("S"), "name": "Invented", "kind_code": "safe_house"}
    return {**of, "state_code": "XX-I", "security_code": "open", "updated_at": NOON}


def a_site() -> Site:
    return Site.objects.create(**site())


def a_bed_unit() -> BedUnit:
    return BedUnit.objects.create(site=a_site(), name="Invented")


def stay() -> dict[str, Any]:
    bed = Bed.objects.create(unit=a_bed_unit(), number=1)
    about = {"code": new_code("E"), "case": a_case(), "agency_code": "own", "site": bed.unit.site, "bed": bed}
    when = {"requested_at": NOON, "occupied_from": NOON, "admitted_at": NOON, "agreed_at": NOON}
    return {**about, **when, "status": "admitted", "is_voluntary": True, "agreed_by_code": "person"}


def a_stay() -> Stay:
    return Stay.objects.create(**stay())


def need() -> dict[str, Any]:
    about = {"case": a_case(), "agency_code": "own", "service_code": "SHELTER", "sex_code": "male"}
    return {**about, "age_group_code": "16_24", "reason_code": "sex", "at": NOON, "sought_at": NOON, "recorded_by": "a"}


def agreement() -> dict[str, Any]:
    return {"from_state": "XX-N", "to_state": "XX-I", "valid_from": DAY, "valid_to": NEXT_DAY, "basis": "Invented"}


def referral() -> dict[str, Any]:
    return {
        "code": new_code("R"),
        "case": a_case(),
        "sender_code": "own",
        "recipient_code": "other",
        "is_consented": True,
        "sent_by": "somebody",
        "sent_at": NOON,
        "due_at": LATER,
    }


def a_referral() -> Referral:
    return Referral.objects.create(**referral())


def partner() -> dict[str, Any]:
    about = {"code": new_code("X"), "name": "Invented", "kind_code": "ngo"}
    return {**about, "added_by_agency": "own", "added_at": NOON}


def package() -> dict[str, Any]:
    secrets = {"link_digest": new_id().hex, "code_digest": "c"}
    return {"referral": a_referral(), **secrets, "made_by": "somebody", "made_at": NOON, "expires_at": LATER}


def referral_step() -> dict[str, Any]:
    about = {"referral": Referral.objects.create(**referral()), "verb": "accept"}
    return {**about, "at": LATER, "by": "somebody", "agency_code": "other"}


def service() -> dict[str, Any]:
    about = {"case": a_case(), "agency_code": "own", "service_code": "LEGAL", "started_on": DAY}
    return {**about, "recorded_by": "somebody", "recorded_at": NOON}


def a_service() -> ServiceGiven:
    return ServiceGiven.objects.create(**service())


def activity() -> dict[str, Any]:
    about = {"agency_code": "own", "service_code": "EDU", "title": "Invented", "planned_at": NOON}
    return {**about, "recorded_by": "somebody", "recorded_at": NOON}


def an_activity() -> GroupActivity:
    return GroupActivity.objects.create(**activity())


def session() -> dict[str, Any]:
    given = a_service()
    about = {"case": given.case, "service": given, "agency_code": "own", "service_code": "LEGAL"}
    return {**about, "planned_at": NOON, "recorded_by": "somebody", "recorded_at": NOON}


def feedback() -> dict[str, Any]:
    about = {"agency_code": "own", "service_code": "LEGAL", "month": "2025-03", "score": 3}
    return {**about, "digest": new_id().hex}


def things() -> dict[str, Any]:
    about = {"case": a_case(), "agency_code": "own", "item_code": "food", "quantity": 1, "given_on": DAY}
    return {**about, "recorded_by": "somebody", "recorded_at": NOON}


def cost() -> dict[str, Any]:
    about = {"agency_code": "own", "service_code": "LEGAL", "funding_code": "state", "amount": 1, "spent_on": DAY}
    return {**about, "recorded_by": "somebody", "recorded_at": NOON}


def plan() -> dict[str, Any]:
    return {"case": a_case(), "agency_code": "own", "drawn_up_by": "somebody", "drawn_up_at": NOON}


def a_plan() -> CarePlan:
    return CarePlan.objects.create(**plan())


def goal() -> dict[str, Any]:
    return {"plan": a_plan(), "area_code": "health", "objective": "invented", "added_at": NOON}


def a_goal() -> Goal:
    return Goal.objects.create(**goal())


def permit() -> dict[str, Any]:
    about = {"case": a_case(), "kind_code": "stay_permit", "agency_code": "own", "opened_by": "somebody"}
    return {**about, "opened_on": DAY, "moved_on": DAY}


def a_permit() -> Permit:
    return Permit.objects.create(**permit())


def assisted_return() -> dict[str, Any]:
    about = {"case": a_case(), "kind_code": "going_home", "agency_code": "own", "country_code": "MX"}
    return {**about, "opened_by": "somebody", "opened_on": DAY}


def follow_up() -> dict[str, Any]:
    about = {"case": a_case(), "agency_code": "own", "series": 1, "number": 1, "base_on": DAY, "due_on": NEXT_DAY}
    return {**about, "planned_by": "somebody", "planned_at": NOON}


def care_turn() -> dict[str, Any]:
    return {"plan": a_plan(), "verb": "draw", "on": DAY, "at": NOON, "by": "somebody", "agency_code": "own"}


VALID: dict[type[Model], Callable[[], dict[str, Any]]] = {
    ServiceOffer: lambda: {"agency": an_agency(), "service_code": "LEGAL", "confirmed_at": NOON},
    Site: site,
    SiteContact: lambda: {"site": a_site(), "kind": "phone", "value": "555"},
    Programme: lambda: {"site": a_site(), "service_code": "LEGAL"},
    Criterion: lambda: {"site": a_site(), "must": True, "fact": "age", "least": 3, "most": 9},
    Agreement: agreement,
    BedUnit: lambda: {"site": a_site(), "name": "Invented", "confirmed_at": NOON, "confirmed_by": "a"},
    Bed: lambda: {"unit": a_bed_unit(), "number": 1},
    Stay: stay,
    StayStep: lambda: {"stay": a_stay(), "verb": "admit", "at": NOON, "by": "a", "agency_code": "own"},
    StayAlert: lambda: {"stay": a_stay(), "kind": "limit", "raised_at": NOON},
    Search: lambda: {"case": a_case(), "agency_code": "own", "at": NOON, "by": "a"},
    UnmetNeed: need,
    Referral: referral,
    ReferralStep: referral_step,
    Partner: partner,
    DisclosurePackage: package,
    ServiceGiven: service,
    GroupActivity: activity,
    Session: session,
    Feedback: feedback,
    InKind: things,
    Cost: cost,
    CarePlan: plan,
    Goal: goal,
    GoalStep: lambda: {"goal": a_goal(), "what": "invented", "added_at": NOON},
    Permit: permit,
    AssistedReturn: assisted_return,
    HalfReport: lambda: {"agency_code": "own", "half": "2024-H1", "reported_by": "a", "reported_at": NOON},
    FollowUp: follow_up,
    CareTurn: care_turn,
}  # fmt: skip
