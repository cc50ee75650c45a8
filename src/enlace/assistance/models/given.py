from uuid import uuid4

from django.db import models

from enlace.base.classes import classify
from enlace.base.ids import new_id


class ServiceGiven(models.Model):
    """One service that one agency gave to the person of a case."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="services")
    referral = models.ForeignKey("referrals.Referral", null=True, on_delete=models.PROTECT, related_name="services")
    agency_code = models.CharField(max_length=40)
    service_code = models.CharField(max_length=20)
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    quantity = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    unit_code = models.CharField(max_length=20, blank=True)
    language_code = models.CharField(max_length=20, blank=True)
    interpreter_code = models.CharField(max_length=10, blank=True)  # not_needed | given | lacking, "" not recorded
    remark = models.TextField(blank=True)
    recorded_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()

    data_classes = classify(
        H="id case referral agency_code started_on ended_on quantity unit_code recorded_by recorded_at",
        C="language_code interpreter_code",
        D="service_code remark",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True) | models.Q(ended_on__gte=models.F("started_on")),
                name="assistance_end_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__isnull=True, unit_code="")
                | (models.Q(quantity__isnull=False, quantity__gt=0) & ~models.Q(unit_code="")),
                name="assistance_quantity_has_unit",
            ),
            models.CheckConstraint(
                condition=models.Q(interpreter_code__in=["", "not_needed"])
                | (models.Q(interpreter_code__in=["given", "lacking"]) & ~models.Q(language_code="")),
                name="assistance_interpreter_has_language",
            ),
        ]
        indexes = [
            models.Index(fields=["started_on"], name="assistance_by_date"),
            models.Index(fields=["agency_code", "-started_on", "-id"], name="assistance_of_agency"),
            models.Index(
                fields=["agency_code", "service_code", "-started_on", "-id"], name="assistance_of_agency_by_kind"
            ),
        ]


class GroupActivity(models.Model):
    """One activity for several people: a workshop, a group session, a class. Who came stands in ``Session``."""

    id = models.UUIDField(primary_key=True, default=new_id)
    agency_code = models.CharField(max_length=40)
    service_code = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    planned_at = models.DateTimeField()
    status = models.CharField(max_length=10, default="planned")
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    recorded_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()

    data_classes = classify(
        H="id agency_code planned_at status minutes recorded_by recorded_at", D="service_code title"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["planned", "cancelled"], minutes__isnull=True) | models.Q(status="held"),
                name="assistance_activity_lasts_when_held",
            )
        ]
        indexes = [models.Index(fields=["agency_code", "-planned_at", "-id"], name="assistance_activities")]


class Session(models.Model):
    """One meeting with one person: of a service, or of a group activity."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="sessions")
    service = models.ForeignKey(ServiceGiven, null=True, on_delete=models.PROTECT, related_name="sessions")
    activity = models.ForeignKey(GroupActivity, null=True, on_delete=models.PROTECT, related_name="sessions")
    agency_code = models.CharField(max_length=40)
    service_code = models.CharField(max_length=20)
    planned_at = models.DateTimeField()
    status = models.CharField(max_length=10, default="planned")
    settled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.CharField(max_length=10, blank=True)  # person | provider | other
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    language_code = models.CharField(max_length=20, blank=True)
    interpreter_code = models.CharField(max_length=10, blank=True)
    remark = models.TextField(blank=True)
    recorded_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()

    data_classes = classify(
        H="id case service activity agency_code planned_at status settled_at cancelled_by minutes recorded_by recorded_at",
        C="language_code interpreter_code",
        D="service_code remark",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(service__isnull=False, activity__isnull=True)
                | models.Q(service__isnull=True, activity__isnull=False),
                name="assistance_session_of_one",
            ),
            models.CheckConstraint(
                condition=models.Q(status="planned", settled_at__isnull=True, cancelled_by="", minutes__isnull=True)
                | models.Q(status="held", settled_at__isnull=False, cancelled_by="")
                | models.Q(status="missed", settled_at__isnull=False, cancelled_by="", minutes__isnull=True)
                | (
                    models.Q(status="cancelled", settled_at__isnull=False, minutes__isnull=True)
                    & ~models.Q(cancelled_by="")
                ),
                name="assistance_session_settled",
            ),
            models.CheckConstraint(
                condition=models.Q(interpreter_code__in=["", "not_needed"])
                | (models.Q(interpreter_code__in=["given", "lacking"]) & ~models.Q(language_code="")),
                name="assistance_session_interpreter",
            ),
            models.UniqueConstraint(fields=["activity", "case"], name="assistance_once_in_activity"),
        ]
        indexes = [
            models.Index(fields=["planned_at"], name="assistance_sessions_by_date"),
            models.Index(fields=["agency_code", "status", "planned_at"], name="assistance_sessions_planned"),
        ]


class Feedback(models.Model):
    """What somebody thinks of a service. Neither the person nor the case stands here, and of the time only the month.

    The id is random, not ordered by time. ``digest`` is keyed: it only tells that one service was answered for once.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    agency_code = models.CharField(max_length=40)
    service_code = models.CharField(max_length=20)
    month = models.CharField(max_length=7)  # 2025-03: no day is kept
    score = models.SmallIntegerField()
    words = models.TextField(blank=True)
    digest = models.CharField(max_length=64, unique=True)

    data_classes = classify(H="id agency_code month digest", D="service_code score words")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(score__range=(1, 4)), name="assistance_score_on_scale")
        ]
        indexes = [models.Index(fields=["agency_code", "service_code", "month"], name="assistance_feedback_of")]


class InKind(models.Model):
    """Things given to the person of a case."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="in_kind")
    agency_code = models.CharField(max_length=40)
    item_code = models.CharField(max_length=30)
    quantity = models.PositiveIntegerField()
    given_on = models.DateField()
    funding_code = models.CharField(max_length=30, blank=True)
    recorded_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()

    data_classes = classify(H="id case agency_code item_code quantity given_on funding_code recorded_by recorded_at")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="assistance_something_was_given")
        ]
        indexes = [models.Index(fields=["given_on"], name="assistance_in_kind_by_date")]


class Cost(models.Model):
    """What an agency spent on a service and from which source; of a case only where the agency ties it to one."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="costs")
    agency_code = models.CharField(max_length=40)
    service_code = models.CharField(max_length=20)
    funding_code = models.CharField(max_length=30)
    amount = models.DecimalField(max_digits=12, decimal_places=2)  # in the pack's currency
    spent_on = models.DateField()
    recorded_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()

    data_classes = classify(
        H="id case agency_code funding_code amount spent_on recorded_by recorded_at", D="service_code"
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="assistance_cost_above_zero")]
        indexes = [models.Index(fields=["agency_code", "-spent_on", "-id"], name="assistance_costs")]
