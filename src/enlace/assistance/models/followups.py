from django.db import models

from enlace.base.classes import classify
from enlace.base.ids import new_id


class FollowUp(models.Model):
    """One promise to ask how a person is, some time after the help ended; also after the case is closed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="follow_ups")
    agency_code = models.CharField(max_length=40)
    series = models.PositiveSmallIntegerField()  # each end of help begins one
    number = models.PositiveSmallIntegerField()
    base_on = models.DateField()  # the day the help ended, or the person arrived
    due_on = models.DateField()
    status = models.CharField(max_length=10, default="planned")
    outcome_code = models.CharField(max_length=30, blank=True)
    done_on = models.DateField(null=True, blank=True)
    remark = models.TextField(blank=True)
    planned_by = models.CharField(max_length=60)
    planned_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=60, blank=True)
    recorded_at = models.DateTimeField(null=True, blank=True)

    data_classes = classify(
        H="id case agency_code series number base_on due_on status done_on planned_by planned_at recorded_by recorded_at",
        C="outcome_code",
        D="remark",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["planned", "cancelled"], outcome_code="", done_on__isnull=True)
                | (
                    models.Q(status__in=["met", "missed"], done_on__isnull=False, done_on__gte=models.F("base_on"))
                    & ~models.Q(outcome_code="")
                    & ~models.Q(recorded_by="")
                ),
                name="assistance_follow_up_done",
            ),
            models.CheckConstraint(
                condition=models.Q(due_on__gt=models.F("base_on")), name="assistance_follow_up_after_end"
            ),
            models.UniqueConstraint(fields=["case", "series", "number"], name="assistance_follow_up_once"),
        ]
        indexes = [
            models.Index(fields=["agency_code", "status", "due_on", "id"], name="assistance_follow_ups_due"),
            models.Index(fields=["due_on"], name="assistance_follow_ups_by_date"),
        ]
