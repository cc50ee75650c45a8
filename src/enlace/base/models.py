"""The form that was sent once: what makes a double click or a replayed page harmless."""

from django.db import models

from enlace.base.classes import classify


class Submission(models.Model):
    """A form token that has been used, and where its sender was sent. Written in the transaction it protects."""

    token = models.UUIDField(primary_key=True)
    actor_id = models.CharField(max_length=60)
    url = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    data_classes = classify(S="token actor_id url at")
