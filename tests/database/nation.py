"""Many agencies with work of their own and work in common. Everybody is invented.

Who of them may see which row is worked out in ``judging.py``.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from enlace.accounts.actions import create_user, load_agencies, open_agency
from enlace.assistance.actions import Given, record_services
from enlace.base.actor import NATIONAL, Actor
from enlace.base.errors import Missing
from enlace.base.ids import new_id
from enlace.base.permissions import PERMISSIONS
from enlace.base.rows import seeing_as
from enlace.cases.actions import Coded, Opening, Stretch, close_case, open_cases, reopen_case, write_note
from enlace.cases.models import Case
from enlace.complaints import actions as complaints
from enlace.country.queries import current
from enlace.intake.actions import (
    Result,
    Told,
    hold_files,
    open_receipt,
    read_report,
    record_outcomes,
    schedule_follow_up,
    take_notices,
)
from enlace.intake.files import clean
from enlace.intake.permissions import PUBLIC
from enlace.people.actions import record_ground
from enlace.placements.actions import confirm_stay, record_gap
from enlace.placements.queries import Asked
from enlace.portal.actions import ask
from enlace.referrals.actions import Outsider, Parcel, Request, add_partner, send_package, send_referrals
from enlace.releases.actions import prepare_release
from enlace.screening.actions import (
    Confirmed,
    GroupPage,
    GroupStart,
    answer_group,
    join_group,
    record_confirmations,
    start_group,
)
from enlace.statistics import tasks
from enlace.statistics.actions import ask_question, compute_mechanism, compute_national
from enlace.statistics.questions import Question
from enlace.vault.actions import answer_emergency, save_draft
from enlace.vault.rules import Identity
from tests.assistance.caring import cared_for, thought_of
from tests.complaints.accusing import a_complaint
from tests.directory.houses import a_house, a_unit
from tests.intake.contacts import a_contact, a_notice, at_risk
from tests.intake.telling import a_report
from tests.people.test_ground import decided as ground
from tests.placements.living import admitted, held
from tests.portal.holding import a_page, herself
from tests.screening.talks import PRESUMED, VISIT, decided, finished
from tests.vault.breaking import an_emergency
from tests.world import SYSTEM, a_person, accepted, identified

AGENCIES = 32
# Agencies of the country beside the ring: who receives its notices, and who is told by the public.
RECEIVERS = ["prosecutor-north", "prosecutor-south", "children-north", "helpline", "ombudsman"]
SEES_ALL = Actor.system("judge")


def worker(agency_code: str) -> Actor:
    """Somebody of an agency who may do everything but see what is not the agency's."""
    return Actor(id=f"worker of {agency_code}", agency_code=agency_code, role_code="R06", can=frozenset(PERMISSIONS))


def build() -> list[str]:
    """32 agencies in a ring: each refers its case to the next one, and every other referral is accepted."""
    load_agencies(by=SYSTEM, seeds=current().agencies)
    codes = [f"agency-{number:02}" for number in range(AGENCIES)]
    for code in codes:
        open_agency(by=SYSTEM, code=code, name=f"Invented {code}", kind_code="ngo")
    sent = [_work_of(code, codes[(number + 1) % AGENCIES]) for number, code in enumerate(codes)]
    for number in range(0, AGENCIES, 2):
        recipient = worker(codes[(number + 1) % AGENCIES])
        accepted(recipient, sent[number].id)
        write_note(by=recipient, case_id=sent[number].case_id, text="of the partner alone")
        given = record_services(by=recipient, rows=[_service(sent[number].case_id, sent[number].id)])[0]
        thought_of(worker(codes[number]), given.pk)
        _housed(recipient, sent[number].case_id)
    _unnamed(worker(codes[7]), worker(codes[12]), sent[7].case_id)
    _told_by_the_public(codes)
    _opened_in_emergencies(codes)
    _counted_and_published()
    return codes


def _counted_and_published() -> None:
    """The year is counted, an analyst asks about it, and a release is prepared."""
    statistician, year = replace(worker("commission"), scope=NATIONAL), timezone.localdate().year
    compute_national(by=statistician, year=year)
    with seeing_as(SEES_ALL):
        row = ask_question(by=statistician, name="By sex", question=Question("identified", str(year), ("sex",), {}))
        tasks.answer.call(str(row.pk))
    compute_mechanism(by=statistician, year=year)
    prepare_release(by=statistician, year=year)


def _opened_in_emergencies(codes: list[str]) -> None:
    """Two agencies read for hours of people whom they do not know; of one of them a second person agreed."""
    for opener, number, approved in ((20, 10, True), (24, 14, False)):
        with seeing_as(SYSTEM):
            person_id = Case.objects.filter(opened_by=codes[number]).earliest("opened_at").person_id
        found = an_emergency(worker(codes[opener]), person_id, asks_second=True)
        if approved:
            answer_emergency(by=worker(codes[number]), emergency_id=found, approves=True)


