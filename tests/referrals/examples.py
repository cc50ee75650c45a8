"""One of each thing that an address of referrals may name beside a referral; ``unnamed_id`` is what Bruno accepted unnamed."""

from tests.referrals.asking import a_partner
from tests.world import World, a_case, a_person, a_referral, accepted


def examples(world: World) -> dict[str, object]:
    case_id = a_case(world.alma, a_person(world.alma, consents=False))
    unnamed_id = a_referral(world.alma, case_id, to="prosecutor-north", is_anonymous=True)
    accepted(world.bruno, unnamed_id)
    return {"partner_id": a_partner(world.bruno).pk, "link": "no-such-link", "unnamed_id": unnamed_id}
