from django.db import models

from enlace.assistance.models.permits import Permit
from enlace.assistance.models.plans import CarePlan
from enlace.assistance.models.returns import AssistedReturn
from enlace.base.classes import classify
from enlace.base.ids import new_id


class CareTurn(models.Model):
    """One step of a plan, a permit or a return, for the timeline and for counting: never changed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    plan = models.ForeignKey(CarePlan, null=True, on_delete=models.PROTECT, related_name="turns")
    permit = models.ForeignKey(Permit, null=True, on_delete=models.PROTECT, related_name="turns")
    assisted_return = models.ForeignKey(AssistedReturn, null=True, on_delete=models.PROTECT, related_name="turns")
    verb = models.CharField(max_length=20)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    agency_code = models.CharField(max_length=40)
    code = models.CharField(max_length=30, blank=True)  # the reason or result, of the verb's own list
    note = models.TextField(blank=True)

    data_classes = classify(H="id plan permit assisted_return verb on at by agency_code", C="code", D="note")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(plan__isnull=False, permit__isnull=True, assisted_return__isnull=True)
                | models.Q(plan__isnull=True, permit__isnull=False, assisted_return__isnull=True)
                | models.Q(plan__isnull=True, permit__isnull=True, assisted_return__isnull=False),
                name="assistance_turn_of_one",
            )
        ]
        indexes = [models.Index(fields=["on"], name="assistance_turns_by_date")]
