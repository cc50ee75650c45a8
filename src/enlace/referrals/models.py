from django.db import models

from enlace.base.classes import classify
from enlace.base.ids import new_id


class Referral(models.Model):
    """One agency asks another for named services for the person of a case."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=16, unique=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="referrals")
    sender_code = models.CharField(max_length=40)
    recipient_code = models.CharField(max_length=40)
    service_codes = models.JSONField(default=list)
    reason_code = models.CharField(max_length=40, blank=True)
    message = models.TextField(blank=True)
    is_consented = models.BooleanField()
    ground_code = models.CharField(max_length=40, blank=True)
    shares_identity = models.BooleanField(default=False)
    slice = models.JSONField(default=dict)
    status = models.CharField(max_length=12, default="sent")
    sent_by = models.CharField(max_length=60)
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    decline_reason_code = models.CharField(max_length=40, blank=True)
    interruption_reason_code = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    data_classes = classify(
        H="id code case sender_code recipient_code service_codes reason_code is_consented ground_code shares_identity status "
        "sent_by sent_at due_at answered_at decline_reason_code interruption_reason_code ended_at",
        C="slice",
        D="message",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_consented=True) | ~models.Q(ground_code=""), name="referrals_consent_or_ground"
            ),
            models.CheckConstraint(
                condition=~models.Q(status="declined") | ~models.Q(decline_reason_code=""),
                name="referrals_declined_with_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="interrupted") | ~models.Q(interruption_reason_code=""),
                name="referrals_interrupted_with_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(sender_code=models.F("recipient_code")), name="referrals_to_another_agency"
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True) | models.Q(answered_at__gte=models.F("sent_at")),
                name="referrals_answered_after_sent",
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
