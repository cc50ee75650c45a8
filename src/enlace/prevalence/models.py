from django.db import models

from enlace.base.classes import classify
from enlace.base.ids import new_id
from enlace.prevalence import rules


class Estimation(models.Model):
    """One run of multiple systems estimation: what went in, how, and what came out. A finished one is never changed.

    ``lists``, ``masks`` and ``counts`` are the capture histories (see ``reckon.prevalence.Captures``): counts of people,
    never people. ``groups`` splits them for rates: rows of (history, sex, age, form, people). ``result`` is the study and
    ``rates`` the rates by sex, age and form, as ``reckon.prevalence.stored`` writes them, unrounded.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    title = models.CharField(max_length=200)
    period = models.CharField(max_length=60)
    source = models.CharField(max_length=10)
    source_detail = models.JSONField(default=dict)
    lists = models.JSONField()
    masks = models.JSONField()
    counts = models.JSONField()
    groups = models.JSONField(default=list)
    populations = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    options = models.JSONField()
    status = models.CharField(max_length=10, default=rules.QUEUED)
    asked_by = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True)
    rates = models.JSONField(default=list)
    reason = models.TextField(blank=True)
    repeats = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="repeated_by")

    data_classes = classify(
        H="id title period source source_detail lists masks counts groups populations digest options status asked_by "
        "asked_at began_at ended_at result rates reason repeats"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=rules.ESTIMATION.states), name="prevalence_status"),
            models.CheckConstraint(
                condition=models.Q(status=rules.DONE, ended_at__isnull=False) & ~models.Q(result="")
                | ~models.Q(status=rules.DONE) & models.Q(result=""),
                name="prevalence_done_with_result",
            ),
            models.CheckConstraint(
                condition=~models.Q(status=rules.FAILED) | ~models.Q(reason=""), name="prevalence_failed_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["-asked_at", "-id"], name="prevalence_newest")]
