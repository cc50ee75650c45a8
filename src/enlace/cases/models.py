from django.db import models

from enlace.base.classes import classify
from enlace.base.ids import new_id


class Case(models.Model):
    """One person's path through the agencies, from the first contact to closure."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=16, unique=True)
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="cases")
    status = models.CharField(max_length=10, default="open")
    identification = models.CharField(max_length=20, default="presumed")
    presumed_at = models.DateTimeField()
    origin_code = models.CharField(max_length=30)
    opened_by = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    lead_agency_code = models.CharField(max_length=40)
    state_code = models.CharField(max_length=10, blank=True)
    country_code = models.CharField(max_length=2, blank=True)
    relationship_code = models.CharField(max_length=30, blank=True)
    age_when_trafficked = models.SmallIntegerField(null=True, blank=True)
    standard = models.JSONField(default=dict)
    closed_at = models.DateTimeField(null=True, blank=True)
    closure_reason_code = models.CharField(max_length=30, blank=True)
    source_ref = models.CharField(max_length=80, blank=True)

    data_classes = classify(
        H="id code person status identification presumed_at origin_code opened_by opened_at lead_agency_code state_code "
        "country_code closed_at closure_reason_code source_ref",
        C="relationship_code age_when_trafficked standard",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="open", closed_at__isnull=True, closure_reason_code="")
                | (models.Q(status="closed", closed_at__isnull=False) & ~models.Q(closure_reason_code="")),
                name="cases_closed_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True) | models.Q(closed_at__gte=models.F("opened_at")),
                name="cases_end_after_start",
            ),
            models.UniqueConstraint(
                fields=["opened_by", "source_ref"],
                condition=~models.Q(source_ref=""),
                name="cases_one_per_source_ref",
            ),
        ]
        indexes = [
            models.Index(fields=["lead_agency_code", "status", "identification", "presumed_at"], name="cases_undecided")
        ]

    def __str__(self) -> str:
        return self.code


class CaseAgency(models.Model):
    """That an agency works on a case. What it may see follows from this row.

    ``status``, ``identification`` and ``state_code`` repeat the case's own, so that a list narrowed by one of them is
    read from an index: it costs the same however many cases the agency has, and however few of them fit.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="agencies")
    agency_code = models.CharField(max_length=40)
    joined_at = models.DateTimeField()
    part = models.CharField(max_length=10)  # lead | partner
    status = models.CharField(max_length=10, default="open")
    identification = models.CharField(max_length=20, default="presumed")
    state_code = models.CharField(max_length=10, blank=True)

    data_classes = classify(H="id case agency_code joined_at part status identification state_code")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "agency_code"], name="cases_agency_once")]
        indexes = [
            models.Index(fields=["agency_code", "-joined_at", "-id"], name="cases_of_agency"),
            models.Index(fields=["agency_code", "status", "-joined_at", "-id"], name="cases_by_status"),
            models.Index(fields=["agency_code", "identification", "-joined_at", "-id"], name="cases_by_identification"),
            models.Index(fields=["agency_code", "state_code", "-joined_at", "-id"], name="cases_by_state"),
            models.Index(fields=["agency_code", "part", "-joined_at", "-id"], name="cases_by_part"),
        ]


class CaseCode(models.Model):
    """One value of a list with several answers: forms of exploitation, means, recruitment, vulnerability ...

    ``standard`` keeps the exchange standard's own code where the national list cannot hold it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="codes")
    list_name = models.CharField(max_length=30)
    code = models.CharField(max_length=60)
    position = models.SmallIntegerField(default=0)
    standard = models.CharField(max_length=60, blank=True)

    data_classes = classify(C="id case list_name code position standard")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "list_name", "code", "standard"], name="cases_code_once")
        ]


class Episode(models.Model):
    """Where and when recruitment, transit or exploitation took place, as coarse as it is known."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="episodes")
    kind_code = models.CharField(max_length=20)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    country_code = models.CharField(max_length=2, blank=True)
    state_code = models.CharField(max_length=10, blank=True)
    place = models.CharField(max_length=200, blank=True)

    data_classes = classify(C="id case kind_code started_on ended_on country_code state_code place")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(started_on__isnull=True)
                | models.Q(ended_on__isnull=True)
                | models.Q(ended_on__gte=models.F("started_on")),
                name="cases_episode_end_after_start",
            )
        ]


class Decision(models.Model):
    """One decision about identification: which, by whom, when and on what ground. Never changed afterwards."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="decisions")
    verb = models.CharField(max_length=20)
    outcome = models.CharField(max_length=20)
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=60)
    agency_code = models.CharField(max_length=40)
    agency_kind_code = models.CharField(max_length=30, blank=True)
    body_code = models.CharField(max_length=60, blank=True)
    ground_code = models.CharField(max_length=40)
    reason = models.TextField(blank=True)
    form_code = models.CharField(max_length=40, blank=True)
    state_code = models.CharField(max_length=10, blank=True)

    data_classes = classify(
        H="id case verb outcome decided_at decided_by agency_code agency_kind_code body_code form_code state_code",
        C="ground_code reason",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(decided_by="") & ~models.Q(ground_code=""), name="cases_decision_has_decider"
            )
        ]
        indexes = [models.Index(fields=["outcome", "decided_at"], name="cases_decisions_by_date")]


class Note(models.Model):
    """What a worker wrote: kept to the agency unless shared with all who work the case."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    agency_code = models.CharField(max_length=40)
    written_by = models.CharField(max_length=60)
    written_at = models.DateTimeField()
    text = models.TextField()
    is_shared = models.BooleanField(default=False)

    data_classes = classify(H="id case agency_code written_by written_at is_shared", D="text")


class Turn(models.Model):
    """Closing and reopening, for the timeline."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="turns")
    verb = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)
    agency_code = models.CharField(max_length=40)
    reason_code = models.CharField(max_length=30, blank=True)

    data_classes = classify(H="id case verb at by agency_code reason_code")
