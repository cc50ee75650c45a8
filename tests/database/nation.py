"""Many agencies with work of their own and work in common, and who of them may see which row.

The answer is worked out here a second time, slowly and in Python, from the sentences of the design; the walls of the
database are judged by it. Everybody is invented.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from enlace.accounts.actions import load_agencies, open_agency
from enlace.assistance.actions import Given, record_services
from enlace.base.actor import Actor
from enlace.base.permissions import PERMISSIONS
from enlace.base.rows import seeing_as
from enlace.cases.actions import Coded, Opening, Stretch, close_case, open_cases, reopen_case, write_note
from enlace.country.queries import current
from enlace.referrals.actions import Request, send_referrals
from enlace.vault.actions import save_draft
from enlace.vault.rules import Identity
from tests.world import SYSTEM, a_person, accepted, identified

AGENCIES = 32
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
        record_services(by=recipient, rows=[_service(sent[number].case_id, sent[number].id)])
    return codes


def _work_of(code: str, recipient_code: str) -> Request:
    by = worker(code)
    identity = Identity(
        given_names="Persona",
        family_names=f"Inventada {code}",
        phones=("5550001111",),
        documents=(("national_id", f"INVENTED {code}"), ("passport", f"MADE UP {code}")),
    )
    person_id = a_person(by, identity=identity)
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
    write_note(by=by, case_id=row.id, text="of the house alone")
    write_note(by=by, case_id=row.id, text="for all who work on it", is_shared=True)
    close_case(by=by, case_id=row.id, reason_code="moved")
    reopen_case(by=by, case_id=row.id)
    record_services(by=by, rows=[_service(row.id)])
    save_draft(by=by, form="cases:open", subject="", values={"state": "begun"})
    request = Request(
        case_id=row.id,
        recipient_code=recipient_code,
        service_codes=("MENTAL",),
        ground_code="emergency",
        shares_identity=True,
    )
    send_referrals(by=by, rows=[request])
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
    "cases_caseagency",
    "cases_case",
    "cases_casecode",
    "cases_episode",
    "cases_decision",
    "cases_turn",
    "cases_note",
    "referrals_referral",
    "referrals_referralstep",
    "assistance_servicegiven",
    "vault_agencykey",
    "vault_personkey",
    "vault_sealeditem",
    "vault_blindtoken",
    "vault_nationaltoken",
    "vault_sealeddraft",
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
    for row in rows["vault_personkey"]:
        if row["released_at"]:
            released[row["person_id"]].add(row["agency_code"])
    leads = {row["id"]: row["lead_agency_code"] for row in rows["cases_case"]}
    parties = {row["id"]: {row["sender_code"], row["recipient_code"]} for row in rows["referrals_referral"]}
    rules = {
        "people_person": lambda row: knows[row["id"]] | {row["registered_by"]},
        "people_consentgrant": lambda row: knows[row["person_id"]],
        "cases_case": lambda row: works[row["id"]] | {row["opened_by"]},
        **{f"cases_{part}": lambda row: works[row["case_id"]] for part in ("casecode", "episode", "decision", "turn")},
        "cases_note": lambda row: {row["agency_code"]} | (works[row["case_id"]] if row["is_shared"] else set()),
        "referrals_referral": lambda row: parties[row["id"]],
        "referrals_referralstep": lambda row: parties[row["referral_id"]],
        "assistance_servicegiven": lambda row: {row["agency_code"], leads[row["case_id"]]},
        "vault_sealeditem": lambda row: released[row["person_id"]],
        "vault_nationaltoken": lambda row: set(),
    }
    for table in TABLES:
        who = rules.get(table, lambda row: {row["agency_code"]} - {""})
        found.sees[table] = {row["id"]: who(row) for row in rows[table]}
    return found


def _all(cursor: Any, table: str) -> list[dict[str, Any]]:
    cursor.execute(f"SELECT * FROM {table}")
    names = [column.name for column in cursor.description]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
