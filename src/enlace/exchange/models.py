from django.db import models

from enlace.base.classes import classify
from enlace.base.ids import new_id


class ImportBatch(models.Model):
    """One file that brought something in: what it was, by its digest, and how many of its rows could be read and not.

    ``agency_code`` is whose cases they are, empty for open data. Importing the same file again changes nothing.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=20)  # htcds | ctdc | sesnsp
    digest = models.CharField(max_length=64)
    agency_code = models.CharField(max_length=40, blank=True)
    layout = models.CharField(max_length=40)
    unit = models.CharField(max_length=30)
    is_synthetic = models.BooleanField(default=False)
    row_count = models.IntegerField()
    error_count = models.IntegerField()
    imported_by = models.CharField(max_length=60)
    imported_at = models.DateTimeField()

    data_classes = classify(
        S="id kind digest agency_code layout unit is_synthetic row_count error_count imported_by imported_at"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "digest", "agency_code"], name="exchange_file_once")]


class CtdcRecord(models.Model):
    """One record of the open microdata: a collection apart, which national tables never count."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="ctdc_records")
    row = models.IntegerField()
    year_from = models.SmallIntegerField(null=True)
    year_to = models.SmallIntegerField(null=True)
    datasource = models.CharField(max_length=20, null=True)
    gender = models.CharField(max_length=30, null=True)
    age_band = models.CharField(max_length=10, null=True)
    majority = models.CharField(max_length=10, null=True)
    majority_at_exploitation = models.CharField(max_length=10, null=True)
    majority_at_entry = models.CharField(max_length=10, null=True)
    months = models.CharField(max_length=20, null=True)
    citizenship = models.CharField(max_length=10, null=True)
    country = models.CharField(max_length=10, null=True)
    origin_region = models.CharField(max_length=60, null=True)
    exploitation_region = models.CharField(max_length=60, null=True)
    flags = models.BigIntegerField()
    known = models.BigIntegerField()

    data_classes = classify(
        H="id batch row year_from year_to datasource gender age_band majority majority_at_exploitation majority_at_entry "
        "months citizenship country origin_region exploitation_region flags known"
    )


class MonthlyFigure(models.Model):
    """One cell of an official monthly series: published by others, kept as they printed it. Empty is missing, not zero."""

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="figures")
    series = models.CharField(max_length=20)  # victims | files: never added together
    year = models.SmallIntegerField()
    month = models.SmallIntegerField()
    state = models.CharField(max_length=10)
    sex = models.CharField(max_length=20, blank=True)
    age_group = models.CharField(max_length=20, blank=True)
    subtype = models.CharField(max_length=80, blank=True)
    value = models.IntegerField(null=True)

    data_classes = classify(H="id batch series year month state sex age_group subtype value")

    class Meta:
        indexes = [models.Index(fields=["series", "year"], name="exchange_series_by_year")]
