from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from enlace.base.actor import Actor
from enlace.base.classes import classify
from enlace.base.ids import new_id
from enlace.referrals.rules import CAME_BACK, HELPED


class Partner(models.Model):
    """An organisation outside the system that can help: what it is and how it is reached, never who works there."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=160)
    kind_code = models.CharField(max_length=40)
    state_code = models.CharField(max_length=10, blank=True)
    public_contact = models.CharField(max_length=300, blank=True)
    agency_contact = models.CharField(max_length=300, blank=True)  # for agencies only, never published
    is_active = models.BooleanField(default=True)
    added_by_agency = models.CharField(max_length=40)
    added_at = models.DateTimeField()

    data_classes = classify(
        H="id code name kind_code state_code public_contact agency_contact is_active added_by_agency added_at"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "state_code"], name="referrals_partner_once")]

    def __str__(self) -> str:
        return self.code


class Referral(models.Model):
    """One agency asks another, or a partner outside the system, for named services for the person of a case.

    ``recipient_code`` is the agency's code, or the partner's. Those with one ``group_id`` were asked at the same time.
    ``previous`` came back without help, and this one was sent in its stead; ``attempt`` is its place in that chain.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=16, unique=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="referrals")
    sender_code = models.CharField(max_length=40)
    recipient_code = models.CharField(max_length=40)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="referrals")
    site = models.ForeignKey(
        "directory.Site", on_delete=models.PROTECT, null=True, blank=True, related_name="referrals"
    )
    group_id = models.UUIDField(null=True, blank=True)
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors")
    attempt = models.PositiveSmallIntegerField(default=1)
    alternatives = models.JSONField(default=list, blank=True)  # [[agency code, site id or ""], …], the best first
    service_codes = models.JSONField(default=list)
    reason_code = models.CharField(max_length=40, blank=True)
    message = models.TextField(blank=True)
    is_consented = models.BooleanField()
    ground_code = models.CharField(max_length=40, blank=True)
    is_anonymous = models.BooleanField(default=False)  # somebody with these needs will come, and nothing more is told
    shares_identity = models.BooleanField(default=False)
    slice = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=12, default="sent")
    sent_by = models.CharField(max_length=60)
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    decline_reason_code = models.CharField(max_length=40, blank=True)
    interruption_reason_code = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    followed_at = models.DateTimeField(null=True, blank=True)  # when somebody else was asked in its stead
    unplaced_at = models.DateTimeField(null=True, blank=True)  # when nobody was found who could be asked
    feedback_code = models.CharField(max_length=40, blank=True)
    feedback = models.TextField(blank=True)
    feedback_at = models.DateTimeField(null=True, blank=True)

    data_classes = classify(
        H="id code case sender_code recipient_code partner site group_id previous attempt alternatives service_codes reason_code "
        "is_consented ground_code is_anonymous shares_identity status sent_by sent_at due_at answered_at "
        "decline_reason_code interruption_reason_code ended_at followed_at unplaced_at feedback_code feedback_at",
        C="slice",
        D="message feedback",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_consented=True) | ~Q(ground_code="") | Q(is_anonymous=True),
                name="referrals_consent_or_ground",
            ),
            models.CheckConstraint(
                condition=Q(is_anonymous=False)
                | Q(is_consented=False, ground_code="", shares_identity=False, message="", slice={}),
                name="referrals_anonymous_tells_nothing",
            ),
            models.CheckConstraint(
                condition=~Q(status="declined") | ~Q(decline_reason_code=""),
                name="referrals_declined_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status="interrupted") | ~Q(interruption_reason_code=""),
                name="referrals_interrupted_with_reason",
            ),
            models.CheckConstraint(condition=~Q(sender_code=F("recipient_code")), name="referrals_to_another_agency"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("sent_at")),
                name="referrals_answered_after_sent",
            ),
            models.CheckConstraint(
                condition=Q(previous__isnull=True, attempt=1) | Q(previous__isnull=False, attempt__gt=1),
                name="referrals_attempts_counted",
            ),
            models.CheckConstraint(
                condition=Q(feedback_code="", feedback="", feedback_at__isnull=True)
                | (~Q(feedback_code="") & Q(feedback_at__isnull=False)),
                name="referrals_feedback_whole",
            ),
            models.CheckConstraint(
                condition=Q(unplaced_at__isnull=True) | Q(status__in=CAME_BACK),
                name="referrals_unplaced_came_back",
            ),
            models.UniqueConstraint(
                fields=["group_id"], condition=Q(status__in=HELPED), name="referrals_one_acceptance_each"
            ),
        ]
        indexes = [
            models.Index(fields=["recipient_code", "-sent_at", "-id"], name="referrals_inbox"),
            models.Index(fields=["sender_code", "-sent_at", "-id"], name="referrals_outbox"),
            models.Index(fields=["recipient_code", "status", "-sent_at", "-id"], name="referrals_inbox_by_status"),
            models.Index(fields=["sender_code", "status", "-sent_at", "-id"], name="referrals_outbox_by_status"),
            models.Index(fields=["recipient_code", "status", "due_at"], name="referrals_waiting"),
            models.Index(fields=["status", "due_at"], name="referrals_clock"),
            models.Index(fields=["sent_at"], name="referrals_by_date"),
            models.Index(fields=["group_id"], condition=Q(group_id__isnull=False), name="referrals_asked_at_once"),
            models.Index(
                fields=["sender_code", "-sent_at"],
                condition=Q(status__in=CAME_BACK, followed_at__isnull=True),
                name="referrals_left_over",
            ),
            models.Index(
                fields=["sender_code", "-feedback_at"],
                condition=Q(feedback_at__isnull=False),
                name="referrals_told",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class ReferralStep(models.Model):
    """One step of a referral, for the timeline: never changed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    agency_code = models.CharField(max_length=40)
    note = models.TextField(blank=True)

    data_classes = classify(H="id referral verb at by agency_code", D="note")

    @classmethod
    def of(cls, referral: Referral, verb: str, at: datetime, by: Actor, note: str = "", agency_code: str = "") -> Self:
        """A step not stored yet, by the actor's agency unless another is named (a partner outside)."""
        who = agency_code or by.agency_code
        return cls(referral=referral, verb=verb, at=at, by=by.id, agency_code=who, note=note.strip())


class DisclosurePackage(models.Model):
    """What was chosen to be told to a partner, in a sealed record that link and code together open, once.

    Here stand only the names of the fields and keyed digests (``codes``); whatever closes the package destroys the record.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="package")
    field_names = models.JSONField(default=list, blank=True)
    link_digest = models.CharField(max_length=64, unique=True)
    code_digest = models.CharField(max_length=64)
    record_id = models.UUIDField(default=new_id)
    status = models.CharField(max_length=10, default="sealed")
    tries = models.PositiveSmallIntegerField(default=0)
    made_by = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.CharField(max_length=120, blank=True)  # name and post, as whoever opened it said
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    data_classes = classify(
        H="id referral field_names status tries made_by made_at expires_at opened_at acknowledged_at ended_at",
        S="link_digest code_digest record_id opened_by",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=("sealed", "opened", "withdrawn", "expired", "locked")),
                name="referrals_package_status",
            ),
            models.CheckConstraint(
                condition=Q(opened_at__isnull=True, opened_by="", acknowledged_at__isnull=True)
                | (Q(opened_at__gte=F("made_at"), status__in=("opened", "locked")) & ~Q(opened_by="")),
                name="referrals_package_opened_by_one",
            ),
            models.CheckConstraint(
                condition=~Q(status="opened") | Q(opened_at__isnull=False), name="referrals_package_opened_once"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="referrals_package_runs_out"),
        ]
        indexes = [models.Index(fields=["status", "expires_at"], name="referrals_package_clock")]
