from django.db import models

from enlace.base.classes import classify
from enlace.base.ids import new_id

READY = ["safe", "with_measures"]


class AssistedReturn(models.Model):
    """One assisted voluntary return. Who receives the person, and how to reach them, is sealed under its id."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="returns")
    kind_code = models.CharField(max_length=30)
    agency_code = models.CharField(max_length=40)
    country_code = models.CharField(max_length=2)
    status = models.CharField(max_length=10, default="preparing")
    opened_by = models.CharField(max_length=60)
    opened_on = models.DateField()
    consent = models.ForeignKey("people.ConsentGrant", null=True, on_delete=models.PROTECT, related_name="returns")
    risks = models.JSONField(default=dict)  # code of the list -> yes | no | unknown
    risk_code = models.CharField(max_length=15, blank=True)  # safe | with_measures | unsafe
    risk_measures = models.TextField(blank=True)
    risk_checked_on = models.DateField(null=True, blank=True)
    risk_checked_by = models.CharField(max_length=60, blank=True)
    receiver_code = models.CharField(max_length=30, blank=True)
    confirmed_on = models.DateField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=60, blank=True)
    departed_on = models.DateField(null=True, blank=True)
    arrived_on = models.DateField(null=True, blank=True)
    is_sealed = models.BooleanField(default=False)

    data_classes = classify(
        H="id case kind_code agency_code status opened_by opened_on is_sealed",
        C="country_code consent risks risk_code risk_measures risk_checked_on risk_checked_by receiver_code confirmed_on "
        "confirmed_by departed_on arrived_on",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["preparing", "cancelled"])
                | models.Q(
                    status__in=["travelling", "arrived"],
                    consent__isnull=False,
                    risk_code__in=READY,
                    confirmed_on__isnull=False,
                    departed_on__isnull=False,
                ),
                name="assistance_return_ready",
            ),
            models.CheckConstraint(
                condition=models.Q(risk_code="", risk_checked_on__isnull=True, risk_checked_by="")
                | (
                    models.Q(risk_code__in=[*READY, "unsafe"], risk_checked_on__isnull=False)
                    & ~models.Q(risk_checked_by="")
                ),
                name="assistance_risk_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=~models.Q(risk_code="with_measures") | ~models.Q(risk_measures=""),
                name="assistance_risk_has_measures",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_on__isnull=True, confirmed_by="", receiver_code="")
                | (models.Q(confirmed_on__isnull=False) & ~models.Q(confirmed_by="") & ~models.Q(receiver_code="")),
                name="assistance_return_confirmed_by_someone",
            ),
            models.CheckConstraint(
                condition=models.Q(status="arrived", arrived_on__isnull=False, arrived_on__gte=models.F("departed_on"))
                | (models.Q(arrived_on__isnull=True) & ~models.Q(status="arrived")),
                name="assistance_return_arrived",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(status__in=["preparing", "travelling"]),
                name="assistance_one_return_running",
            ),
        ]
        indexes = [models.Index(fields=["agency_code", "-opened_on", "-id"], name="assistance_returns")]


class HalfReport(models.Model):
    """That an agency abroad says: everybody we met in this half-year is recorded. Without it a half is missing, not zero."""

    id = models.UUIDField(primary_key=True, default=new_id)
    agency_code = models.CharField(max_length=40)
    half = models.CharField(max_length=7)
    reported_by = models.CharField(max_length=60)
    reported_at = models.DateTimeField()

    data_classes = classify(H="id agency_code half reported_by reported_at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency_code", "half"], name="assistance_half_once")]
