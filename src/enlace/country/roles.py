"""Roles: what each may do, which classes of data it reaches, and which may not be held together."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from enlace.country.codelists import CodeList
from enlace.country.rows import Row, read_csv, unique

# The same names as enlace.base.permissions, which needs Django's translations and so cannot be imported here.
PERMISSIONS = frozenset(
    (
        "PERSON_REGISTER",
        "PERSON_SEARCH",
        "PERSON_MATCH",
        "PERSON_EDIT",
        "CONSENT_RECORD",
        "IDENTITY_READ",
        "IDENTITY_WRITE",
        "WHEREABOUTS_READ",
        "CONTACT_READ",
        "CONTACT_RECORD",
        "NOTICE_READ",
        "NOTICE_ANSWER",
        "REPORT_READ",
        "REPORT_ANSWER",
        "SCREENING_READ",
        "SCREENING_RECORD",
        "SCREENING_DECIDE",
        "COMPLAINT_READ",
        "COMPLAINT_ANSWER",
        "CASE_OPEN",
        "CASE_READ",
        "CASE_EDIT",
        "CASE_DECIDE",
        "CASE_NOTE",
        "CASE_CLOSE",
        "CASE_REOPEN",
        "REFERRAL_READ",
        "REFERRAL_SEND",
        "REFERRAL_ANSWER",
        "REFERRAL_DELIVER",
        "SERVICE_READ",
        "SERVICE_RECORD",
        "DIRECTORY_READ",
        "DIRECTORY_EDIT",
        "PLACE_FIND",
        "STAY_READ",
        "STAY_RECORD",
        "BEDS_KEEP",
        "NEED_READ",
        "PLAN_READ",
        "PLAN_EDIT",
        "FOLLOWUP_RECORD",
        "PERMIT_READ",
        "PERMIT_RECORD",
        "RETURN_READ",
        "RETURN_RECORD",
        "EMERGENCY_OPEN",
        "EMERGENCY_APPROVE",
        "EMERGENCY_REVIEW",
        "PORTAL_ISSUE",
        "PORTAL_ANSWER",
        "PORTAL_OWN",
        "STATISTICS_READ",
        "STATISTICS_COMPUTE",
        "PERIODIC_RETURN_READ",
        "PERIODIC_RETURN_SUBMIT",
        "PERIODIC_RETURN_CHECK",
        "PERIODIC_RETURN_ACCEPT",
        "FACTS_QUERY",
        "RELEASE_READ",
        "RELEASE_PREPARE",
        "RELEASE_APPROVE",
        "PREVALENCE_READ",
        "PREVALENCE_RUN",
        "USER_MANAGE",
        "AUDIT_READ",
        "AUDIT_VERIFY",
        "EXCHANGE_IMPORT",
        "EXCHANGE_EXPORT",
    )
)
CASEWORK_ABOUT = (
    "PERSON_",
    "IDENTITY_",
    "WHEREABOUTS_",
    "CONTACT_",
    "NOTICE_",
    "REPORT_",
    "SCREENING_",
    "COMPLAINT_",
    "CASE_",
    "REFERRAL_",
    "SERVICE_",
    "PLACE_",
    "STAY_",
    "PLAN_",
    "FOLLOWUP_",
    "PERMIT_",
    "RETURN_",
    "EMERGENCY_",
    "PORTAL_",
)
CASEWORK = frozenset(name for name in PERMISSIONS if name.startswith(CASEWORK_ABOUT))
SCOPES = ("own", "state", "national", "none")
# A grant is "-", or what may be done (s status only, r read, w write) after the condition it depends on.
GRANT = re.compile(r"-|((own|state|consent|request):)?(s|r|w|rw)")
# A permission that makes sense only with some access to a class of data.
NEEDS_CLASS = {
    "IDENTITY_READ": "A",
    "IDENTITY_WRITE": "A",
    "WHEREABOUTS_READ": "B",
    "STAY_READ": "B",
    "SCREENING_READ": "C",
    "COMPLAINT_READ": "G",
    "STATISTICS_READ": "H",
}


@dataclass(frozen=True)
class Role:
    """``agency_kinds`` empty means any kind of agency; ``scope`` says how far the permissions reach."""

    code: str
    labels: Mapping[str, str]
    descriptions: Mapping[str, str]
    data_classes: Mapping[str, str]
    permissions: frozenset[str]
    incompatible_with: frozenset[str]
    agency_kinds: frozenset[str]
    scope: str

    def label(self, lang: str) -> str:
        return self.labels.get(lang) or next(iter(self.labels.values()))

    def description(self, lang: str) -> str:
        return self.descriptions.get(lang) or next(iter(self.descriptions.values()))


def read_roles(folder: Path, classes: CodeList, kinds: CodeList, languages: Sequence[str]) -> dict[str, Role]:
    """The roles by code. Incompatibility must be mutual, and who manages accounts is kept from casework."""
    texts = [f"{prefix}_{lang}" for prefix in ("label", "description") for lang in languages]
    columns = [
        "code",
        *texts,
        *(item.code for item in classes),
        "permissions",
        "incompatible_with",
        "agency_kinds",
        "scope",
    ]
    rows = read_csv(folder, "roles.csv", columns)
    unique(rows)
    codes = {row.optional("code") for row in rows}
    roles = {row.code(): _role(row, classes, kinds, codes, languages) for row in rows}
    for row in rows:
        _check(row, roles)
    return roles


def _role(row: Row, classes: CodeList, kinds: CodeList, codes: set[str], languages: Sequence[str]) -> Role:
    for item in classes:
        if not GRANT.fullmatch(row.optional(item.code)):
            raise row.bad(item.code, "a grant such as -, s, r, own:rw or consent:r")
    return Role(
        code=row.code(),
        labels=row.texts("label", languages),
        descriptions=row.texts("description", languages),
        data_classes={item.code: row.text(item.code) for item in classes},
        permissions=row.choices("permissions", PERMISSIONS),
        incompatible_with=row.choices("incompatible_with", codes),
        agency_kinds=row.choices("agency_kinds", [item.code for item in kinds]),
        scope=row.choice("scope", SCOPES),
    )


def _check(row: Row, roles: Mapping[str, Role]) -> None:
    role = roles[row.code()]
    for other in sorted(role.incompatible_with):
        if other == role.code or role.code not in roles[other].incompatible_with:
            raise row.bad("incompatible_with", f"a rule that holds both ways, and {other} does not name {role.code}")
    for permission, letter in NEEDS_CLASS.items():
        if permission in role.permissions and role.data_classes.get(letter, "-") == "-":
            raise row.bad(letter, f"some access to class {letter}, because the role has {permission}")
    if "USER_MANAGE" in role.permissions:
        _check_administrator(row, role, roles)


def _check_administrator(row: Row, role: Role, roles: Mapping[str, Role]) -> None:
    """Who administers accounts can read no casework, in this role or in another one held beside it."""
    if held := role.permissions & CASEWORK:
        raise row.bad("permissions", f"no casework beside USER_MANAGE, and {min(held)} is casework")
    for letter, grant in role.data_classes.items():
        if letter != "H" and grant != "-":
            raise row.bad(letter, "no access (-) for a role that manages accounts")
    for other in roles.values():
        if other.permissions & CASEWORK and other.code not in role.incompatible_with:
            raise row.bad(
                "incompatible_with",
                f"{other.code} too, because it does casework and this role manages accounts",
            )
