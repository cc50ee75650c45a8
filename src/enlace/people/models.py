from django.db import models

from enlace.base.classes import classify
from enlace.base.ids import new_id


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
    """One dated answer about one purpose and one recipient (or any): given, or refused; revocable."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    agency_code = models.CharField(max_length=40)
    purpose_code = models.CharField(max_length=30)
    recipient_code = models.CharField(max_length=40, blank=True)
    given_by_code = models.CharField(max_length=30)
    is_refusal = models.BooleanField(default=False)
    given_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    recorded_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()
    revoked_on = models.DateField(null=True, blank=True)
    revoked_by = models.CharField(max_length=60, blank=True)

    data_classes = classify(
        C="id person agency_code purpose_code recipient_code given_by_code is_refusal given_on expires_on recorded_by "
        "recorded_at revoked_on revoked_by"
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
        ]
        indexes = [models.Index(fields=["person", "purpose_code"], name="people_consent_of")]
