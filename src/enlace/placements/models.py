from django.db import models
from django.db.models import F, Q

from enlace.base.classes import classify
from enlace.base.ids import new_id
from enlace.placements.rules.stays import ALERTS, ENDED, IN_A_BED, LIVED, REQUESTED


class Stay(models.Model):
    """One person in one bed, from the request to the day of leaving. ``agency_code`` is the site's own agency.

    Children and others who come along have a bed each, as companions of the stay that the case is about: they come, move
    and leave with it. The bed is taken from ``occupied_from`` (held) to ``ended_at``; that two stays in one bed never
    overlap is refused by the database (migration 0003). Where somebody went is a kind of place, never a place.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=16, unique=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="stays")
    agency_code = models.CharField(max_length=40)
    site = models.ForeignKey("directory.Site", on_delete=models.PROTECT, related_name="stays")
    bed = models.ForeignKey("directory.Bed", on_delete=models.PROTECT, null=True, blank=True, related_name="stays")
    referral = models.ForeignKey(
        "referrals.Referral", on_delete=models.PROTECT, null=True, blank=True, related_name="stays"
    )
    companion_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="companions")
    status = models.CharField(max_length=12, default=REQUESTED)
    requested_at = models.DateTimeField()
    occupied_from = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)
    admitted_at = models.DateTimeField(null=True, blank=True)
    is_voluntary = models.BooleanField(null=True, blank=True)
    agreed_by_code = models.CharField(max_length=30, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    wants_out_at = models.DateTimeField(null=True, blank=True)
    may_go_out = models.BooleanField(default=True)
    limit_at = models.DateTimeField(null=True, blank=True)
    is_extended = models.BooleanField(default=False)
    exit_plan_at = models.DateTimeField(null=True, blank=True)
    exit_plan_code = models.CharField(max_length=30, blank=True)
    exit_plan = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    exit_reason_code = models.CharField(max_length=30, blank=True)
    destination_code = models.CharField(max_length=30, blank=True)
    transferred_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="transferred_from"
    )

    data_classes = classify(
        H="id code case agency_code referral companion_of status requested_at occupied_from held_until admitted_at is_voluntary "
        "agreed_by_code agreed_at wants_out_at may_go_out limit_at is_extended exit_plan_at exit_plan_code ended_at "
        "exit_reason_code destination_code transferred_to",
        B="site bed",
        D="exit_plan",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bed"], condition=Q(status__in=IN_A_BED), name="placements_one_in_a_bed"),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status="admitted", companion_of__isnull=True),
                name="placements_in_one_place",
            ),
            models.CheckConstraint(
                condition=Q(
                    bed__isnull=True, occupied_from__isnull=True, status__in=("requested", "refused", "released")
                )
                | Q(bed__isnull=False, occupied_from__isnull=False, status__in=("released", *IN_A_BED, *LIVED)),
                name="placements_stay_in_a_bed",
            ),
            models.CheckConstraint(
                condition=~Q(status="held") | Q(held_until__isnull=False), name="placements_held_with_a_clock"
            ),
            models.CheckConstraint(
                condition=(
                    Q(is_voluntary__isnull=False, is_voluntary=True, agreed_at__isnull=False, admitted_at__isnull=False)
                    & ~Q(agreed_by_code="")
                )
                | ~Q(status__in=LIVED),
                name="placements_admitted_by_agreement",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ENDED, ended_at__isnull=False)
                | (~Q(status__in=ENDED) & Q(ended_at__isnull=True)),
                name="placements_ended_with_a_time",
            ),
            models.CheckConstraint(
                condition=(Q(ended_at__isnull=True) | Q(ended_at__gte=F("requested_at")))
                & (Q(ended_at__isnull=True) | Q(occupied_from__isnull=True) | Q(ended_at__gte=F("occupied_from")))
                & (Q(admitted_at__isnull=True) | Q(admitted_at__gte=F("occupied_from")))
                & (Q(admitted_at__isnull=True) | Q(ended_at__isnull=True) | Q(ended_at__gte=F("admitted_at"))),
                name="placements_stay_end_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(status="exited") | (~Q(exit_reason_code="") & ~Q(destination_code="")),
                name="placements_exit_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(status="transferred", transferred_to__isnull=False)
                | (~Q(status="transferred") & Q(transferred_to__isnull=True)),
                name="placements_transferred_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(exit_plan_at__isnull=True, exit_plan_code="")
                | (Q(exit_plan_at__isnull=False) & ~Q(exit_plan_code="")),
                name="placements_exit_plan_leads_somewhere",
            ),
        ]
        indexes = [
            models.Index(fields=["agency_code", "status", "-requested_at", "-id"], name="placements_of_agency"),
            models.Index(fields=["agency_code", "-requested_at", "-id"], name="placements_stays_of_agency"),
            models.Index(fields=["status", "held_until"], name="placements_hold_clock"),
            models.Index(fields=["site", "occupied_from"], name="placements_stays_of_site"),
            models.Index(fields=["admitted_at"], name="placements_stays_by_date"),
        ]

    def __str__(self) -> str:
        return self.code


class StayStep(models.Model):
    """One step of a stay, for the timeline: never changed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    agency_code = models.CharField(max_length=40)

    data_classes = classify(H="id stay verb at by agency_code")


