from django.db import models

from enlace.base.classes import classify
from enlace.base.ids import new_id


class Contact(models.Model):
    """One event through one channel. What was told, and anything that names, stands in the sealed record of the same id."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=16, unique=True)
    agency_code = models.CharField(max_length=40)
    operator_id = models.CharField(max_length=60)
    channel_code = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    seconds = models.PositiveIntegerField()
    language_code = models.CharField(max_length=20, blank=True)
    needs_interpreter = models.BooleanField(default=False)
    interpreter_given = models.BooleanField(null=True, blank=True)
    precision_code = models.CharField(max_length=20, default="none")
    state_code = models.CharField(max_length=10, blank=True)
    municipality = models.CharField(max_length=80, blank=True)
    risk_code = models.CharField(max_length=20, default="unknown")
    disposition_code = models.CharField(max_length=40)
    status = models.CharField(max_length=10, default="open")
    follow_up_due = models.DateTimeField(null=True, blank=True)
    fields = models.JSONField(default=dict)
    is_sealed = models.BooleanField(default=False)  # whether there is a sealed record of this id
    source_ref = models.CharField(max_length=80, blank=True)
    recorded_at = models.DateTimeField()

    data_classes = classify(
        H="id code agency_code operator_id channel_code opened_at ended_at seconds language_code needs_interpreter "
        "interpreter_given precision_code state_code disposition_code status follow_up_due is_sealed source_ref "
        "recorded_at",
        C="municipality risk_code fields",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__gte=models.F("opened_at")), name="intake_contact_end_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(status="follow_up", follow_up_due__isnull=False)
                | (models.Q(follow_up_due__isnull=True) & ~models.Q(status="follow_up")),
                name="intake_follow_up_has_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(municipality="") | models.Q(precision_code__in=("municipality", "exact")),
                name="intake_place_as_precise_as_allowed",
            ),
            models.UniqueConstraint(
                fields=["agency_code", "source_ref"],
                condition=~models.Q(source_ref=""),
                name="intake_one_contact_per_source_ref",
            ),
        ]
        indexes = [
            models.Index(fields=["agency_code", "-opened_at", "-id"], name="intake_contacts"),
            models.Index(fields=["agency_code", "channel_code", "-opened_at", "-id"], name="intake_by_channel"),
            models.Index(fields=["agency_code", "disposition_code", "-opened_at", "-id"], name="intake_by_disposition"),
            models.Index(fields=["agency_code", "risk_code", "-opened_at", "-id"], name="intake_by_risk"),
            models.Index(fields=["agency_code", "status", "-opened_at", "-id"], name="intake_by_status"),
            models.Index(fields=["agency_code", "status", "follow_up_due"], name="intake_follow_ups"),
            models.Index(fields=["opened_at"], name="intake_by_date"),
        ]

    def __str__(self) -> str:
        return self.code


class ContactStep(models.Model):
    """A call promised, a call made, the end of it: never changed. What was said stands in the sealed record."""

    id = models.UUIDField(primary_key=True, default=new_id)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    due = models.DateTimeField(null=True, blank=True)  # for when a call was promised

    data_classes = classify(H="id contact verb at by due")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verb="schedule", due__isnull=False)
                | (models.Q(due__isnull=True) & ~models.Q(verb="schedule")),
                name="intake_promised_call_has_a_day",
            ),
        ]
        indexes = [models.Index(fields=["contact", "at"], name="intake_steps_of_contact")]


class ContactPerson(models.Model):
    """Somebody who takes part in a contact: in what role, and the coarse facts while no person is registered."""

    id = models.UUIDField(primary_key=True, default=new_id)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="people")
    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="contacts"
    )
    position = models.PositiveSmallIntegerField()
    role_code = models.CharField(max_length=40)
    relation_code = models.CharField(max_length=40, blank=True)
    sex_code = models.CharField(max_length=20, blank=True)
    age_group_code = models.CharField(max_length=20, blank=True)
    citizenship_codes = models.JSONField(default=list)
    linked_by = models.CharField(max_length=60, blank=True)
    linked_at = models.DateTimeField(null=True, blank=True)

    data_classes = classify(
        H="id contact person position role_code linked_by linked_at",
        C="relation_code sex_code age_group_code citizenship_codes",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "position"], name="intake_position_once"),
            models.UniqueConstraint(fields=["contact", "person"], name="intake_person_once_in_a_contact"),
            models.CheckConstraint(
                condition=models.Q(person__isnull=True, linked_by="", linked_at__isnull=True)
                | (models.Q(person__isnull=False, linked_at__isnull=False) & ~models.Q(linked_by="")),
                name="intake_person_linked_by_someone",
            ),
        ]


class Outcome(models.Model):
    """What came of a contact, told by whoever did it. Never changed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="outcomes")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=30)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    agency_code = models.CharField(max_length=40, blank=True)
    service_codes = models.JSONField(default=list)
    ref = models.CharField(max_length=80, blank=True)  # of an investigation, so that several contacts count it once

    data_classes = classify(H="id contact person kind at by agency_code service_codes ref")

    class Meta:
        indexes = [
            models.Index(fields=["contact", "at"], name="intake_outcomes_of_contact"),
            models.Index(fields=["kind", "at"], name="intake_outcomes_by_kind"),
        ]


class Notice(models.Model):
    """Something another agency must take up by a clock. Its words and its extract stand in the sealed record of its id."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=16, unique=True)
    kind_code = models.CharField(max_length=40)
    from_agency = models.CharField(max_length=40)
    to_agency = models.CharField(max_length=40)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    state_code = models.CharField(max_length=10, blank=True)
    slice = models.JSONField(default=dict)
    is_sealed = models.BooleanField(default=False)
    shares_identity = models.BooleanField(default=False)
    status = models.CharField(max_length=10, default="sent")
    sent_by = models.CharField(max_length=60)
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField()
    taken_by = models.CharField(max_length=60, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=60, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome_code = models.CharField(max_length=40, blank=True)
    return_code = models.CharField(max_length=40, blank=True)

    data_classes = classify(
        H="id code kind_code from_agency to_agency contact person state_code is_sealed shares_identity status sent_by "
        "sent_at due_at taken_by taken_at ended_by ended_at",
        C="slice outcome_code return_code",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(from_agency=models.F("to_agency")), name="intake_notice_to_another_agency"
            ),
            models.CheckConstraint(
                condition=~models.Q(status="closed")
                | (models.Q(ended_at__isnull=False) & ~models.Q(outcome_code="") & ~models.Q(ended_by="")),
                name="intake_notice_closed_with_outcome",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="returned")
                | (models.Q(ended_at__isnull=False) & ~models.Q(return_code="") & ~models.Q(ended_by="")),
                name="intake_notice_returned_with_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="taken") | (models.Q(taken_at__isnull=False) & ~models.Q(taken_by="")),
                name="intake_notice_taken_by_someone",
            ),
        ]
        indexes = [
            models.Index(fields=["to_agency", "-sent_at", "-id"], name="intake_notices_in"),
            models.Index(fields=["from_agency", "-sent_at", "-id"], name="intake_notices_out"),
            models.Index(fields=["to_agency", "status", "-sent_at", "-id"], name="intake_notices_in_by_status"),
            models.Index(fields=["from_agency", "status", "-sent_at", "-id"], name="intake_notices_out_by_status"),
            models.Index(fields=["to_agency", "status", "due_at"], name="intake_notices_waiting"),
        ]

    def __str__(self) -> str:
        return self.code
