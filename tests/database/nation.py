"""Many agencies with work of their own and work in common, and who of them may see which row.

The answer is worked out here a second time, slowly and in Python, from the sentences of the design; the walls of the
database are judged by it. Everybody is invented.
"""

from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from enlace.accounts.actions import create_user, load_agencies, open_agency
from enlace.assistance.actions import Given, record_services
from enlace.base.actor import Actor
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
from enlace.screening.actions import (
    Confirmed,
    GroupPage,
    GroupStart,
    answer_group,
    join_group,
    record_confirmations,
    start_group,
)
from enlace.vault.actions import answer_emergency, save_draft
from enlace.vault.rules import WHEREABOUTS, Identity
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
    _told_by_the_public(codes)
    _opened_in_emergencies(codes)
    return codes


def _opened_in_emergencies(codes: list[str]) -> None:
    """Two agencies read for hours of people whom they do not know; of one of them a second person agreed."""
    for opener, number, approved in ((20, 10, True), (24, 14, False)):
        with seeing_as(SYSTEM):
            person_id = Case.objects.filter(opened_by=codes[number]).earliest("opened_at").person_id
        found = an_emergency(worker(codes[opener]), person_id, asks_second=True)
        if approved:
            answer_emergency(by=worker(codes[number]), emergency_id=found, approves=True)


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


@dataclass
class Judge:
    """Who may see each row: table -> primary key -> agency codes. Read in the national scope."""

    rows: dict[str, list[dict[str, Any]]]
    sees: dict[str, dict[Any, set[str]]] = field(default_factory=dict)

    def visible(self, table: str, agency_code: str) -> set[Any]:
        return {key for key, agencies in self.sees[table].items() if agency_code in agencies}

    def hidden_row(self, table: str, agency_code: str) -> dict[str, Any]:
        """A row that the agency may not see and did not write: the last one, of the agency furthest along the ring."""
        others = (row for row in reversed(self.rows[table]) if row.get("agency_code") != agency_code)
        return next(row for row in others if agency_code not in self.sees[table][row["id"]])


TABLES = [
    "people_personagency",
    "people_person",
    "people_consentgrant",
    "people_legalground",
    "people_disclosure",
    "people_emergency",
    "cases_caseagency",
    "cases_case",
    "cases_casecode",
    "cases_episode",
    "cases_decision",
    "cases_turn",
    "cases_note",
    "referrals_referral",
    "referrals_referralstep",
    "referrals_disclosurepackage",
    "assistance_servicegiven",
    "assistance_session",
    "assistance_groupactivity",
    "assistance_feedback",
    "assistance_inkind",
    "assistance_cost",
    "assistance_careplan",
    "assistance_goal",
    "assistance_goalstep",
    "assistance_permit",
    "assistance_assistedreturn",
    "assistance_followup",
    "assistance_careturn",
    "vault_agencykey",
    "vault_personkey",
    "vault_lentkey",
    "vault_sealeditem",
    "vault_blindtoken",
    "vault_nationaltoken",
    "vault_sealeddraft",
    "vault_recordkey",
    "vault_recordpart",
    "intake_contact",
    "intake_contactperson",
    "intake_contactstep",
    "intake_outcome",
    "intake_notice",
    "intake_receipt",
    "intake_wrongtries",
    "intake_report",
    "intake_reportstep",
    "screening_groupscreening",
    "screening_screening",
    "screening_answer",
    "screening_finding",
    "screening_ruling",
    "screening_detentionalert",
    "screening_confirmation",
    "complaints_complaint",
    "complaints_complaintexclusion",
    "complaints_complaintstep",
    "portal_ownpage",
    "portal_personrequest",
    "placements_stay",
    "placements_staystep",
    "placements_stayalert",
    "placements_search",
    "placements_unmetneed",
]


def judge() -> Judge:
    with seeing_as(SEES_ALL), connection.cursor() as cursor:
        rows = {table: _all(cursor, table) for table in TABLES}
    found = Judge(rows)
    for table in TABLES:
        found.sees[table] = {}
    knows, works, released = defaultdict(set), defaultdict(set), defaultdict(set)
    for row in rows["people_personagency"]:
        knows[row["person_id"]].add(row["agency_code"])
    for row in rows["cases_caseagency"]:
        works[row["case_id"]].add(row["agency_code"])
    opened, opened_place = defaultdict(set), defaultdict(set)
    for row in rows["people_emergency"]:
        opened[row["person_id"]].add(row["agency_code"])
        opened_place[row["person_id"]] |= {row["agency_code"]} if row["is_approved"] else set()
    of_case = {row["id"]: opened[row["person_id"]] for row in rows["cases_case"]}
    of_place = {row["id"]: opened_place[row["person_id"]] for row in rows["cases_case"]}
    for row in rows["vault_personkey"]:
        if row["released_at"]:
            released[row["person_id"]].add(row["agency_code"])
    leads = {row["id"]: row["lead_agency_code"] for row in rows["cases_case"]}
    parties = {row["id"]: {row["sender_code"], row["recipient_code"]} for row in rows["referrals_referral"]}
    senders = {row["id"]: {row["sender_code"]} for row in rows["referrals_referral"]}
    stays = {row["id"]: {row["agency_code"], leads[row["case_id"]]} for row in rows["placements_stay"]}
    rules = {
        "people_person": lambda row: knows[row["id"]] | {row["registered_by"]} | opened[row["id"]],
        "people_consentgrant": lambda row: knows[row["person_id"]] | opened[row["person_id"]],
        **{f"people_{part}": lambda row: knows[row["person_id"]] for part in ("legalground", "disclosure")},
        "people_emergency": lambda row: knows[row["person_id"]] | {row["agency_code"]},
        "cases_case": lambda row: works[row["id"]] | {row["opened_by"]} | opened[row["person_id"]],
        "cases_casecode": lambda row: works[row["case_id"]] | of_case[row["case_id"]],
        **{f"cases_{part}": lambda row: works[row["case_id"]] for part in ("episode", "decision", "turn")},
        "cases_note": lambda row: (
            {row["agency_code"]}
            | (
                works[row["case_id"]]
                | (of_case if row["agency_code"] == leads[row["case_id"]] else of_place)[row["case_id"]]
                if row["is_shared"]
                else set()
            )
        ),
        "referrals_referral": lambda row: parties[row["id"]],
        "referrals_referralstep": lambda row: parties[row["referral_id"]],
        "referrals_disclosurepackage": lambda row: senders[row["referral_id"]],
        **_rules_of_care(rows, works, leads),
        "vault_sealeditem": lambda row: released[row["person_id"]] | _reads_sealed(row, opened, opened_place),
        "placements_stay": lambda row: stays[row["id"]],
        **{f"placements_stay{part}": lambda row: stays[row["stay_id"]] for part in ("step", "alert")},
        "placements_unmetneed": lambda row: {row["agency_code"], leads[row["case_id"]]},
        "portal_ownpage": lambda row: knows[row["person_id"]],
        "portal_personrequest": lambda row: {row["to_agency"]},
        "vault_nationaltoken": lambda row: set(),
        **_rules_of_desks(rows),
    }
    for table in TABLES:
        who = rules.get(table, lambda row: {row["agency_code"]} - {""})
        found.sees[table] = {row["id"]: who(row) for row in rows[table]}
    return found