def _unnamed(sender: Actor, recipient: Actor, case_id: UUID) -> None:
    """An agency helps and houses somebody without being told who it is: it sees what it gave, and no case."""
    asked = Request(case_id=case_id, recipient_code=recipient.agency_code, service_codes=("LEGAL",), is_anonymous=True)
    send_referrals(by=sender, rows=[asked])
    accepted(recipient, asked.id)
    record_services(by=recipient, rows=[_service(case_id, asked.id)])
    _housed(recipient, case_id)


def _housed(by: Actor, case_id: UUID) -> None:
    """The person of the case stays in a house of the agency, and says that she wants to leave."""
    stay_id = admitted(by, held(by, case_id, a_unit(by, a_house(by))))
    confirm_stay(by=by, stay_id=stay_id, wants_to_stay=False)


def _told_by_the_public(codes: list[str]) -> None:
    """Reports and complaints sent, read and only begun, and a receipt number that opens nothing."""
    for topic, state, recipient in (("sexual", "XX-N", "prosecutor-north"), ("help", "", "helpline")):
        found, _number = a_report(topic_code=topic, state_code=state)
        read_report(by=worker(recipient), report_id=found.pk)
    for code in codes[:4]:
        create_user(by=SYSTEM, username=f"of-{code}", display_name="Invented", agency_code=code, role_codes=["R08"])
        a_complaint(code)
    files = [clean(b"invented")]
    begun = Told(topic_code="sexual", words={}, state_code="XX-N")
    hold_files(by=PUBLIC, report_id=new_id(), told=begun, files=files)
    accused = complaints.Accusation(accused_code=codes[0], level_code="state", words={})
    complaints.hold_files(by=PUBLIC, complaint_id=new_id(), told=accused, files=files)
    with suppress(Missing):
        open_receipt(by=PUBLIC, kind="report", number="0" * 16)


def _met_and_screened(by: Actor, person_id: UUID, neighbour: str) -> None:
    """A contact of which others are told, a screening with its decision, and an event of several people."""
    contact_id = a_contact(by, channel_code="street_outreach", people=(at_risk(person_id),), told={"told": "invented"})
    schedule_follow_up(by=by, contact_id=contact_id, due=timezone.now() + timedelta(days=1))
    record_outcomes(by=worker(neighbour), rows=[Result(kind="investigation_opened", contact_id=contact_id)])
    a_notice(by, contact_id=contact_id)
    child = a_notice(by, kind="child", person_id=person_id)
    if neighbour.endswith("1"):
        take_notices(by=worker("children-north"), ids=[child])
    finding = finished(by, PRESUMED | {"detained": "yes"}, person_id, contact_id=contact_id)
    decided(by, finding.screening_id, "presumed")
    group = start_group(by=by, row=GroupStart(protocol_code=VISIT))
    answer_group(by=by, row=GroupPage(group_id=group.pk, protocol_version=1, values={"locked": "yes"}))
    join_group(by=by, group_id=group.pk, person_ids=[person_id], safety_codes=["apart"])


def _work_of(code: str, recipient_code: str) -> Request:
    by = worker(code)
    identity = Identity(
        given_names="Persona",
        family_names=f"Inventada {code}",
        phones=("5550001111",),
        documents=(("national_id", f"INVENTED {code}"), ("passport", f"MADE UP {code}")),
        addresses=("nowhere, invented",),
    )
    person_id = a_person(by, identity=identity)
    _met_and_screened(by, person_id, recipient_code)
    a_page(by, person_id)
    ask(by=herself(by, person_id), kind_code="question", text="invented")
    form = Coded(list_name="exploitation_form", code=next(iter(current().forms)).code)
    row = Opening(
        person_id=person_id,
        origin_code="police",
        codes=(form,),
        episodes=(Stretch(kind_code="transit"),),
        source_ref=code,
    )
    open_cases(by=by, rows=[row])
    identified(by, row.id)
    told = Confirmed(person_id=person_id, outcome="identified", at=timezone.now())
    record_confirmations(by=worker(recipient_code), rows=[told])
    write_note(by=by, case_id=row.id, text="of the house alone")
    write_note(by=by, case_id=row.id, text="for all who work on it", is_shared=True)
    close_case(by=by, case_id=row.id, reason_code="moved")
    reopen_case(by=by, case_id=row.id)
    record_services(by=by, rows=[_service(row.id)])
    cared_for(by, row.id)
    record_gap(by=by, case_id=row.id, asked=Asked(service_codes=("EDU",), tells_nothing=True))
    save_draft(by=by, form="cases:open", subject="", values={"state": "begun"})
    record_ground(by=by, row=ground(person_id))
    request = Request(
        case_id=row.id,
        recipient_code=recipient_code,
        service_codes=("MENTAL",),
        ground_code="emergency",
        shares_identity=True,
    )
    send_referrals(by=by, rows=[request])
    partner = add_partner(by=by, row=Outsider(name=f"Invented {code}", kind_code="ngo"))
    send_package(
        by=by, row=Parcel(case_id=row.id, partner_id=partner.pk, service_codes=("LEGAL",), field_names=("names",))
    )
    return request


def _service(case_id: UUID, referral_id: UUID | None = None) -> Given:
    return Given(case_id=case_id, referral_id=referral_id, service_code="LEGAL", started_on=timezone.localdate())
