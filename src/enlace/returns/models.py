from django.db import models
from django.db.models import F, Q

from enlace.base.classes import classify
from enlace.base.ids import new_id
from enlace.returns import rules


class Template(models.Model):
    """A version of a template as it was when somebody first answered it. Never changed: an old answer keeps its questions."""

    digest = models.CharField(max_length=64, primary_key=True)
    code = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    content = models.TextField()
    since = models.DateTimeField()

    data_classes = classify(H="digest code version content since")


class PeriodicReturn(models.Model):
    """What one state, or the federation (""), answers for one period. Only an open one is edited; a correction is a new revision.

    ``unread`` keeps what could not be read as an answer, where it stood and why, until it is put right. ``casework`` is what
    Enlace counted for the same state and period when it was submitted and checked, by indicator.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="returns")
    template_code = models.CharField(max_length=60)
    period = models.CharField(max_length=7)
    starts_on = models.DateField()
    ends_on = models.DateField()
    due_on = models.DateField()
    state_code = models.CharField(max_length=10, blank=True)
    agency_code = models.CharField(max_length=40)
    agency_kind = models.CharField(max_length=40)
    revision = models.PositiveIntegerField(default=1)
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    revised_because = models.TextField(blank=True)
    status = models.CharField(max_length=10, default=rules.OPEN)
    note = models.TextField(blank=True)
    unread = models.JSONField(default=list, blank=True)
    casework = models.JSONField(default=dict, blank=True)
    saves = models.PositiveIntegerField(default=0)
    opened_by = models.CharField(max_length=60)
    opened_at = models.DateTimeField()
    submitted_by = models.CharField(max_length=60, blank=True)
    submitted_at = models.DateTimeField(null=True)
    checked_by = models.CharField(max_length=60, blank=True)
    checked_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_because = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)

    data_classes = classify(
        H="id template template_code period starts_on ends_on due_on state_code agency_code agency_kind revision replaces "
        "revised_because status note unread casework saves opened_by opened_at submitted_by submitted_at checked_by checked_at "
        "decided_by decided_at decided_because published_at reminded_at overdue_at"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["template_code", "period", "state_code", "revision"], name="returns_revision_once"
            ),
            models.UniqueConstraint(
                fields=["template_code", "period", "state_code"],
                condition=Q(status__in=rules.UNFINISHED),
                name="returns_one_under_way",
            ),
            models.CheckConstraint(condition=Q(status__in=rules.RETURN.states), name="returns_status"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="returns_period"),
            models.CheckConstraint(
                condition=Q(revision=1, replaces__isnull=True)
                | Q(revision__gt=1, replaces__isnull=False) & ~Q(revised_because=""),
                name="returns_revised_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(status=rules.OPEN, submitted_by="", submitted_at__isnull=True)
                | ~Q(status=rules.OPEN) & ~Q(submitted_by="") & Q(submitted_at__isnull=False, unread=[]),
                name="returns_submitted_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=(rules.CHECKED, *rules.COUNTED))
                | ~Q(checked_by="") & ~Q(checked_by=F("submitted_by")) & Q(checked_at__isnull=False),
                name="returns_checked_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=rules.COUNTED)
                | ~Q(decided_by="") & ~Q(decided_by=F("submitted_by")) & Q(decided_at__isnull=False),
                name="returns_accepted_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(status=rules.RETURNED)
                | ~Q(decided_by="") & ~Q(decided_because="") & Q(decided_at__isnull=False),
                name="returns_given_back_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(status=rules.PUBLISHED, published_at__isnull=False)
                | ~Q(status=rules.PUBLISHED) & Q(published_at__isnull=True),
                name="returns_published_since",
            ),
        ]
        indexes = [
            models.Index(fields=["-ends_on", "-id"], name="returns_newest"),
            models.Index(fields=["status", "due_on"], name="returns_by_status"),
            models.Index(fields=["agency_code", "status"], name="returns_of_agency"),
        ]


class Value(models.Model):
    """The answer to one cell. ``key`` is "" for the total, else such as ``sex=female;age_group=0_15``."""

    id = models.UUIDField(primary_key=True, default=new_id)
    of = models.ForeignKey(PeriodicReturn, on_delete=models.PROTECT, related_name="values")
    measure = models.CharField(max_length=60)
    key = models.CharField(max_length=400, blank=True)
    kind = models.CharField(max_length=10)
    value = models.DecimalField(max_digits=15, decimal_places=2, null=True)

    data_classes = classify(H="id of measure key kind value")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of", "measure", "key"], name="returns_cell_once"),
            models.CheckConstraint(
                condition=Q(kind=rules.VALUE, value__isnull=False, value__gt=0)
                | Q(kind=rules.ZERO, value__isnull=False, value=0)
                | Q(kind__in=(rules.NO_DATA, rules.NOT_ASKED), value__isnull=True),
                name="returns_four_kinds_of_answer",
            ),
        ]
