"""Every write to the vault. Audit events count things and name kinds of field; they never hold what is in them."""

from enlace.vault.actions.consents import Signed, sign_consent
from enlace.vault.actions.drafts import drop_draft, save_draft
from enlace.vault.actions.emergencies import (
    answer_emergency,
    end_emergencies,
    end_emergency,
    open_emergency,
    review_emergency,
)
from enlace.vault.actions.identities import erase_person, protect_person, reseal_identity, seal_identities
from enlace.vault.actions.records import (
    Sealing,
    add_to_record,
    erase_record,
    move_files,
    seal_record,
    seal_records,
    share_record,
)
from enlace.vault.actions.rotation import rotate_agency_key, rotate_master_key
from enlace.vault.actions.sharing import (
    Stopped,
    grant_key,
    grant_keys,
    release_key,
    release_keys,
    stop_sharing,
    withdraw_key,
)

__all__ = [
    "Sealing",
    "Signed",
    "Stopped",
    "add_to_record",
    "answer_emergency",
    "drop_draft",
    "end_emergencies",
    "end_emergency",
    "erase_person",
    "erase_record",
    "grant_key",
    "grant_keys",
    "move_files",
    "open_emergency",
    "protect_person",
    "release_key",
    "release_keys",
    "reseal_identity",
    "review_emergency",
    "rotate_agency_key",
    "rotate_master_key",
    "save_draft",
    "seal_identities",
    "seal_record",
    "seal_records",
    "share_record",
    "sign_consent",
    "stop_sharing",
    "withdraw_key",
]
