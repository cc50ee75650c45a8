from django.db import models

from enlace.base.classes import classify
from enlace.base.ids import new_id


class Receipt(models.Model):
    """What one receipt number opens. Only the keyed digest of the number is kept (``receipts.digest``)."""

    id = models.UUIDField(primary_key=True, default=new_id)
    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=12)  # report | complaint
    subject_id = models.UUIDField()
    issued_at = models.DateTimeField()

    data_classes = classify(S="id digest kind subject_id issued_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject_id"], name="intake_one_receipt_each"),
            models.CheckConstraint(
                condition=models.Q(kind__in=("report", "complaint")), name="intake_receipt_kind_known"
            ),
        ]
        indexes = [models.Index(fields=["issued_at"], name="intake_receipts_by_date")]


class WrongTries(models.Model):
    """How many wrong receipt numbers fell into one bucket: all of an hour or a day, or those that share a group of digits.

    The bucket is a keyed digest (``receipts.buckets``): the table tells neither who tried nor what was tried.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    bucket = models.CharField(max_length=24, unique=True)
    count = models.PositiveIntegerField(default=0)
    until = models.DateTimeField()

    data_classes = classify(S="id bucket count until")

    class Meta:
        indexes = [models.Index(fields=["until"], name="intake_tries_by_end")]


class Report(models.Model):
    """A report from the public. All that was written, the files and the answers are parts of the sealed ``record_id``.

    One that is only begun holds files of somebody who has not sent it yet; no agency sees it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=16, unique=True)
    topic_code = models.CharField(max_length=40)
    state_code = models.CharField(max_length=10, blank=True)
    to_agency = models.CharField(max_length=40)
    record_id = models.UUIDField(default=new_id)
    file_count = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=10, default="begun")
    begun_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    contact_id = models.UUIDField(null=True, blank=True)  # the contact that was made of it
    is_passed_on = models.BooleanField(default=False)
    is_erased = models.BooleanField(default=False)

    data_classes = classify(
        H="id code topic_code state_code to_agency file_count status begun_at received_at due_at ended_at contact_id "
        "is_passed_on is_erased",
        S="record_id",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="begun", received_at__isnull=True, due_at__isnull=True)
                | (~models.Q(status="begun") & models.Q(received_at__isnull=False, due_at__isnull=False)),
                name="intake_report_received_with_a_clock",
            ),
            models.CheckConstraint(
                condition=models.Q(is_erased=False) | models.Q(status="withdrawn", is_passed_on=False),
                name="intake_report_erased_only_when_withdrawn",
            ),
        ]
        indexes = [
            models.Index(fields=["to_agency", "-received_at", "-id"], name="intake_reports"),
            models.Index(fields=["to_agency", "status", "-received_at", "-id"], name="intake_reports_by_status"),
            models.Index(fields=["to_agency", "status", "due_at"], name="intake_reports_waiting"),
            models.Index(fields=["status", "begun_at"], name="intake_reports_begun"),
        ]

    def __str__(self) -> str:
        return self.code


class ReportStep(models.Model):
    """One step of a report: never changed. What was said stands in the sealed record."""

    id = models.UUIDField(primary_key=True, default=new_id)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    agency_code = models.CharField(max_length=40, blank=True)  # blank: the person who reported
    to_agency = models.CharField(max_length=40, blank=True)  # where it was passed on to

    data_classes = classify(H="id report verb at by agency_code to_agency")

    class Meta:
        indexes = [models.Index(fields=["report", "at"], name="intake_steps_of_report")]
