from django.db import models

from enlace.base.classes import classify
from enlace.base.ids import new_id
from enlace.people.rules import CHILD_VIEWS, DISCLOSED, VERDICTS


class Person(models.Model):
    """One human being, by code. Nothing here names or locates anyone."""

    id = models.UUIDField(primary_key=True, default=new_id)
    code = models.CharField(max_length=16, unique=True)
    sex_code = models.CharField(max_length=20)
    gender_code = models.CharField(max_length=30, blank=True)
    birth_year = models.SmallIntegerField(null=True, blank=True)
    age_group_code = models.CharField(max_length=20, blank=True)
    citizenship_codes = models.JSONField(default=list)
    language_code = models.CharField(max_length=20, blank=True)
    second_language_code = models.CharField(max_length=20, blank=True)
    needs_interpreter = models.BooleanField(default=False)
    marital_status_code = models.CharField(max_length=30, blank=True)
    education_code = models.CharField(max_length=40, blank=True)
    migration_status_code = models.CharField(max_length=30, blank=True)
    origin_state_code = models.CharField(max_length=10, blank=True)
    children_count = models.SmallIntegerField(null=True, blank=True)
    is_protected = models.BooleanField(default=False)
    is_deceased = models.BooleanField(default=False)
    registered_by = models.CharField(max_length=40)
    registered_at = models.DateTimeField()
    source_ref = models.CharField(max_length=80, blank=True)

    data_classes = classify(
        H="id code registered_by registered_at source_ref",
        C="sex_code gender_code birth_year age_group_code citizenship_codes language_code second_language_code "
        "needs_interpreter marital_status_code education_code migration_status_code origin_state_code children_count "
        "is_protected is_deceased",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registered_by", "source_ref"],
                condition=~models.Q(source_ref=""),
                name="people_one_per_source_ref",
            ),
            models.CheckConstraint(
                condition=models.Q(birth_year__isnull=True) | models.Q(birth_year__range=(1900, 2100)),
                name="people_birth_year_plausible",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PersonAgency(models.Model):
    """That an agency knows a person, since when and why: the ground of everything it may see."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="known_to")
    agency_code = models.CharField(max_length=40)
    since = models.DateTimeField()
    reason = models.CharField(max_length=20)  # registered | referred

    data_classes = classify(H="id person agency_code since reason")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency_code", "person"], name="people_known_once")]


class ConsentGrant(models.Model):
    """One dated answer about one purpose and one recipient (or any): given, or refused; revocable.

    ``is_signed`` says that the name of who signed is sealed in the vault, as the record of this id.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    agency_code = models.CharField(max_length=40)
    purpose_code = models.CharField(max_length=30)
    recipient_code = models.CharField(max_length=40, blank=True)
    given_by_code = models.CharField(max_length=30)
    relation_code = models.CharField(max_length=30, blank=True)
    child_view_code = models.CharField(max_length=20, blank=True)
    is_signed = models.BooleanField(default=False)
    is_refusal = models.BooleanField(default=False)
    given_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    recorded_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()
    revoked_on = models.DateField(null=True, blank=True)
    revoked_by = models.CharField(max_length=60, blank=True)

    data_classes = classify(
        C="id person agency_code purpose_code recipient_code given_by_code relation_code child_view_code is_signed "
        "is_refusal given_on expires_on recorded_by recorded_at revoked_on revoked_by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_on__isnull=True) | models.Q(expires_on__gte=models.F("given_on")),
                name="people_consent_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_on__isnull=True, revoked_by="")
                | (models.Q(revoked_on__isnull=False, revoked_on__gte=models.F("given_on")) & ~models.Q(revoked_by="")),
                name="people_revoked_by_someone",
            ),
            models.CheckConstraint(
                condition=models.Q(child_view_code__in=["", *CHILD_VIEWS]), name="people_child_view_known"
            ),
        ]
        indexes = [models.Index(fields=["person", "purpose_code"], name="people_consent_of")]


