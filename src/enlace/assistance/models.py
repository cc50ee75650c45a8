from django.db import models

from enlace.base.classes import classify
from enlace.base.ids import new_id


class ServiceGiven(models.Model):
    """One service that one agency gave to the person of a case."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="services")
    referral = models.ForeignKey("referrals.Referral", null=True, on_delete=models.PROTECT, related_name="services")
    agency_code = models.CharField(max_length=40)
    service_code = models.CharField(max_length=20)
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    quantity = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    unit_code = models.CharField(max_length=20, blank=True)
    remark = models.TextField(blank=True)
    recorded_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()

    data_classes = classify(
        H="id case referral agency_code started_on ended_on quantity unit_code recorded_by recorded_at",
        D="service_code remark",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True) | models.Q(ended_on__gte=models.F("started_on")),
                name="assistance_end_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__isnull=True, unit_code="")
                | (models.Q(quantity__isnull=False, quantity__gt=0) & ~models.Q(unit_code="")),
                name="assistance_quantity_has_unit",
            ),
        ]
        indexes = [
            models.Index(fields=["started_on"], name="assistance_by_date"),
            models.Index(fields=["agency_code", "-started_on", "-id"], name="assistance_of_agency"),
            models.Index(
                fields=["agency_code", "service_code", "-started_on", "-id"], name="assistance_of_agency_by_kind"
            ),
        ]
