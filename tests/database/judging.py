"""Who may see which row, worked out a second time, slowly and in Python, from the sentences of the design."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from enlace.base.rows import seeing_as
from enlace.vault.rules import WHEREABOUTS
from tests.database.nation import SEES_ALL


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
    "statistics_giventable",
    "statistics_factchange",
    "releases_releaseinput",
]


OF_THE_NATION = (
    "vault_nationaltoken",
    "statistics_giventable",
    "statistics_factchange",
    "releases_releaseinput",
)  # seen by no agency


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
        **dict.fromkeys(OF_THE_NATION, lambda row: set()),
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
