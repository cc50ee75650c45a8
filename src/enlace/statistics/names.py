"""Names of the groups, units, dimensions and categories of indicators that no code list of the pack has."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GROUP_NAMES = {
    "people": _("Identified, referred, assisted"),
    "help": _("What was asked and given"),
    "hotline": _("The hotline"),
    "prosecution": _("Investigation, trial and reparation"),
    "protection": _("Reported by others"),
    "rates": _("Rates and shares"),
}
UNIT_NAMES = {
    "person": _("persons"),
    "case": _("cases"),
    "referral": _("referrals"),
    "stay": _("stays"),
    "need": _("needs"),
    "permit": _("permits"),
    "return": _("returns home"),
    "follow_up": _("follow-ups"),
    "screening": _("screenings"),
    "service": _("services"),
    "contact": _("contacts"),
    "payment": _("payments"),
    "investigation": _("investigation files"),
    "judgment": _("judgments"),
    "place": _("places"),
    "days": _("days"),
}
DIMENSION_NAMES = {
    "state": _("State"),
    "sex": _("Sex"),
    "age_group": _("Age group"),
    "form": _("Form of exploitation"),
    "nationality": _("Nationality"),
    "marital_status": _("Marital status"),
    "migration_status": _("Migration status"),
    "recruitment": _("Way of recruitment"),
    "means": _("Means used"),
    "destination": _("Where the exploitation took place"),
    "route": _("From recruitment to exploitation"),
    "border": _("Border"),
    "origin": _("How the case was found"),
    "agency_kind": _("Kind of agency"),
    "service": _("Service"),
    "kind": _("Kind"),
    "outcome": _("Outcome"),
    "jurisdiction": _("Jurisdiction"),
    "state.jurisdiction": _("Jurisdiction"),
    "age_group.majority": _("Under age or adult"),
    "form.glotip": _("Form of exploitation, as the United Nations count it"),
}
SEVERAL = {"several": _("More than one")}
JURISDICTIONS = {"federal": _("Federal"), "state": _("States")}
CATEGORY_NAMES: Mapping[str, Mapping[str, Promise]] = {
    "state": {"federal": _("Federal")},
    "form": {"several": _("More than one form")},
    "recruitment": SEVERAL,
    "means": SEVERAL,
    "destination": {"abroad": _("Abroad"), "several": _("More than one place")},
    "nationality": {"national": _("National"), "foreign": _("Foreign")},
    "route": {
        "same_state": _("Within one state"),
        "other_state": _("To another state"),
        "other_country": _("To another country"),
    },
    "border": {"crossed": _("Crossed"), "not_crossed": _("Not crossed")},
    "jurisdiction": JURISDICTIONS,
    "state.jurisdiction": JURISDICTIONS,
    "age_group.majority": {"minor": _("Under age"), "adult": _("Adult")},
    "form.glotip": {
        "sexual_exploitation": _("Sexual exploitation"),
        "forced_labour_servitude_slavery": _("Forced labour, servitude or slavery"),
        "organ_removal": _("Removal of organs"),
        "other": _("Other forms"),
        "several": _("More than one form"),
    },
}
