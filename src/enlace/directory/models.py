from django.db import models

from enlace.base.classes import classify
from enlace.base.ids import new_id


class ServiceOffer(models.Model):
    """One service of the pack's list that an agency offers in a state; never an address."""

    id = models.UUIDField(primary_key=True, default=new_id)
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="offers")
    service_code = models.CharField(max_length=20)
    state_code = models.CharField(max_length=10, blank=True)
    is_open = models.BooleanField(default=True)
    confirmed_at = models.DateTimeField()

    data_classes = classify(H="id agency service_code state_code is_open confirmed_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "service_code", "state_code"], name="directory_offer_once")
        ]
        indexes = [models.Index(fields=["service_code", "state_code"], name="directory_by_service")]
