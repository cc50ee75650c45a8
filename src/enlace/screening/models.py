from django.db import models

from enlace.base.classes import classify
from enlace.base.ids import new_id


class GroupScreening(models.Model):
    """One event at which several people were met (a farm, a bus, a raid): what is asked once for all of them."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=16, unique=True)
    contact = models.ForeignKey(
        "intake.Contact", on_delete=models.PROTECT, null=True, blank=True, related_name="group_screenings"
    )
    protocol_code = models.CharField(max_length=40)
    protocol_version = models.PositiveSmallIntegerField()
    protocol_digest = models.CharField(max_length=64)
    agency_code = models.CharField(max_length=40)
    opened_by = models.CharField(max_length=60)
    opened_at = models.DateTimeField()
    channel_code = models.CharField(max_length=40, blank=True)
    state_code = models.CharField(max_length=10, blank=True)
    is_sealed = models.BooleanField(default=False)

    data_classes = classify(
        H="id code contact protocol_code protocol_version protocol_digest agency_code opened_by opened_at channel_code "
        "state_code is_sealed"
    )

    class Meta:
        indexes = [models.Index(fields=["agency_code", "-opened_at", "-id"], name="screening_groups_of_agency")]

    def __str__(self) -> str:
        return self.code


class Screening(models.Model):
    """One person asked under one version of one protocol, from the first safety step to the decision of a person.

    ``class_code`` repeats the newest finding of the engine and ``decided_code`` the newest decision, so that lists are
    read from an index. ``second_due_at`` stands while another screening is owed; ``second_started_at`` says it was begun.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=16, unique=True)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="screenings")
    contact = models.ForeignKey(
        "intake.Contact", on_delete=models.PROTECT, null=True, blank=True, related_name="screenings"
    )
    group = models.ForeignKey(GroupScreening, on_delete=models.PROTECT, null=True, blank=True, related_name="members")
    second_of = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="second_screening"
    )
    protocol_code = models.CharField(max_length=40)
    protocol_version = models.PositiveSmallIntegerField()
    protocol_digest = models.CharField(max_length=64)
    agency_code = models.CharField(max_length=40)
    screener = models.CharField(max_length=60)
    channel_code = models.CharField(max_length=40, blank=True)
    state_code = models.CharField(max_length=10, blank=True)
    risk_codes = models.JSONField(default=list)
    status = models.CharField(max_length=10, default="draft")
    started_at = models.DateTimeField()
    safety_codes = models.JSONField(default=list)
    safety_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.CharField(max_length=60, blank=True)
    class_code = models.CharField(max_length=30, blank=True)
    is_minor = models.BooleanField(null=True)
    is_detained = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_code = models.CharField(max_length=30, blank=True)
    second_due_at = models.DateTimeField(null=True, blank=True)
    second_started_at = models.DateTimeField(null=True, blank=True)
    child_notified_at = models.DateTimeField(null=True, blank=True)
    is_sealed = models.BooleanField(default=False)
    source_ref = models.CharField(max_length=80, blank=True)

    data_classes = classify(
        H="id code person contact group second_of protocol_code protocol_version protocol_digest agency_code screener "
        "channel_code state_code status started_at safety_codes safety_at finished_at finished_by decided_at "
        "second_due_at second_started_at child_notified_at is_sealed source_ref",
        C="risk_codes class_code is_minor is_detained decided_code",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="draft", finished_at__isnull=True, finished_by="", class_code="")
                | (
                    models.Q(status__in=("finished", "decided"), finished_at__isnull=False)
                    & ~models.Q(finished_by="")
                    & ~models.Q(class_code="")
                ),
                name="screening_finished_with_finding",
            ),
            models.CheckConstraint(
                condition=(models.Q(status="decided", decided_at__isnull=False) & ~models.Q(decided_code=""))
                | models.Q(status__in=("draft", "finished"), decided_at__isnull=True, decided_code=""),
                name="screening_decided_with_decision",
            ),
            models.CheckConstraint(
                condition=models.Q(finished_at__isnull=True) | models.Q(finished_at__gte=models.F("started_at")),
                name="screening_end_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(second_of__isnull=True) | ~models.Q(second_of=models.F("id")),
                name="screening_second_of_another",
            ),
            models.UniqueConstraint(
                fields=["agency_code", "source_ref"],
                condition=~models.Q(source_ref=""),
                name="screening_one_per_source_ref",
            ),
        ]
        indexes = [
            models.Index(fields=["agency_code", "-started_at", "-id"], name="screening_of_agency"),
            models.Index(fields=["agency_code", "status", "-started_at", "-id"], name="screening_by_status"),
            models.Index(fields=["agency_code", "screener", "-started_at", "-id"], name="screening_by_screener"),
            models.Index(fields=["protocol_code", "protocol_version", "protocol_digest"], name="screening_by_protocol"),
            models.Index(
                fields=["agency_code", "second_due_at"],
                condition=models.Q(second_due_at__isnull=False, second_started_at__isnull=True),
                name="screening_second_due",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Answer(models.Model):
    """What was said, seen or not asked, under one version of a protocol. Never changed: a correction is another row.

    The row with the highest ``revision`` counts; the first one stays. An answer belongs to one screening or to the event
    of a group, from where it is copied to its members (``copied_from``). Free text lies in the vault under ``record_id``.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, null=True, blank=True, related_name="answers")
    group = models.ForeignKey(GroupScreening, on_delete=models.PROTECT, null=True, blank=True, related_name="answers")
    question_code = models.CharField(max_length=60)
    protocol_code = models.CharField(max_length=40)
    protocol_version = models.PositiveSmallIntegerField()
    revision = models.PositiveSmallIntegerField(default=1)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    copied_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="copies")
    state = models.CharField(max_length=20)  # given, or why there is no answer
    value = models.JSONField(null=True)
    record_id = models.UUIDField(null=True, blank=True)
    part_id = models.UUIDField(null=True, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    by = models.CharField(max_length=60)
    agency_code = models.CharField(max_length=40)
    at = models.DateTimeField()

    data_classes = classify(
        H="id screening group question_code protocol_code protocol_version revision supersedes copied_from state "
        "record_id part_id by agency_code at",
        C="value reason",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(screening__isnull=False, group__isnull=True)
                | models.Q(screening__isnull=True, group__isnull=False),
                name="screening_answer_of_one",
            ),
            models.CheckConstraint(
                condition=models.Q(revision=1, supersedes__isnull=True)
                | models.Q(revision__gt=1, supersedes__isnull=False),
                name="screening_answer_correction_of",
            ),
            models.CheckConstraint(
                condition=~models.Q(protocol_code="") & models.Q(protocol_version__gte=1) & ~models.Q(by=""),
                name="screening_answer_has_version",
            ),
            models.CheckConstraint(
                condition=models.Q(record_id__isnull=True, part_id__isnull=True)
                | models.Q(record_id__isnull=False, part_id__isnull=False),
                name="screening_answer_sealed_whole",
            ),
            models.UniqueConstraint(
                fields=["screening", "question_code", "revision"],
                condition=models.Q(screening__isnull=False),
                name="screening_answer_once",
            ),
            models.UniqueConstraint(
                fields=["group", "question_code", "revision"],
                condition=models.Q(group__isnull=False),
                name="screening_group_answer_once",
            ),
        ]


class Finding(models.Model):
    """What the engine found when a screening was finished or corrected: the whole outcome, and what it was based on.

    ``digest`` is over the outcome; the other two name the content of the protocol and of the rule. Never changed.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="findings")
    class_code = models.CharField(max_length=30)
    outcome = models.JSONField()
    digest = models.CharField(max_length=64)
    protocol_digest = models.CharField(max_length=64)
    rule_digest = models.CharField(max_length=64)
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    data_classes = classify(H="id screening digest protocol_digest rule_digest by at", C="class_code outcome")

    class Meta:
        indexes = [models.Index(fields=["screening", "-at"], name="screening_findings_of")]


class Ruling(models.Model):
    """The decision of a person about one finding, with the reason. It may differ from the engine's class. Never changed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="rulings")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="rulings")
    class_code = models.CharField(max_length=30)
    reason = models.TextField()
    by = models.CharField(max_length=60)
    agency_code = models.CharField(max_length=40)
    at = models.DateTimeField()

    data_classes = classify(H="id screening finding by agency_code at", C="class_code reason")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(by="") & ~models.Q(reason="") & ~models.Q(class_code=""),
                name="screening_ruling_has_decider",
            )
        ]


class DetentionAlert(models.Model):
    """A presumed victim is detained: stands, overdue or not, until somebody records the release."""

    id = models.UUIDField(primary_key=True, default=new_id)
    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="alerts")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="detention_alerts")
    agency_code = models.CharField(max_length=40)
    state_code = models.CharField(max_length=10, blank=True)
    status = models.CharField(max_length=10, default="raised")
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=60)
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=60, blank=True)
    end_code = models.CharField(max_length=20, blank=True)  # released | mistaken

    data_classes = classify(
        H="id screening person agency_code state_code status opened_at opened_by due_at ended_at ended_by", C="end_code"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="raised", ended_at__isnull=True, ended_by="", end_code="")
                | (
                    models.Q(status="released", ended_at__isnull=False, ended_at__gte=models.F("opened_at"))
                    & ~models.Q(ended_by="")
                    & models.Q(end_code__in=("released", "mistaken"))
                ),
                name="screening_alert_ended_by_someone",
            ),
            models.UniqueConstraint(
                fields=["agency_code", "person"],
                condition=models.Q(ended_at__isnull=True),
                name="screening_one_open_alert",
            ),
        ]
        indexes = [models.Index(fields=["agency_code", "ended_at", "due_at"], name="screening_alerts_open")]


class Confirmation(models.Model):
    """What a case decided later about the person of a screening: told from above, by whichever agency decided."""

    id = models.UUIDField(primary_key=True, default=new_id)
    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="confirmations")
    outcome = models.CharField(max_length=20)  # identified | not_confirmed
    at = models.DateTimeField()
    agency_code = models.CharField(max_length=40)  # the agency that decided; "" when the installation did

    data_classes = classify(H="id screening at agency_code", C="outcome")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=("identified", "not_confirmed")), name="screening_confirmation_known"
            ),
            models.UniqueConstraint(fields=["screening", "at", "outcome"], name="screening_confirmed_once"),
        ]
