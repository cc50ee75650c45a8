"""What was told of a person, as label and value."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from enlace.cases.labels import IDENTIFICATION
from enlace.country.labels import label, state_label
from enlace.referrals.labels import FIELDS

SINGLE = {"age_group_code": "age_group", "sex_code": "sex", "language_code": "language"}
SEVERAL = {"citizenship_codes": "country", "forms": "exploitation_form"}


def shown(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The slice in the reader's language; what is not known is left out."""
    words = {name: label(listed, facts.get(name) or "") for name, listed in SINGLE.items()}
    words |= {name: ", ".join(label(listed, c) for c in facts.get(name) or []) for name, listed in SEVERAL.items()}
    words["needs_interpreter"] = _("Needed") if facts.get("needs_interpreter") else ""
    words["identification"] = str(IDENTIFICATION.get(facts.get("identification", ""), ""))
    words["state_code"] = state_label(facts["state_code"]) if facts.get("state_code") else ""
    return [(str(name), words[field]) for field, name in FIELDS.items() if words.get(field)]
