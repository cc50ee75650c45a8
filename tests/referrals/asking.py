"""How tests of referrals ask several at once, write down a partner, and make a package. Everybody is invented."""

from uuid import UUID

from enlace.base.actor import Actor
from enlace.base.ids import new_id
from enlace.referrals.actions import Made, Outsider, Parcel, Request, add_partner, send_package, send_referrals
from enlace.referrals.models import Partner, Referral
from enlace.vault.rules import Identity
from tests.world import World, a_case, a_person

SEVERAL = ("ngo-harbour", "shelter-isles", "health-south")
INVENTED = Identity(
    given_names="Xiomara", family_names="Inventada", phones=("5550009876",), addresses=("Calle Falsa 1",)
)


def asked_at_once(by: Actor, case_id: UUID, to: tuple[str, ...] = SEVERAL, **facts: object) -> list[Referral]:
    """One person, asked of several agencies at the same time; in the order of ``to``."""
    group_id = new_id()
    rows = [
        Request(case_id=case_id, recipient_code=code, service_codes=("MENTAL",), group_id=group_id, **facts)
        for code in to
    ]
    return send_referrals(by=by, rows=rows)


def a_partner(by: Actor, name: str = "Casa Inventada", **facts: object) -> Partner:
    row = Outsider(name=name, kind_code="ngo", agency_contact="5550001234", **facts)
    return add_partner(by=by, row=row)


def a_package(
    world: World, *, fields: tuple[str, ...] = ("sex_code", "names"), consents: bool | None = True, **facts: object
) -> Made:
    """Sent by Bruno to a partner, about somebody whose identity is sealed."""
    person_id = a_person(world.bruno, identity=INVENTED, consents=consents)
    partner = Partner.objects.first() or a_partner(world.bruno)
    row = Parcel(
        case_id=a_case(world.bruno, person_id),
        partner_id=partner.pk,
        service_codes=("MENTAL",),
        field_names=fields,
        **facts,
    )
    return send_package(by=world.bruno, row=row)
