"""Tables of access: accounts, grants, one-time codes and devices. All are small and hold no resident."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from bulou.access.terms import Purpose, Role
from bulou.kernel import clock, ids


class Account(AbstractBaseUser):
    """A person or a service that may sign in. There is no superuser: only grants give power."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7)
    name = models.TextField(unique=True)
    display_name = models.TextField()
    team = models.TextField(default="")
    path = models.TextField(db_collation="C")  # the area that answers for the account
    language = models.TextField(default="zh-hans")
    text_size = models.TextField(default="normal")
    is_active = models.BooleanField(default=True)
    session_epoch = models.IntegerField(
        default=0
    )  # part of the session's hash: raising it ends every session
    created_at = models.DateTimeField(default=clock.now)

    objects = BaseUserManager()

    USERNAME_FIELD = "name"

    class Meta:
        # Lists of the accounts of an area ask by prefix of the path.
        indexes = (models.Index(fields=["path"], name="access_account_path"),)

    class Privacy:
        open = ("id", "path", "language", "text_size", "is_active", "session_epoch", "created_at", "team")
        operational = ("last_login",)
        personal = ("name", "display_name")
        sensitive = ("password",)

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        return salted_hmac(
            "bulou.access.session", f"{self.password}:{self.session_epoch}", secret=secret, algorithm="sha256"
        ).hexdigest()


class Grant(models.Model):
    """One role over one area for a time. A revoked grant keeps its row, with its end."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    role = models.TextField(choices=[(r.value, r.value) for r in Role])
    path = models.TextField(db_collation="C")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    granted_by = models.UUIDField()
    reason = models.TextField()
    by_glass = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(path=""), name="access_grant_path"),
            # A grant that was revoked before it began ends when it begins: it never held.
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="access_grant_period",
            ),
            models.CheckConstraint(condition=Q(role__in=[r.value for r in Role]), name="access_grant_role"),
        ]

    class Privacy:
        open = ("id", "role", "path", "valid_from", "valid_until", "by_glass")
        operational = ("account", "granted_by", "reason")

    def __str__(self) -> str:
        return f"{self.role} over {self.path}"


class Code(models.Model):
    """A one-time code, kept only as a keyed hash."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7)
    purpose = models.TextField(choices=[(p.value, p.value) for p in Purpose])
    code_hash = models.TextField(unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    created_by = models.UUIDField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(purpose=Purpose.FIRST_START.value, account=None)
                | (~Q(purpose=Purpose.FIRST_START.value) & Q(account__isnull=False)),
                name="access_code_account",
            ),
        ]

    class Privacy:
        open = ("id", "purpose", "expires_at", "used_at")
        operational = ("account", "created_by")
        sensitive = ("code_hash",)

    def __str__(self) -> str:
        return f"{self.purpose} until {self.expires_at}"


class Miss(models.Model):
    """How many wrong codes were tried in one stretch of time, over the whole installation."""

    begins_at = models.DateTimeField(primary_key=True)
    n = models.IntegerField(default=0)

    class Privacy:
        open = ("begins_at", "n")

    def __str__(self) -> str:
        return f"{self.n} since {self.begins_at}"


class Refusal(models.Model):
    """How many requests with a token that does not count were refused in one hour, over the installation."""

    pk = models.CompositePrimaryKey("begins_at", "why")
    begins_at = models.DateTimeField()
    why = models.TextField()
    n = models.IntegerField()

    class Privacy:
        open = ("begins_at", "why", "n")

    def __str__(self) -> str:
        return f"{self.n} {self.why} since {self.begins_at}"


class Device(models.Model):
    """A phone or a service that sends records for one account. Its token is kept only as a hash."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7)
    district = models.TextField()
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    name = models.TextField()
    token_hash = models.TextField(unique=True)
    enrolled_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    app_version = models.TextField(default="")
    unsent = models.IntegerField(null=True)  # records that wait on it, as it told when it was last seen
    # The field app: a secret of its own proves the phone while nobody is signed in on it; the share and the
    # PIN together open what lies on it. The PIN is known here only as the hash of a proof.
    secret_hash = models.TextField(default="")
    share = models.TextField(default="")
    proof_hash = models.TextField(default="")
    wrong_pins = models.IntegerField(default=0)

    class Meta:
        # Lists of the devices of a district.
        indexes = (models.Index(fields=["district", "account"], name="access_device_district"),)

    class Privacy:
        open = ("id", "district", "name", "enrolled_at", "revoked_at", "app_version", "unsent")
        operational = ("account", "last_seen_at", "wrong_pins")
        sensitive = ("token_hash", "secret_hash", "share", "proof_hash")

    def __str__(self) -> str:
        return self.name


class Proposal(models.Model):
    """A role that waits for a second person. A settled one keeps its row, with who decided."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    role = models.TextField(choices=[(r.value, r.value) for r in Role])
    path = models.TextField(db_collation="C")
    valid_until = models.DateTimeField(null=True)
    reason = models.TextField()
    proposed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        # The list of what waits, by area.
        indexes = (models.Index(fields=["path"], name="access_proposal_open", condition=Q(decided_at=None)),)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(grant=None) | (~Q(decided_by=F("proposed_by")) & ~Q(decided_by=F("account"))),
                name="access_proposal_two_people",
            ),
        ]

    class Privacy:
        open = ("id", "role", "path", "valid_until", "proposed_at", "decided_at")
        operational = ("account", "reason", "proposed_by", "decided_by", "grant")

    def __str__(self) -> str:
        return f"{self.role} over {self.path}, proposed"


class Glass(models.Model):
    """One time that somebody broke the glass: the grant that it made, and who looked at it afterwards."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7)
    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    reviewed_by = models.UUIDField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    in_order = models.BooleanField(null=True)
    note = models.TextField(default="")

    class Privacy:
        open = ("id", "begun_at", "reviewed_at", "in_order")
        operational = ("grant", "reviewed_by", "note")

    def __str__(self) -> str:
        return f"glass broken at {self.begun_at}"


class View(models.Model):
    """A page with its filters, kept under a name by one account."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    name = models.TextField()
    address = models.TextField()
    path = models.TextField(db_collation="C")
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        # The shared views of an area.
        indexes = (models.Index(fields=["path"], name="access_view_shared", condition=Q(shared=True)),)
        constraints = (models.UniqueConstraint(fields=["account", "name"], name="access_view_name"),)

    class Privacy:
        open = ("id", "path", "shared", "created_at")
        operational = ("account", "name", "address")

    def __str__(self) -> str:
        return self.name
