from django.db import models

from enlace.base.classes import classify
from enlace.base.ids import new_id


class NationalTable(models.Model):
    """One computation of the national table: never edited, only followed by a newer one.

    ``tables`` holds what may be shown: withheld cells carry no value. ``digest`` names the facts it was made from.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    period = models.CharField(max_length=10)
    starts_on = models.DateField()
    ends_on = models.DateField()
    cut_off = models.DateTimeField()
    digest = models.CharField(max_length=64)
    fact_count = models.IntegerField()
    threshold = models.SmallIntegerField()
    tables = models.JSONField()
    reporting_states = models.JSONField()
    reporting_agencies = models.IntegerField()
    agency_count = models.IntegerField()
    made_by = models.CharField(max_length=60)

    data_classes = classify(
        H="id period starts_on ends_on cut_off digest fact_count threshold tables reporting_states reporting_agencies "
        "agency_count made_by"
    )

    class Meta:
        indexes = [models.Index(fields=["period", "-cut_off"], name="statistics_newest")]


class MechanismTable(models.Model):
    """One computation of a year of the referral mechanism: never edited, only followed by a newer one.

    ``tables`` holds what may be shown: withheld cells carry no value.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    period = models.CharField(max_length=10)
    cut_off = models.DateTimeField()
    threshold = models.SmallIntegerField()
    tables = models.JSONField()
    made_by = models.CharField(max_length=60)

    data_classes = classify(H="id period cut_off threshold tables made_by")

    class Meta:
        indexes = [models.Index(fields=["period", "-cut_off"], name="statistics_mechanism_newest")]


class NilReturn(models.Model):
    """An agency's word that it met nobody in a period: zero said aloud, where silence would be missing."""

    id = models.UUIDField(primary_key=True, default=new_id)
    agency_code = models.CharField(max_length=40)
    period = models.CharField(max_length=10)
    declared_by = models.CharField(max_length=60)
    declared_at = models.DateTimeField()

    data_classes = classify(H="id agency_code period declared_by declared_at")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency_code", "period"], name="statistics_nil_once")]
