from django.db import models

from enlace.base.classes import classify
from enlace.base.ids import new_id

RUNNING = ["draft", "active", "transition"]


def _ended(*, open_state: str = "open") -> models.Q:
    """Open without a last day, or ended with one."""
    return models.Q(status=open_state, ended_on__isnull=True) | models.Q(
        status__in=["done", "dropped"], ended_on__isnull=False
    )


class CarePlan(models.Model):
    """What one agency and the person of a case have agreed to reach together, in the person's own words.

    ``is_shared``: the person agreed that the other agencies on the case read it.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="plans")
    agency_code = models.CharField(max_length=40)
    status = models.CharField(max_length=10, default="draft")
    words = models.TextField(blank=True)
    agreement_code = models.CharField(max_length=10, blank=True)  # agreed | partly | disagreed
    agreed_on = models.DateField(null=True, blank=True)
    agreed_by_code = models.CharField(max_length=30, blank=True)
    is_shared = models.BooleanField(default=False)
    drawn_up_by = models.CharField(max_length=60)
    drawn_up_at = models.DateTimeField()
    review_due_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    data_classes = classify(
        H="id case agency_code status is_shared drawn_up_by drawn_up_at review_due_on ended_on",
        C="agreement_code agreed_on agreed_by_code",
        D="words",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "finished"])
                | (
                    models.Q(
                        status__in=["active", "transition"],
                        agreement_code__in=["agreed", "partly"],
                        agreed_on__isnull=False,
                        review_due_on__isnull=False,
                    )
                    & ~models.Q(agreed_by_code="")
                ),
                name="assistance_plan_agreed",
            ),
            models.CheckConstraint(
                condition=models.Q(status="finished", ended_on__isnull=False)
                | (models.Q(ended_on__isnull=True) & ~models.Q(status="finished")),
                name="assistance_plan_ended",
            ),
            models.UniqueConstraint(
                fields=["case", "agency_code"],
                condition=models.Q(status__in=RUNNING),
                name="assistance_one_plan_running",
            ),
        ]
        indexes = [models.Index(fields=["agency_code", "status", "review_due_on"], name="assistance_plans_to_review")]


class Goal(models.Model):
    """One thing the person wants to reach, in one area of support."""

    id = models.UUIDField(primary_key=True, default=new_id)
    plan = models.ForeignKey(CarePlan, on_delete=models.PROTECT, related_name="goals")
    area_code = models.CharField(max_length=30)
    objective = models.TextField()
    planned_end_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, default="open")
    ended_on = models.DateField(null=True, blank=True)
    added_at = models.DateTimeField()

    data_classes = classify(H="id plan planned_end_on status ended_on added_at", D="area_code objective")

    class Meta:
        constraints = [models.CheckConstraint(condition=_ended(), name="assistance_goal_ended")]


class GoalStep(models.Model):
    """One step towards a goal: what, who (an agency, or the person: an empty code) and by when."""

    id = models.UUIDField(primary_key=True, default=new_id)
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="steps")
    agency_code = models.CharField(max_length=40, blank=True)
    what = models.TextField()
    due_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, default="open")
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.CharField(max_length=60, blank=True)
    added_at = models.DateTimeField()

    data_classes = classify(H="id goal agency_code due_on status ended_on ended_by added_at", D="what")

    class Meta:
        constraints = [models.CheckConstraint(condition=_ended(), name="assistance_step_ended")]
        indexes = [models.Index(fields=["agency_code", "status", "due_on"], name="assistance_steps_due")]
