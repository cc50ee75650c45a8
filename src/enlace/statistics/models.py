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


class GivenTable(models.Model):
    """What was shown of one indicator and period, in answer to a question or in a release: never edited nor deleted.

    ``release`` is the number of the release, 0 for an answer. Every set of ``dimensions`` is among its ``tables``, which
    hold what was shown; ``sealed`` holds the counts behind them (AES-256-GCM), because whatever is shown later is protected
    together with it. ``given_at`` is when the facts were read. Numbers have no gap: of two answers made at once from the
    same earlier ones, the database takes one.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    indicator = models.CharField(max_length=60)
    period = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    release = models.PositiveIntegerField(default=0)
    facts_digest = models.CharField(max_length=64)
    dimensions = models.JSONField()
    tables = models.JSONField()
    sealed = models.BinaryField()
    given_at = models.DateTimeField()

    data_classes = classify(C="sealed", H="id indicator period number release facts_digest dimensions tables given_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "period", "number"], name="statistics_given_one_by_one"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="statistics_given_from_one"),
        ]


class SavedTable(models.Model):
    """A question of an analyst and its answer as it was given. ``query`` and ``result`` are plain values.

    ``digest`` (SHA-256) names the result. ``reason`` says in one word why there is none.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.CharField(max_length=120)
    query = models.JSONField()
    status = models.CharField(max_length=10)
    reason = models.CharField(max_length=20, blank=True)
    result = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    agency_code = models.CharField(max_length=40)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    data_classes = classify(
        H="id name query status reason result digest agency_code asked_by asked_at answered_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="waiting", answered_at__isnull=True, digest="", reason="")
                | models.Q(status="answered", answered_at__isnull=False, reason="") & ~models.Q(digest="")
                | models.Q(status="refused", answered_at__isnull=False, digest="") & ~models.Q(reason=""),
                name="statistics_saved_table_answered",
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="statistics_saved_table_has_a_name"),
        ]
        indexes = [models.Index(fields=["agency_code", "-asked_at", "-id"], name="statistics_saved_newest")]


class FactChange(models.Model):
    """A line of the log that triggers write (``watching.py``): what a fact rests on was changed.

    ``subject`` is the case, person, contact or screening, where one is meant. ``writer`` numbers the transaction on
    PostgreSQL (0 on SQLite, where one writes after the other); ``token`` is random: a line of the same number in another
    database, or in one that was put back to an older state, is known apart.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10)
    subject = models.UUIDField(null=True)
    writer = models.BigIntegerField(default=0)
    token = models.CharField(max_length=36)
    at = models.DateTimeField()

    data_classes = classify(C="subject", H="id kind writer token at")

    class Meta:
        indexes = [models.Index(fields=["writer"], name="statistics_change_writer")]
