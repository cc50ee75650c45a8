"""What the engine finds, kept whole; and what follows from it at once, because protection does not wait for a decision."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.country.queries import current
from enlace.intake.actions import Notification, notify
from enlace.screening import asked, rules
from enlace.screening.models import Answer, DetentionAlert, Finding, Screening
from enlace.screening.queries import Standing, protocol_of

CHILD, DETAINED = "child", "detained"  # kinds of notice
IN_DOUBT = (rules.PRESUMED, rules.POSSIBLE, rules.INSUFFICIENT)
REPEATED = ["class_code", "is_minor", "is_detained", "risk_codes", "second_due_at", "child_notified_at"]


@dataclass(frozen=True)
class Weighing:
    """One screening at the moment when it is finished, corrected or decided. The caller saves what changes on it."""

    by: Actor
    screening: Screening
    at: datetime

    def find(self, rows: Mapping[str, Answer]) -> Finding:
        """Weigh the answers that stand, keep the outcome, and do what cannot wait."""
        protocol, weighing = protocol_of(self.screening), asked.configuration()
        answers = Standing(protocol, rows).values
        outcome = rules.assess(protocol, current().screening_indicators, weighing, answers, self._facts())
        data = outcome.as_data()
        text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        finding = Finding.objects.create(
            screening=self.screening,
            class_code=outcome.class_code,
            outcome=data,
            digest=hashlib.sha256(text.encode()).hexdigest(),
            protocol_digest=protocol.digest,
            rule_digest=weighing.rule.digest,
            by=self.by.id,
            at=self.at,
        )
        self.screening.class_code = outcome.class_code
        self.screening.is_minor, self.screening.is_detained = outcome.minor, outcome.detained
        self.screening.risk_codes = sorted({*self.screening.risk_codes, *outcome.groups})
        self.follow(outcome.class_code, outcome.settled)
        return finding

    def follow(self, class_code: str, settled: bool) -> None:
        """Too little information owes another screening, which no clock takes away. A child goes to child protection.

        A presumed victim in detention raises an alert that stands until the release.
        """
        screening = self.screening
        if not rules.needs_second(class_code, settled):
            screening.second_due_at = None
        elif screening.second_due_at is None:
            screening.second_due_at = rules.second_due(self.at, current().limits)
        is_untold = screening.is_minor and class_code in IN_DOUBT and screening.child_notified_at is None
        if is_untold and self._told(CHILD):
            screening.child_notified_at = self.at
        if screening.is_detained and class_code == rules.PRESUMED:
            self._raise_alert()

    def _facts(self) -> rules.Facts:
        """What is recorded of the person besides the answers."""
        person = self.screening.person
        return rules.Facts(
            on=timezone.localdate(self.at),
            birth_year=person.birth_year,
            minor=_minor(person.age_group_code),
            detained=True if self._is_raised() else None,
        )

    def _told(self, kind: str) -> bool:
        """Whether whom it concerns has the notice. Nobody to receive it does not stop the screening: its page says so."""
        notice = Notification(
            kind=kind,
            person_id=self.screening.person_id,
            contact_id=self.screening.contact_id,
            state_code=self.screening.state_code,
            sent_at=self.at,
        )
        try:
            notify(by=self.by, rows=[notice])
        except Refusal:
            return False
        return True

    def _is_raised(self) -> bool:
        """Whether an alert stands already: one for a person, whoever screens them again."""
        same = DetentionAlert.objects.filter(
            person_id=self.screening.person_id, agency_code=self.screening.agency_code, status=rules.RAISED
        )
        return same.exists()

    def _raise_alert(self) -> None:
        if self._is_raised():
            return
        DetentionAlert.objects.create(
            screening=self.screening,
            person_id=self.screening.person_id,
            agency_code=self.screening.agency_code,
            state_code=self.screening.state_code,
            opened_at=self.at,
            opened_by=self.by.id,
            due_at=rules.release_due(self.at, current().limits),
        )
        self._told(DETAINED)


def _minor(age_group_code: str) -> bool | None:
    """What the age group noted by whoever met the person says; ``None`` when it says nothing about majority."""
    pack = current()
    code = pack.codes("age_group").get(age_group_code)
    if code is None:
        return None
    oldest, youngest = code.extra.get("max_age", ""), code.extra.get("min_age", "")
    if oldest and int(oldest) < pack.adult_age:
        return True
    return False if youngest and int(youngest) >= pack.adult_age else None
