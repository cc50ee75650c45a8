from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from enlace.base.classes import classify
from enlace.base.ids import new_id


class Agency(models.Model):
    """A public body or organisation whose people work here. Never removed: a closed one stays, inactive."""

    code = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=200)
    kind_code = models.CharField(max_length=40)
    state_code = models.CharField(max_length=10, blank=True)  # blank: national
    is_active = models.BooleanField(default=True)
    since = models.DateTimeField()

    data_classes = classify(H="code name kind_code state_code is_active since")


class Office(models.Model):
    """A place of work of an agency."""

    id = models.UUIDField(primary_key=True, default=new_id)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="offices")
    name = models.CharField(max_length=200)
    state_code = models.CharField(max_length=10, blank=True)

    data_classes = classify(H="id agency name state_code")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="accounts_office_named_once")]


class User(AbstractBaseUser):
    """A person with an account. No e-mail, no superuser, no group: what a person may do comes from the roles held."""

    id = models.UUIDField(primary_key=True, default=new_id)
    username = models.CharField(max_length=40, unique=True)
    display_name = models.CharField(max_length=120)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="users")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, blank=True, related_name="users")
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    since = models.DateTimeField()

    USERNAME_FIELD = "username"
    objects = BaseUserManager()

    data_classes = classify(S="id username display_name agency office language is_active since password last_login")

    class Meta:
        indexes = [models.Index(fields=["agency", "username"], name="accounts_user_of_agency")]

    def __str__(self) -> str:
        return self.username


class RoleGrant(models.Model):
    """That a person holds a role of the pack, since when, until when, and who said so."""

    id = models.UUIDField(primary_key=True, default=new_id)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role_code = models.CharField(max_length=8)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    granted_by = models.CharField(max_length=60)
    ended_by = models.CharField(max_length=60, blank=True)

    data_classes = classify(S="id user role_code since until granted_by ended_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role_code"], condition=Q(until__isnull=True), name="accounts_role_held_once"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True, ended_by="")
                | (Q(until__isnull=False, until__gte=F("since")) & ~Q(ended_by="")),
                name="accounts_role_ended_by_someone",
            ),
        ]


class Invitation(models.Model):
    """A code, used once, with which a new person sets the first password. Only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=new_id)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations")
    code_digest = models.CharField(max_length=64, unique=True)
    made_by = models.CharField(max_length=60)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    data_classes = classify(S="id user code_digest made_by made_at expires_at used_at")


class Recovery(models.Model):
    """A way back into an account, which needs two people besides its owner: one asks, another approves.

    Each of the two is shown half of the code; the owner needs both halves, so neither can take the account alone.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="recoveries")
    code_digest = models.CharField(max_length=64, unique=True)
    approval_digest = models.CharField(max_length=64, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    resets_factor = models.BooleanField(default=False)

    data_classes = classify(
        S="id user code_digest approval_digest asked_by asked_at approved_by approved_at expires_at used_at "
        "resets_factor"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("asked_by")), name="accounts_recovery_by_two"
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=F("user")) & (Q(approved_by__isnull=True) | ~Q(approved_by=F("user"))),
                name="accounts_recovery_by_others",
            ),
            models.CheckConstraint(
                condition=Q(
                    approved_by__isnull=True, approved_at__isnull=True, approval_digest="", used_at__isnull=True
                )
                | (Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(approval_digest="")),
                name="accounts_recovery_used_if_approved",
            ),
        ]


class SignIn(models.Model):
    """One session of one person, from sign-in to sign-out. The session itself carries only this id."""

    id = models.UUIDField(primary_key=True, default=new_id)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sign_ins")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=60, blank=True)

    data_classes = classify(S="id user started_at ended_at ended_by")

    class Meta:
        indexes = [models.Index(fields=["user", "-started_at"], name="accounts_sign_in_of")]