class StayAlert(models.Model):
    """What stands out about a stay and somebody has to look at; raised and ended by the clock that watches stays."""

    id = models.UUIDField(primary_key=True, default=new_id)
    stay = models.ForeignKey(Stay, on_delete=models.PROTECT, related_name="alerts")
    kind = models.CharField(max_length=12)
    reason_codes = models.JSONField(default=list)
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    data_classes = classify(H="id stay kind reason_codes raised_at ended_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stay", "kind"], condition=Q(ended_at__isnull=True), name="placements_one_alert_of_a_kind"
            ),
            models.CheckConstraint(condition=Q(kind__in=ALERTS), name="placements_alert_kind_known"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("raised_at")),
                name="placements_alert_end_after_start",
            ),
        ]
        indexes = [models.Index(fields=["ended_at", "-raised_at"], name="placements_open_alerts")]


class Search(models.Model):
    """What was asked of the directory for the person of a case: kept, so that the next best can be found without asking again."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="searches")
    agency_code = models.CharField(max_length=40)
    service_codes = models.JSONField(default=list)
    asked = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)

    data_classes = classify(H="id case agency_code service_codes at by", C="asked")

    class Meta:
        indexes = [models.Index(fields=["case", "-at"], name="placements_search_of_case")]


class UnmetNeed(models.Model):
    """That a person needed a service and no place could give it: what the gap is made of. One open for a case and service.

    ``sought_at``: when a place was last sought for the person, in vain.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="unmet_needs")
    agency_code = models.CharField(max_length=40)
    service_code = models.CharField(max_length=20)
    sex_code = models.CharField(max_length=20)
    age_group_code = models.CharField(max_length=20)
    state_code = models.CharField(max_length=10, blank=True)
    form_code = models.CharField(max_length=40, blank=True)
    reason_code = models.CharField(max_length=30)
    changes = models.JSONField(default=list)
    asked = models.JSONField(default=dict)
    at = models.DateTimeField()
    sought_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=60)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolution_code = models.CharField(max_length=20, blank=True)

    data_classes = classify(
        H="id case agency_code service_code sex_code age_group_code state_code form_code reason_code changes at sought_at "
        "recorded_by resolved_at resolution_code",
        C="asked",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "service_code"],
                condition=Q(resolved_at__isnull=True),
                name="placements_one_open_need",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolution_code="")
                | (Q(resolved_at__isnull=False, resolved_at__gte=F("at")) & ~Q(resolution_code="")),
                name="placements_resolved_somehow",
            ),
        ]
        indexes = [
            models.Index(fields=["resolved_at", "at"], name="placements_open_needs"),
            models.Index(fields=["agency_code", "resolved_at", "-at"], name="placements_needs_of_agency"),
        ]
