"""One of each thing that an address of referrals may name beside a referral."""

from tests.referrals.asking import a_partner
from tests.world import World


def examples(world: World) -> dict[str, object]:
    return {"partner_id": a_partner(world.bruno).pk, "link": "no-such-link"}
