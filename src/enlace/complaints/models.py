from django.db import models

from enlace.base.classes import classify
from enlace.base.ids import new_id


class Complaint(models.Model):
    """A complaint about an official. All that was written, the files and the answers are parts of the sealed ``record_id``."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=16, unique=True)
    accused_code = models.CharField(max_length=40, blank=True)  # blank: an agency that is not in the directory
    level_code = models.CharField(max_length=20)
    state_code = models.CharField(max_length=10, blank=True)
    to_agency = models.CharField(max_length=40)
    record_id = models.UUIDField(default=new_id)
    file_count = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=10, default="begun")
    begun_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    data_classes = classify(
        G="id code accused_code level_code state_code to_agency file_count status begun_at received_at due_at ended_at",
        S="record_id",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(accused_code=models.F("to_agency")), name="complaints_never_to_the_accused"
            ),
            models.CheckConstraint(
                condition=models.Q(status="begun", received_at__isnull=True, due_at__isnull=True)
                | (~models.Q(status="begun") & models.Q(received_at__isnull=False, due_at__isnull=False)),
                name="complaints_received_with_a_clock",
            ),
        ]
        indexes = [
            models.Index(fields=["to_agency", "-received_at", "-id"], name="complaints_inbox"),
            models.Index(fields=["to_agency", "status", "due_at"], name="complaints_waiting"),
            models.Index(fields=["status", "begun_at"], name="complaints_begun"),
        ]

    def __str__(self) -> str:
        return self.code


class ComplaintExclusion(models.Model):
    """An account that may never open a complaint, wherever it works later: of the accused agency, or named."""

    id = models.UUIDField(primary_key=True, default=new_id)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="exclusions")
    actor_id = models.CharField(max_length=60)
    reason = models.CharField(max_length=10)
    at = models.DateTimeField()

    data_classes = classify(G="id complaint actor_id reason at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "actor_id"], name="complaints_excluded_once"),
            models.CheckConstraint(
                condition=models.Q(reason__in=("accused", "named")), name="complaints_exclusion_reason_known"
            ),
        ]


class ComplaintStep(models.Model):
    """One step of a complaint: never changed. What was said stands in the sealed record."""

    id = models.UUIDField(primary_key=True, default=new_id)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    agency_code = models.CharField(max_length=40, blank=True)  # blank: the person who complained

    data_classes = classify(G="id complaint verb at by agency_code")

    class Meta:
        indexes = [models.Index(fields=["complaint", "at"], name="complaints_steps")]
