from django.db import models

from enlace.base.classes import classify
from enlace.base.ids import new_id


class Permit(models.Model):
    """One permit of stay, or a procedure like it, of the person of a case. What is on paper is sealed under its id."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="permits")
    kind_code = models.CharField(max_length=30)
    agency_code = models.CharField(max_length=40)
    status = models.CharField(max_length=10, default="eligible")
    opened_by = models.CharField(max_length=60)
    opened_on = models.DateField()
    moved_on = models.DateField()  # the day of the last step
    informed_on = models.DateField(null=True, blank=True)
    informed_by = models.CharField(max_length=60, blank=True)
    informed_code = models.CharField(max_length=30, blank=True)  # who was told: the person, or who answers for them
    informed_language_code = models.CharField(max_length=20, blank=True)
    informed_interpreter_code = models.CharField(max_length=10, blank=True)
    applied_on = models.DateField(null=True, blank=True)
    decision_due_on = models.DateField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    refusal_code = models.CharField(max_length=30, blank=True)
    is_contrary_to_law = models.BooleanField(default=False)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    converted_code = models.CharField(max_length=30, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    end_code = models.CharField(max_length=30, blank=True)
    is_sealed = models.BooleanField(default=False)

    data_classes = classify(
        H="id case agency_code opened_by opened_on moved_on is_sealed",
        C="kind_code status informed_on informed_by informed_code informed_language_code informed_interpreter_code "
        "applied_on decision_due_on decided_on refusal_code is_contrary_to_law valid_from valid_to converted_code "
        "ended_on end_code",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["eligible", "ended"])
                | (
                    models.Q(informed_on__isnull=False)
                    & ~models.Q(informed_by="")
                    & ~models.Q(informed_code="")
                    & ~models.Q(informed_language_code="")
                ),
                name="assistance_permit_informed",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["eligible", "informed", "ended"])
                | models.Q(applied_on__isnull=False, applied_on__gte=models.F("informed_on")),
                name="assistance_permit_applied",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="refused")
                | (
                    models.Q(decided_on__isnull=False, decided_on__gte=models.F("applied_on"))
                    & ~models.Q(refusal_code="")
                ),
                name="assistance_permit_refused",
            ),
            models.CheckConstraint(
                condition=models.Q(is_contrary_to_law=False) | ~models.Q(refusal_code=""),
                name="assistance_contrary_refusal",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["granted", "renewed", "converted"])
                | models.Q(decided_on__isnull=False, valid_from__isnull=False),
                name="assistance_permit_granted",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_from__isnull=False, valid_to__gte=models.F("valid_from")),
                name="assistance_permit_valid",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="converted") | ~models.Q(converted_code=""),
                name="assistance_permit_converted",
            ),
            models.CheckConstraint(
                condition=(models.Q(status="ended", ended_on__isnull=False) & ~models.Q(end_code=""))
                | (models.Q(ended_on__isnull=True, end_code="") & ~models.Q(status="ended")),
                name="assistance_permit_ended",
            ),
            models.UniqueConstraint(
                fields=["case", "kind_code"],
                condition=~models.Q(status="ended"),
                name="assistance_one_permit_of_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["agency_code", "-opened_on", "-id"], name="assistance_permits"),
            models.Index(fields=["agency_code", "status", "valid_to"], name="assistance_permits_to_lapse"),
            models.Index(fields=["agency_code", "status", "decision_due_on"], name="assistance_permits_to_decide"),
        ]
