"""Tables of intake: contacts and their people, what came of them, notices; reports from the public."""

from enlace.intake.models.contacts import Contact, ContactPerson, ContactStep, Notice, Outcome
from enlace.intake.models.reports import Receipt, Report, ReportStep, WrongTries

__all__ = [
    "Contact",
    "ContactPerson",
    "ContactStep",
    "Notice",
    "Outcome",
    "Receipt",
    "Report",
    "ReportStep",
    "WrongTries",
]
