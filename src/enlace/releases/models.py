from django.db import models
from django.db.models import F, Q

from enlace.base.classes import classify
from enlace.base.ids import new_id
from enlace.releases import rules


class Release(models.Model):
    """A year as it was closed: numbered, frozen, never edited. ``document`` is everything that is published, as plain values.

    ``supersedes`` is the number of the release of the same period that it was compared with, 0 for none.
    ``inputs_digest`` names the sealed inputs, ``facts_digest`` the facts in them.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.PositiveIntegerField(unique=True)
    period = models.CharField(max_length=10)
    supersedes = models.PositiveIntegerField(default=0)
    document = models.JSONField()
    facts_digest = models.CharField(max_length=64)
    inputs_digest = models.CharField(max_length=64)
    prepared_by = models.CharField(max_length=60)
    prepared_at = models.DateTimeField()

    data_classes = classify(
        H="id number period supersedes document facts_digest inputs_digest prepared_by prepared_at",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(supersedes__lt=F("number")), name="releases_supersedes_an_earlier")
        ]


class ReleaseFile(models.Model):
    """A file of a release, as it was written when it was prepared."""

    id = models.UUIDField(primary_key=True, default=new_id)
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()

    data_classes = classify(H="id release name sha256 content")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "name"], name="releases_file_once")]


class ReleaseInput(models.Model):
    """What the tables were made from: pseudonymous facts, sealed (AES-256-GCM). Read only to count again and to audit."""

    id = models.UUIDField(primary_key=True, default=new_id)
    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="inputs")
    sealed = models.BinaryField()

    data_classes = classify(C="sealed", H="id release")


class ReleaseDecision(models.Model):
    """The second person's word. With approval come the signature over the manifest and the key that checks it.

    ``prepared_by``, ``period`` and ``supersedes`` repeat the release's, so that the database sees that two people were at it
    and that each release is followed by one.
    """

    release = models.OneToOneField(Release, on_delete=models.PROTECT, primary_key=True, related_name="decision")
    period = models.CharField(max_length=10)
    supersedes = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10)
    reason = models.TextField(blank=True)
    prepared_by = models.CharField(max_length=60)
    decided_by = models.CharField(max_length=60)
    decided_at = models.DateTimeField()
    signature = models.BinaryField()
    public_key = models.TextField(blank=True)

    data_classes = classify(
        H="release period supersedes outcome reason prepared_by decided_by decided_at signature public_key"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=(rules.APPROVED, rules.REFUSED)), name="releases_decided_one_way"
            ),
            models.CheckConstraint(condition=~Q(decided_by=F("prepared_by")), name="releases_two_people"),
            models.CheckConstraint(
                condition=~Q(outcome=rules.REFUSED) | ~Q(reason=""), name="releases_refused_with_reason"
            ),
            models.CheckConstraint(
                condition=~Q(outcome=rules.APPROVED) | ~Q(public_key=""), name="releases_approved_with_key"
            ),
            models.UniqueConstraint(
                fields=["period", "supersedes"],
                condition=Q(outcome=rules.APPROVED),
                name="releases_one_after_another",
            ),
        ]
