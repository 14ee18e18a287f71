"""Tables of people: that somebody is there; what is held under seal; who looked; what was destroyed."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Value

from bulou.kernel import ids

NOT_BLANK = {f"{name}__regex": r"\S" for name in ("trigger", "purpose", "basis", "reason")}


class Person(models.Model):
    """One person: enough to be visited and counted, and nothing more.

    `held_path` is where the person was entered, `path` where the registers say that they are now.
    """

    id = models.UUIDField(primary_key=True, default=ids.uuid7)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    area = models.TextField(db_collation="C")
    place_kind = models.TextField()  # terms.PlaceKind
    origin = models.TextField()
    found_at = models.DateTimeField()
    held_path = models.TextField(db_collation="C", default="")
    merged_into = models.UUIDField(null=True)
    # the door at which the register knows the person, in words of lists; empty where only the area is known
    door = models.UUIDField(null=True)
    building = models.TextField(default="", db_default="")
    label = models.TextField(default="", db_default="")
    sort = models.TextField(db_collation="C", default="", db_default="")
    needs = ArrayField(models.TextField(), default=list, db_default=Value([]))  # grid.terms.Need

    class Meta:
        db_table = "people_person"
        indexes = (
            models.Index(fields=("district", "path"), name="people_person_path"),  # queries.found
            # actions.reading: everything that was held about somebody under other ids
            models.Index(
                fields=("district", "merged_into"),
                name="people_person_merged",
                condition=models.Q(merged_into__isnull=False),
            ),
            # testing's queries: whoever is visited at home; a few of a hundred people
            models.Index(
                fields=("district", "path"), name="people_person_needs", condition=~models.Q(needs=[])
            ),
        )

    class Privacy:
        open = ("district", "path", "area", "origin", "held_path")
        operational = (
            "id", "place_kind", "found_at", "merged_into", "door", "building", "label", "sort",
        )  # fmt: skip
        personal = ("needs",)
        sensitive = ()

    def __str__(self) -> str:
        return f"{self.path} {self.place_kind}"


class DutyEnd(models.Model):
    """The last day of a duty of one person, told by the line that keeps it: the clocks start after it."""

    pk = models.CompositePrimaryKey("district", "person", "source")
    district = models.TextField(db_collation="C")
    person = models.UUIDField()
    source = models.TextField()
    until = models.DateField()

    class Meta:
        db_table = "people_duty_end"

    class Privacy:
        open: ClassVar = ("district", "source")
        operational: ClassVar = ("person", "until")
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.person} {self.source} {self.until}"


class Identity(models.Model):
    """What is held about one person for one class of keeping: sealed fields and the wrap of their key.

    Without `wrapped`, or without the key of its class and month, `sealed` can be read by nobody.
    """

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    person = models.UUIDField()
    keep = models.TextField()
    month = models.TextField()
    wrapped = models.BinaryField()
    sealed = models.JSONField()  # field -> nonce and ciphertext, base64
    digest = models.BinaryField()
    trigger = models.TextField()
    purpose = models.TextField()
    basis = models.TextField()
    reason = models.TextField()
    held_at = models.DateTimeField()
    held_by = models.UUIDField()
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "people_identity"
        constraints = (
            models.UniqueConstraint(fields=("district", "person", "keep"), name="people_identity_one"),
            models.CheckConstraint(condition=models.Q(**NOT_BLANK), name="people_identity_why"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("held_at")), name="people_identity_ends"
            ),
        )
        indexes = (
            models.Index(fields=("district", "expires_at"), name="people_identity_due"),  # actions.retention
        )

    class Privacy:
        open: ClassVar = ("id", "district", "keep", "month", "trigger", "purpose", "basis")
        operational: ClassVar = ("path", "person", "reason", "held_at", "held_by", "expires_at")
        personal: ClassVar = ("digest", "wrapped")
        sensitive: ClassVar = ("sealed",)

    def __str__(self) -> str:
        return f"{self.person} {self.keep}"


class Token(models.Model):
    """A keyed hash of a number, a phone or a word of a name: found by who knows the word, read by nobody."""

    pk = models.CompositePrimaryKey("district", "what", "token", "identity")
    district = models.TextField(db_collation="C")
    what = models.TextField(db_collation="C")
    token = models.BinaryField()
    identity = models.UUIDField()
    person = models.UUIDField()
    path = models.TextField(db_collation="C")

    class Meta:
        db_table = "people_token"
        indexes = (
            models.Index(fields=("district", "person"), name="people_token_person"),  # projections, retention
        )

    class Privacy:
        open: ClassVar = ("district", "what")
        operational: ClassVar = ("identity", "person", "path")
        personal: ClassVar = ("token",)
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.what} of {self.identity}"


class Read(models.Model):
    """One look at one person's identity. Appended, never changed: the person can see it."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    person = models.UUIDField()
    at = models.DateTimeField()
    account = models.UUIDField()
    role = models.TextField()
    unit = models.TextField()
    look = models.TextField()
    purpose = models.TextField()
    reason = models.TextField(blank=True)
    fields = ArrayField(models.TextField())

    class Meta:
        db_table = "people_read"
        constraints = (
            models.CheckConstraint(condition=models.Q(purpose__regex=r"\S"), name="people_read_purpose"),
        )
        indexes = (
            models.Index(fields=("district", "person", "at"), name="people_read_person"),  # queries.reads
            models.Index(
                fields=("district", "account", "at"), name="people_read_account"
            ),  # the hourly limit
        )

    class Privacy:
        open: ClassVar = ("id", "district", "role", "look", "purpose", "fields")
        operational: ClassVar = ("path", "person", "at", "account", "unit", "reason")
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.person} {self.look} {self.at}"


class Dispute(models.Model):
    """A fact that the person disputes: what they say, and what stood there before, both sealed."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    person = models.UUIDField()
    identity = models.UUIDField()
    field = models.TextField()
    said = models.TextField()
    before = models.TextField()
    state = models.TextField()
    reason = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        db_table = "people_dispute"
        indexes = (
            models.Index(fields=("district", "person"), name="people_dispute_person"),  # queries.identity
        )

    class Privacy:
        open: ClassVar = ("id", "district", "identity", "field", "state")
        operational: ClassVar = (
            "path", "person", "reason", "made_at", "made_by", "settled_at", "settled_by", "answer",
        )  # fmt: skip
        personal: ClassVar = ()
        sensitive: ClassVar = ("said", "before")

    def __str__(self) -> str:
        return f"{self.person} {self.field} {self.state}"


class Certificate(models.Model):
    """What one night's purge destroyed: counts, classes, and a hash over the ids. Never changed."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    made_at = models.DateTimeField()
    n = models.IntegerField()
    by_keep = models.JSONField()
    ids_hash = models.TextField()
    keys_destroyed = ArrayField(models.TextField())

    class Meta:
        db_table = "people_certificate"
        indexes = (
            models.Index(fields=("district", "made_at"), name="people_certificate_at"),  # queries.identity
        )

    class Privacy:
        open: ClassVar = ("id", "district", "made_at", "n", "by_keep", "ids_hash", "keys_destroyed")
        operational: ClassVar = ()
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.made_at} {self.n}"