class LegalGround(models.Model):
    """A decision under the law that something may be disclosed without consent: who decided, by which article, when."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="grounds")
    agency_code = models.CharField(max_length=40)
    purpose_code = models.CharField(max_length=30)
    recipient_code = models.CharField(max_length=40, blank=True)
    ground_code = models.CharField(max_length=30)
    article = models.CharField(max_length=120)
    decided_by = models.CharField(max_length=120)  # the office, never a person's name
    decided_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    recorded_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.CharField(max_length=60, blank=True)

    data_classes = classify(
        C="id person agency_code purpose_code recipient_code ground_code article decided_by decided_on expires_on "
        "recorded_by recorded_at ended_on ended_by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(article="") & ~models.Q(decided_by="") & ~models.Q(ground_code=""),
                name="people_ground_was_decided",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_on__isnull=True) | models.Q(expires_on__gte=models.F("decided_on")),
                name="people_ground_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True, ended_by="")
                | (models.Q(ended_on__isnull=False, ended_on__gte=models.F("decided_on")) & ~models.Q(ended_by="")),
                name="people_ground_ended_by_someone",
            ),
        ]
        indexes = [models.Index(fields=["person", "purpose_code"], name="people_ground_of")]


class Disclosure(models.Model):
    """That something about a person left: what kind, which fields by name, to whom, when, on what basis. Never changed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="disclosures")
    agency_code = models.CharField(max_length=40)
    recipient_code = models.CharField(max_length=40, blank=True)
    recipient_name = models.CharField(max_length=160, blank=True)  # a partner outside: the organisation
    kind = models.CharField(max_length=20)
    fields = models.JSONField(default=list)
    purpose_code = models.CharField(max_length=30, blank=True)
    consent = models.ForeignKey(
        ConsentGrant, on_delete=models.PROTECT, related_name="disclosures", null=True, blank=True
    )
    ground = models.ForeignKey(LegalGround, on_delete=models.PROTECT, related_name="disclosures", null=True, blank=True)
    ground_code = models.CharField(max_length=30, blank=True)
    source = models.CharField(max_length=20, blank=True)
    source_id = models.UUIDField(null=True, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=60)

    data_classes = classify(
        C="id person agency_code recipient_code recipient_name kind fields purpose_code consent ground ground_code source "
        "source_id at by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(consent__isnull=False) | ~models.Q(ground_code=""),
                name="people_disclosed_on_a_basis",
            ),
            models.CheckConstraint(
                condition=~models.Q(recipient_code="", recipient_name="")
                & ~models.Q(recipient_code=models.F("agency_code")),
                name="people_disclosed_to_somebody_else",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=DISCLOSED), name="people_disclosed_kind_known"),
        ]
        indexes = [models.Index(fields=["person", "-at"], name="people_disclosed_of")]


class Emergency(models.Model):
    """Access of one account, for hours, to a person whom its agency does not know: why, who else agreed, how it was judged.

    ``approved_*`` is the second person, without whom nothing of where the person is opens. Ended it stays on record.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="emergencies")
    agency_code = models.CharField(max_length=40)
    opened_by = models.CharField(max_length=60)
    role_code = models.CharField(max_length=8, blank=True)
    reason_code = models.CharField(max_length=30)
    words = models.TextField()
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=60, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=60, blank=True)
    answered_agency = models.CharField(max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    is_approved = models.BooleanField(default=False)
    verdict = models.CharField(max_length=10, blank=True)
    reviewed_by = models.CharField(max_length=60, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_words = models.TextField(blank=True)

    data_classes = classify(
        C="id person agency_code opened_by role_code reason_code words opened_at ends_at ended_at ended_by asked_at "
        "answered_by answered_agency answered_at is_approved verdict reviewed_by reviewed_at review_words"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(opened_by="") & ~models.Q(reason_code="") & ~models.Q(words=""),
                name="people_emergency_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("opened_at")), name="people_emergency_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_by="")
                | (models.Q(ended_at__isnull=False, ended_at__gte=models.F("opened_at")) & ~models.Q(ended_by="")),
                name="people_emergency_ended_by_someone",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, answered_by="", is_approved=False)
                | (
                    models.Q(asked_at__isnull=False, answered_at__gte=models.F("asked_at"))
                    & ~models.Q(answered_by="")
                    & ~models.Q(answered_by=models.F("opened_by"))
                ),
                name="people_emergency_by_two",
            ),
            models.CheckConstraint(
                condition=models.Q(verdict="", reviewed_by="", reviewed_at__isnull=True)
                | (
                    models.Q(verdict__in=VERDICTS, reviewed_at__isnull=False)
                    & ~models.Q(reviewed_by="")
                    & ~models.Q(reviewed_by=models.F("opened_by"))
                    & ~models.Q(reviewed_by=models.F("answered_by"))
                ),
                name="people_emergency_reviewed_by_another",
            ),
            models.UniqueConstraint(
                fields=["person", "opened_by"],
                condition=models.Q(ended_at__isnull=True),
                name="people_one_emergency_at_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["ends_at"], condition=models.Q(ended_at__isnull=True), name="people_emergencies_to_end"
            ),
            models.Index(fields=["agency_code", "opened_by", "-opened_at"], name="people_emergencies_by"),
            models.Index(fields=["verdict", "opened_at"], name="people_emergencies_to_review"),
        ]
