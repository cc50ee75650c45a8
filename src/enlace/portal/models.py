from django.db import models
from django.db.models import F, Q

from enlace.base.classes import classify
from enlace.base.ids import new_id


class OwnPage(models.Model):
    """One code offered to a person for her own page: given on paper or by heart, or refused. One is open at a time.

    Of the number only the keyed digest is kept (``intake.receipts.digest``). ``opened_at`` is told to the person alone,
    so that she sees whether somebody else was here.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="own_pages")
    agency_code = models.CharField(max_length=40)
    kept_as = models.CharField(max_length=10)  # rules.PAPER, MEMORY or NOTHING
    keeper_code = models.CharField(max_length=30)
    digest = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=10)
    issued_by = models.CharField(max_length=60)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=60, blank=True)

    data_classes = classify(
        C="id person agency_code kept_as keeper_code status issued_by issued_at expires_at ended_at ended_by",
        S="digest opened_at",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(status="open"), name="portal_one_open_page"),
            models.UniqueConstraint(fields=["digest"], condition=~Q(digest=""), name="portal_one_page_per_number"),
            models.CheckConstraint(
                condition=Q(status="refused", kept_as="nothing", digest="", expires_at__isnull=True)
                | (
                    Q(status__in=("open", "closed", "replaced", "expired"), kept_as__in=("paper", "memory"))
                    & ~Q(digest="")
                    & Q(expires_at__isnull=False, expires_at__gt=F("issued_at"))
                ),
                name="portal_given_with_a_number",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("open", "refused"), ended_at__isnull=True, ended_by="")
                | (
                    Q(status__in=("closed", "replaced", "expired"), ended_at__gte=F("issued_at"))
                    & Q(ended_at__isnull=False)
                    & ~Q(ended_by="")
                ),
                name="portal_ended_by_someone",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-issued_at"], name="portal_pages_of_person"),
            models.Index(fields=["status", "expires_at"], name="portal_pages_to_expire"),
        ]


class PersonRequest(models.Model):
    """What a person asked on her own page. All that was written, there and back, is sealed in ``record_id``."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=16, unique=True)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="requests")
    kind_code = models.CharField(max_length=30)
    to_agency = models.CharField(max_length=40)
    record_id = models.UUIDField(default=new_id)
    status = models.CharField(max_length=10, default="received")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()  # of the answer, and once it is granted of carrying it out
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=60, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    data_classes = classify(
        C="id code person kind_code to_agency status asked_at due_at answered_at answered_by ended_at", S="record_id"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=("received", "extended", "withdrawn"), answered_at__isnull=True, answered_by="")
                | (
                    Q(status__in=("answered", "declined", "granted", "done"), answered_at__gte=F("asked_at"))
                    & Q(answered_at__isnull=False)
                    & ~Q(answered_by="")
                ),
                name="portal_answered_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(status__in=("received", "extended", "granted"), ended_at__isnull=True)
                | (
                    Q(status__in=("answered", "declined", "done", "withdrawn"), ended_at__gte=F("asked_at"))
                    & Q(ended_at__isnull=False)
                ),
                name="portal_request_ended_once",
            ),
        ]
        indexes = [
            models.Index(fields=["to_agency", "-asked_at", "-id"], name="portal_requests"),
            models.Index(fields=["to_agency", "status", "due_at"], name="portal_requests_owed"),
            models.Index(fields=["person", "-asked_at"], name="portal_requests_of_person"),
        ]

    def __str__(self) -> str:
        return self.code
