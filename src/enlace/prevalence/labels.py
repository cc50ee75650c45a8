"""Names of states, sources and methods, and the words of what the analyst is asked."""

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from reckon.prevalence import wording
from reckon.prevalence.problems import in_spanish
from reckon.prevalence.wording import Language

STATUS = {
    "queued": _("Waiting"),
    "running": _("Being computed"),
    "done": _("Done"),
    "failed": _("Not possible"),
    "cancelled": _("Cancelled"),
}
SOURCES = {
    "cases": _("Cases recorded here"),
    "table": _("A table of capture histories"),
    "people": _("A file of linked people"),
}
METHODS = {
    "stepwise": _("Log-linear models, stepwise (recommended)"),
    "bic": _("Log-linear models, lowest BIC"),
    "threshold": _("Bayesian thresholding (slow)"),
    "dga": _("Average over decomposable graphs (3 to 6 lists)"),
    "lcmcr": _("Latent classes (slow)"),
    "chao": _("Chao's lower bound"),
    "independence": _("Independent lists, for comparison"),
}
LEADING = ("stepwise", "bic", "dga", "lcmcr", "chao")
"""Methods whose number may be the headline: their interval includes the choice of the model."""
STANDARD = ("stepwise", "bic", "dga", "chao", "independence")
REPLICATES = {
    200: _("200: a first look, seconds"),
    1000: _("1,000: usual"),
    5000: _("5,000: for publication, minutes"),
}
ANSWERS = {"yes": _("Yes"), "no": _("No"), "unknown": _("It is not known")}


def language() -> Language:
    """The reader's language, as far as ``reckon`` has words in it."""
    return "es" if (get_language() or "").startswith("es") else "en"


def question(name: str) -> str:
    """What the analyst is asked to confirm, in the words that the report prints."""
    return wording.question(name, language())


def said_of(reason: str) -> str:
    """Why a file or an estimate is not possible, in the reader's language; it was found in English."""
    return in_spanish(reason) if language() == "es" else reason


def reason_of(reason: str) -> str:
    """Why an estimation failed, which the worker kept in English, in the reader's language."""
    return said_of(gettext(reason)) if reason else ""
