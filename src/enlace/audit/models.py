"""Append-only tables; triggers refuse change and removal on both databases."""

from django.db import models

from enlace.base.classes import classify


class AuditEvent(models.Model):
    """Who did or read what, when, in which role and for which purpose."""

    id = models.BigAutoField(primary_key=True)
    chain = models.CharField(max_length=40)
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    actor_id = models.CharField(max_length=60)
    role_code = models.CharField(max_length=8, blank=True)
    action = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    data_class = models.CharField(max_length=8, blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    data_classes = classify(
        S="id chain seq at actor_id role_code action subject_kind subject_id data_class purpose detail previous digest"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="audit_one_row_per_place")]
        indexes = [
            models.Index(fields=["subject_id", "-id"], name="audit_by_subject"),
            models.Index(fields=["actor_id", "-id"], name="audit_by_actor"),
        ]


class ChainHead(models.Model):
    """The newest row of each chain: locked while the next one is written."""

    chain = models.CharField(max_length=40, primary_key=True)
    seq = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64)

    data_classes = classify(S="chain seq digest")


class Anchor(models.Model):
    """All heads at one moment, chained, to be kept elsewhere as well."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    heads = models.JSONField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    data_classes = classify(S="number at heads previous digest")