def _rules_of_care(
    rows: dict[str, list[dict[str, Any]]], works: dict[Any, set[str]], leads: dict[Any, str]
) -> dict[str, Callable[[dict[str, Any]], set[str]]]:
    """Who sees help and what belongs to it: given, by the giver and the lead; a plan, as the person agreed; the rest, all."""
    of_plan = {
        row["id"]: {row["agency_code"]} | (works[row["case_id"]] if row["is_shared"] else set())
        for row in rows["assistance_careplan"]
    }
    of_goal = {row["id"]: of_plan[row["plan_id"]] for row in rows["assistance_goal"]}
    shared = {
        row["id"]: works[row["case_id"]]
        for table in ("permit", "assistedreturn")
        for row in rows[f"assistance_{table}"]
    }
    return {
        **{
            f"assistance_{table}": lambda row: {row["agency_code"], leads[row["case_id"]]}
            for table in ("servicegiven", "session", "inkind")
        },
        "assistance_feedback": lambda row: set(),
        "assistance_careplan": lambda row: of_plan[row["id"]],
        "assistance_goal": lambda row: of_plan[row["plan_id"]],
        "assistance_goalstep": lambda row: of_goal[row["goal_id"]],
        **{f"assistance_{table}": lambda row: shared[row["id"]] for table in ("permit", "assistedreturn")},
        "assistance_followup": lambda row: works[row["case_id"]],
        "assistance_careturn": lambda row: (
            of_plan[row["plan_id"]] if row["plan_id"] else shared[row["permit_id"] or row["assisted_return_id"]]
        ),
    }


def _reads_sealed(row: dict[str, Any], opened: dict[Any, set[str]], opened_place: dict[Any, set[str]]) -> set[str]:
    """In an emergency what is sealed shows too; where the person is, only once a second person agreed."""
    return (opened_place if row["kind"] in WHEREABOUTS else opened)[row["person_id"]]


def _rules_of_desks(rows: dict[str, list[dict[str, Any]]]) -> dict[str, Callable[[dict[str, Any]], set[str]]]:
    """Who sees what was told: of contacts, notices, reports, screenings, complaints, and what is sealed of them."""
    holds = defaultdict(set)
    for row in rows["vault_recordkey"]:
        holds[row["record_id"]].add(row["agency_code"])
    answered = {row["id"]: {row["agency_code"]} for row in rows["intake_contact"]}
    asked = {row["id"]: {row["agency_code"]} for row in rows["screening_screening"]}
    visited = {row["id"]: {row["agency_code"]} for row in rows["screening_groupscreening"]}
    sent = {row["id"]: _recipient(row) for row in rows["intake_report"]}
    received = {row["id"]: _recipient(row) - {row["accused_code"]} for row in rows["complaints_complaint"]}
    return {
        "vault_recordpart": lambda row: holds[row["record_id"]],
        **{
            f"intake_{part}": lambda row: answered[row["contact_id"]]
            for part in ("contactperson", "contactstep", "outcome")
        },
        "intake_notice": lambda row: {row["from_agency"], row["to_agency"]},
        "intake_receipt": lambda row: set(),
        "intake_wrongtries": lambda row: set(),
        "intake_report": lambda row: sent[row["id"]],
        "intake_reportstep": lambda row: sent[row["report_id"]],
        "screening_answer": lambda row: asked.get(row["screening_id"]) or visited[row["group_id"]],
        **{
            f"screening_{part}": lambda row: asked[row["screening_id"]]
            for part in ("finding", "ruling", "confirmation")
        },
        "complaints_complaint": lambda row: received[row["id"]],
        **{f"complaints_complaint{part}": lambda row: received[row["complaint_id"]] for part in ("exclusion", "step")},
    }


def _recipient(row: dict[str, Any]) -> set[str]:
    """Of what the public tells: nobody while it is only begun."""
    return {row["to_agency"]} if row["status"] != "begun" else set()


def _all(cursor: Any, table: str) -> list[dict[str, Any]]:
    cursor.execute(f"SELECT * FROM {table}")
    names = [column.name for column in cursor.description]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
