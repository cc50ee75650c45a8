"""One cast, one world. Everything here is invented and made only through actions.

police-north      Alma   first responder        registers a person and opens the case
prosecutor-north  Bruno  case coordinator       decides identification, refers
                  Lucas  case coordinator       the same agency, another desk
ngo-harbour       Carla  service provider       accepts and assists
shelter-isles     Dora   shelter manager        the other provider
health-south      Omar   service provider       never involved: the outsider
commission        Elena  statistician           counts
                  Gema   auditor                reads the record, not the content
police-north      Fidel  administrator          manages accounts, sees no case
helpline          Hilda  helpline worker        takes calls, screens, passes on
children-north    Nadia  case coordinator       takes up what concerns a child
ombudsman         Irene  ombudsman's officer    receives complaints about officials
money-watch       Tomas  analyst                receives consented extracts
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from enlace.accounts.actions import create_user, load_agencies
from enlace.accounts.queries import actor_for
from enlace.base.actor import Actor
from enlace.cases.actions import Coded, Opening, Ruling, decide_cases, open_cases
from enlace.country.queries import current
from enlace.directory.actions import Offer, publish_offers
from enlace.people.actions import Consent, Registration, record_consents, register_people
from enlace.referrals.actions import Answer, Request, answer_referrals, send_referrals
from enlace.vault.actions import seal_identities
from enlace.vault.rules import Identity

SYSTEM = Actor.system("tests")
PASSWORD = "una frase larga de prueba"

CAST = {
    "alma": ("police-north", "R02"),
    "bruno": ("prosecutor-north", "R06"),
    "lucas": ("prosecutor-north", "R06"),
    "carla": ("ngo-harbour", "R08"),
    "dora": ("shelter-isles", "R09"),
    "omar": ("health-south", "R08"),
    "elena": ("commission", "R17"),
    "gema": ("commission", "R18"),
    "fidel": ("police-north", "R19"),
    "hilda": ("helpline", "R01"),
    "nadia": ("children-north", "R06"),
    "irene": ("ombudsman", "R15"),
    "tomas": ("money-watch", "R14"),
}

OFFERS = [
    Offer("ngo-harbour", "MENTAL"),
    Offer("ngo-harbour", "LEGAL"),
    Offer("shelter-isles", "SHELTER", "XX-I"),
    Offer("health-south", "HEALTH", "XX-S"),
]


@dataclass
class World:
    """The cast as actors, by first name."""

    alma: Actor
    bruno: Actor
    lucas: Actor
    carla: Actor
    dora: Actor
    omar: Actor
    elena: Actor
    gema: Actor
    fidel: Actor
    hilda: Actor
    nadia: Actor
    irene: Actor
    tomas: Actor


def make_world(passwords: bool = False) -> World:
    """Everybody, registered through actions; passwords cost a fifth of a second each and few tests sign in."""
    load_agencies(by=SYSTEM, seeds=current().agencies)
    publish_offers(by=SYSTEM, rows=OFFERS)
    actors = {}
    for name, (agency_code, role_code) in CAST.items():
        user = create_user(
            by=SYSTEM,
            username=name,
            display_name=name.title(),
            agency_code=agency_code,
            role_codes=[role_code],
            password=PASSWORD if passwords else None,
        )
        actors[name] = actor_for(user)
    return World(**actors)


def a_person(by: Actor, *, consents: bool | None = True, identity: Identity | None = None, **facts: object) -> UUID:
    """Register somebody invented; ``consents`` None means nobody asked."""
    given: dict[str, object] = {"sex_code": "female", "birth_year": 1996, "citizenship_codes": ("MX",), **facts}
    row = Registration(**given)
    register_people(by=by, rows=[row])
    if identity:
        seal_identities(by=by, identities={row.id: identity}, protected=[row.id] if row.is_protected else [])
    if consents is not None:
        answers = [
            Consent(
                person_id=row.id,
                purpose_code=purpose,
                given_by_code="person",
                given_on=date(2025, 1, 10),
                is_refusal=not consents,
            )
            for purpose in ("referral", "services")
        ]
        record_consents(by=by, rows=answers)
    return row.id


def a_case(by: Actor, person_id: UUID | None = None, *, forms: tuple[str, ...] = (), **facts: object) -> UUID:
    """Open a case for somebody invented."""
    first = next(iter(current().forms)).code
    codes = tuple(Coded(list_name="exploitation_form", code=code) for code in forms or (first,))
    row = Opening(
        person_id=person_id or a_person(by),
        origin_code="police",
        state_code="XX-N",
        codes=codes,
        **facts,
    )
    open_cases(by=by, rows=[row])
    return row.id


def identified(by: Actor, case_id: UUID, **facts: object) -> None:
    decide_cases(by=by, rows=[Ruling(case_id=case_id, verb="identify", ground_code="prosecutor", **facts)])


def a_referral(by: Actor, case_id: UUID, to: str = "ngo-harbour", **facts: object) -> UUID:
    row = Request(case_id=case_id, recipient_code=to, service_codes=("MENTAL",), **facts)
    send_referrals(by=by, rows=[row])
    return row.id


def accepted(by: Actor, referral_id: UUID) -> None:
    answer_referrals(by=by, rows=[Answer(referral_id=referral_id, verb="accept")])
