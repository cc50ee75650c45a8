"""Every address of the application, and one example of each that leads to something."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from enlace.accounts.actions import ask_recovery, create_user
from enlace.accounts.models import User
from enlace.accounts.queries import actor_for, agencies
from enlace.assistance.actions import Given, record_services
from enlace.base.actor import Actor
from enlace.country.queries import current
from enlace.country.roles import Role
from enlace.people.queries import consents
from tests.accounts.entering import PASSWORD
from tests.assistance.examples import examples as of_assistance
from tests.complaints.examples import examples as of_complaints
from tests.directory.examples import examples as of_directory
from tests.intake.examples import examples as of_intake
from tests.placements.examples import examples as of_placements
from tests.portal.examples import examples as of_portal
from tests.prevalence.examples import examples as of_prevalence
from tests.referrals.examples import examples as of_referrals
from tests.releases.examples import examples as of_releases
from tests.returns.examples import examples as of_returns
from tests.screening.examples import examples as of_screening
from tests.screening.talks import TALK
from tests.statistics.examples import examples as of_statistics
from tests.vault.examples import examples as of_vault
from tests.world import SYSTEM, World, a_case, a_person, a_referral

API = "api/"
# Where a word of an address means something else than on the other pages.
INSTEAD: dict[str, dict[str, object]] = {
    "prevalence:download": {"kind": "json"},
    "screening:sheet": {"code": TALK},
}


@dataclass(frozen=True)
class Route:
    """A named address. ``permissions`` is what the view says: ``None`` is open to all, () to whoever is signed in."""

    name: str
    pattern: str
    view: Callable[..., HttpResponse]
    arguments: tuple[str, ...]

    @property
    def permissions(self) -> tuple[str, ...] | None:
        return self.view.permissions

    def is_open_to(self, actor: Actor) -> bool:
        return not self.permissions or any(actor.may(name) for name in self.permissions)


def all_patterns(
    resolver: URLResolver | None = None, space: str = "", path: str = ""
) -> Iterator[tuple[str, str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from all_patterns(entry, inner, path + str(entry.pattern))
        else:
            yield f"{space}{entry.name}", path + str(entry.pattern), entry


def own_routes() -> list[Route]:
    """The pages of our own modules; those of the sign-in library have tests of their own, and so has the API."""
    return [
        Route(name, path, entry.callback, tuple(entry.pattern.regex.groupindex))
        for name, path, entry in all_patterns()
        if entry.callback.__module__.startswith("enlace.")
    ]


def somebody(role: Role, agency_code: str = "") -> User:
    """An invented holder of a role, in an agency of a kind that may have it."""
    kinds = role.agency_kinds
    places = [agency.pk for agency in agencies() if not kinds or agency.kind_code in kinds]
    return create_user(
        by=SYSTEM,
        username=f"{role.code.lower()}-{agency_code or 'any'}",
        display_name=role.code,
        agency_code=agency_code or places[0],
        role_codes=[role.code],
    )


def examples(world: World) -> dict[str, object]:
    """One of each thing that an address may name; records of people are known to Bruno's agency only, but the complaint."""
    person_id = a_person(world.bruno)
    case_id = a_case(world.bruno, person_id)
    given = Given(case_id=case_id, service_code="MENTAL", started_on=timezone.localdate())
    service = record_services(by=world.bruno, rows=[given])[0]
    other = create_user(
        by=SYSTEM, username="ines", display_name="Ines", agency_code="commission", role_codes=["R17"], password=PASSWORD
    )
    ask_recovery(by=world.fidel, user_id=other.pk)
    others = of_intake(world) | of_screening(world) | of_complaints(world) | of_prevalence(world)
    others |= of_returns(world) | of_statistics(world)
    others |= of_releases(world)
    others |= of_referrals(world) | of_directory(world) | of_placements(world) | of_assistance(world)
    return (
        others
        | of_portal(world, person_id)
        | {
            **of_vault(world, person_id),
            "person_id": person_id,
            "case_id": case_id,
            "referral_id": a_referral(world.bruno, case_id, to="shelter-isles"),
            "service_id": service.pk,
            "consent_id": consents(viewer=world.bruno, person_id=person_id)[0].pk,
            "user_id": UUID(world.alma.id),
            "recovery_id": other.recoveries.get().pk,
            "role_code": "R02",
            "verb": "withdraw",
            "code": "NO-SUCH-CODE",
            "period": "2025",
            "kind": "csv",
        }
    )


def visit(client: Client, route: Route, values: dict[str, object]) -> Any:
    """Open the page, or send an empty form where there is nothing to open."""
    meant = values | INSTEAD.get(route.name, {})
    address = reverse(route.name, kwargs={name: meant[name] for name in route.arguments})
    answer = client.get(address)
    return client.post(address) if answer.status_code == 405 else answer


def asks_to_sign_in(answer: Any) -> bool:
    return answer.status_code == 302 and answer.headers["Location"].startswith(reverse("account_login"))


def actors(roles: tuple[Role, ...] | None = None) -> list[Actor]:
    return [actor_for(somebody(role)) for role in roles or current().roles]
