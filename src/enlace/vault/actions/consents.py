"""An answer about consent with what is sealed of it: who signed, and what a child said."""

from dataclasses import dataclass
from dataclasses import replace as replaced

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.people.actions import Consent, record_consents
from enlace.vault.actions.records import seal_record


@dataclass(frozen=True, kw_only=True, repr=False)
class Signed:
    """What is sealed with an answer. It prints as nothing, so that no log or traceback can show it."""

    signer: str = ""
    child_words: str = ""

    @property
    def content(self) -> dict[str, str]:
        said = {"signer": self.signer.strip(), "child_words": self.child_words.strip()}
        return {name: text for name, text in said.items() if text}


def sign_consent(*, by: Actor, row: Consent, signed: Signed) -> None:
    """Record one answer; the name of who signed and the child's words are sealed for the own agency, as the record of its id."""
    with audited(by=by, action="consent.signed", subject=("person", row.person_id)):
        record_consents(by=by, rows=[replaced(row, is_signed=bool(signed.content))])
        if signed.content:
            seal_record(by=by, record_id=row.id, content=signed.content)
