"""Sealed items, the keys that open them, and search tokens. No relation leads in or out: people are opaque ids.

A person is erased by deleting the rows of ``PersonKey`` and ``LentKey``: keep these tables out of long-lived backups (a week
is enough to survive a broken disk), or a restored backup brings erased people back.
"""

from django.db import models
from django.db.models import F, Q

from enlace.base.classes import classify
from enlace.base.ids import new_id
from enlace.vault.rules import KINDS


class AgencyKey(models.Model):
    """A random key of one agency, wrapped by the master key.

    The use ``data`` wraps the keys of its people, ``index`` makes its search tokens. The agency "" is the nation, which
    has an index key only. A retired key is empty: what it wrapped stays closed.
    """

    DATA, INDEX = "data", "index"

    id = models.UUIDField(primary_key=True, default=new_id)
    agency_code = models.CharField(max_length=40, blank=True)
    use = models.CharField(max_length=5)
    version = models.PositiveIntegerField(default=1)
    wrapped = models.BinaryField()
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    data_classes = classify(S="id agency_code use version wrapped created_at retired_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency_code", "use", "version"], name="vault_one_key_per_version"),
            models.UniqueConstraint(
                fields=["agency_code", "use"], condition=Q(retired_at__isnull=True), name="vault_one_key_in_use"
            ),
            models.CheckConstraint(condition=Q(use__in=("data", "index")), name="vault_key_use_known"),
        ]


class PersonKey(models.Model):
    """The data key of one person, wrapped for one agency. It opens nothing for that agency until it is released.

    ``purpose_code``: for which consented purpose it waits; revoking that consent takes it back before it is released.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    person_id = models.UUIDField()
    agency_code = models.CharField(max_length=40)
    agency_key_version = models.PositiveIntegerField()
    wrapped = models.BinaryField()
    granted_by = models.CharField(max_length=40)
    granted_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    purpose_code = models.CharField(max_length=30, blank=True)
    is_protected = models.BooleanField(default=False)

    data_classes = classify(
        H="person_id",
        C="is_protected purpose_code",
        S="id agency_code agency_key_version wrapped granted_by granted_at released_at",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "agency_code"], name="vault_one_key_per_agency"),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(released_at__gte=F("granted_at")),
                name="vault_released_after_granted",
            ),
        ]
        indexes = [models.Index(fields=["agency_code", "agency_key_version"], name="vault_keys_by_version")]


class LentKey(models.Model):
    """The data key of one person, lent for one emergency access (``people.Emergency``) and taken away when that ends.

    It opens nothing by itself: the access decides until when, and whether where the person is opens too.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    emergency_id = models.UUIDField(unique=True)
    person_id = models.UUIDField()
    agency_code = models.CharField(max_length=40)
    agency_key_version = models.PositiveIntegerField()
    wrapped = models.BinaryField()
    lent_at = models.DateTimeField()

    data_classes = classify(H="person_id", S="id emergency_id agency_code agency_key_version wrapped lent_at")

    class Meta:
        indexes = [models.Index(fields=["person_id"], name="vault_lent_keys_of_person")]


class SealedItem(models.Model):
    """One field of an identity. A correction replaces the row and keeps the old one, under the same key."""

    id = models.UUIDField(primary_key=True, default=new_id)
    person_id = models.UUIDField()
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    ciphertext = models.BinaryField()
    key_version = models.PositiveIntegerField(default=1)
    written_by_agency = models.CharField(max_length=40)
    written_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    data_classes = classify(
        A="ciphertext name", H="person_id", S="id kind position key_version written_by_agency written_at replaced_at"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="vault_item_kind_known"),
            models.CheckConstraint(
                condition=Q(replaced_at__isnull=True) | Q(replaced_at__gte=F("written_at")),
                name="vault_replaced_after_written",
            ),
        ]
        indexes = [models.Index(fields=["person_id"], name="vault_items_of_person")]


class BlindToken(models.Model):
    """That a person of an agency has a field with this keyed token."""

    id = models.BigAutoField(primary_key=True)
    agency_code = models.CharField(max_length=40)
    field = models.CharField(max_length=10)
    token = models.BigIntegerField()
    person_id = models.UUIDField()

    data_classes = classify(A="token", H="person_id", S="id agency_code field")

    class Meta:
        constraints = [
            # Unique within the agency only: an error about another agency's row would tell that it exists.
            models.UniqueConstraint(fields=["agency_code", "field", "token", "person_id"], name="vault_one_token_each")
        ]
        indexes = [models.Index(fields=["person_id"], name="vault_tokens_of_person")]


class NationalToken(models.Model):
    """That an agency knows a person by this pair of strong identifiers. Agencies may add rows and never read them."""

    id = models.UUIDField(primary_key=True, default=new_id)
    token = models.CharField(max_length=32)
    kind = models.CharField(max_length=20)
    person_id = models.UUIDField()
    agency_code = models.CharField(max_length=40)

    data_classes = classify(A="token", H="person_id", S="id kind agency_code")

    class Meta:
        indexes = [
            models.Index(fields=["token"], name="vault_national_token"),
            models.Index(fields=["person_id"], name="vault_national_of_person"),
        ]


class SealedDraft(models.Model):
    """A form that was begun and not sent, sealed under a key of its own that the agency's key wraps."""

    id = models.UUIDField(primary_key=True, default=new_id)
    owner_id = models.CharField(max_length=60)
    agency_code = models.CharField(max_length=40)
    form = models.CharField(max_length=60)
    subject = models.CharField(max_length=64, blank=True)
    agency_key_version = models.PositiveIntegerField()
    wrapped = models.BinaryField()
    ciphertext = models.BinaryField()
    saved_at = models.DateTimeField()

    data_classes = classify(
        A="ciphertext", S="id owner_id agency_code form subject agency_key_version wrapped saved_at"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner_id", "agency_code", "form", "subject"], name="vault_one_draft_per_form"
            )
        ]


class RecordKey(models.Model):
    """The key of one sealed record (what a caller told, a report, its files), wrapped for one agency.

    Erasing a record deletes these rows: what was sealed under the key opens for nobody after that.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    record_id = models.UUIDField()
    agency_code = models.CharField(max_length=40)
    agency_key_version = models.PositiveIntegerField()
    wrapped = models.BinaryField()
    granted_at = models.DateTimeField()

    data_classes = classify(S="id record_id agency_code agency_key_version wrapped granted_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["record_id", "agency_code"], name="vault_one_record_key_per_agency")
        ]
        indexes = [models.Index(fields=["agency_code", "agency_key_version"], name="vault_record_keys_by_version")]


class RecordPart(models.Model):
    """One part of a sealed record: its content as JSON, and a file where there is one. Parts are added, never changed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    record_id = models.UUIDField()
    ciphertext = models.BinaryField()
    data = models.BinaryField(blank=True)
    size = models.PositiveIntegerField(default=0)  # of the file, in bytes
    written_by_agency = models.CharField(max_length=40, blank=True)
    written_at = models.DateTimeField()

    data_classes = classify(A="ciphertext data", S="id record_id size written_by_agency written_at")

    class Meta:
        indexes = [models.Index(fields=["record_id", "written_at"], name="vault_parts_of_record")]
