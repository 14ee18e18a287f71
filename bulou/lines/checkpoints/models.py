"""Tables of checkpoints: what records make (rebuilt at any time), passes, keys that are destroyed."""

from typing import ClassVar

from django.db import models

from bulou.lines.checkpoints.terms import Direction, Kind, Outcome, Patrol


class Passage(models.Model):
    """One passage. Plates, names and serials stand nowhere: only tags under the key of a day."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    kind = models.TextField(choices=[(k.value, k.value) for k in Kind])
    post = models.UUIDField()
    shift = models.UUIDField(null=True)
    at = models.DateTimeField()
    direction = models.TextField(choices=[(d.value, d.value) for d in Direction])
    vehicle = models.TextField()
    n_persons = models.IntegerField()
    origin = models.TextField()
    purpose = models.TextField()
    outcome = models.TextField(choices=[(o.value, o.value) for o in Outcome])
    was_held = models.BooleanField()
    temperature_c = models.FloatField(null=True)
    recheck_c = models.FloatField(null=True)
    seconds = models.IntegerField()
    plate_tag = models.TextField(db_collation="C")
    pass_tag = models.TextField(db_collation="C")
    key_on = models.DateField(null=True)
    to_path = models.TextField(db_collation="C")
    author = models.UUIDField()
    record = models.UUIDField()
    left_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "checkpoints_passage"
        indexes = (
            # projections: the hours of a post; queries: a day of a post
            models.Index(fields=("district", "post", "at"), name="checkpoints_passage_post"),
            # queries: open holds, oldest first
            models.Index(fields=("district", "outcome", "at"), name="checkpoints_passage_outcome"),
            # queries: counts of a shift
            models.Index(fields=("district", "shift"), name="checkpoints_passage_shift"),
            # queries.phone: when a pass was last used
            models.Index(fields=("district", "pass_tag"), name="checkpoints_passage_pass"),
        )

    class Privacy:
        open: ClassVar = ("id", "district", "kind", "direction", "vehicle", "n_persons", "outcome", "record")
        operational: ClassVar = (
            "path", "post", "shift", "at", "origin", "purpose", "was_held", "temperature_c", "recheck_c",
            "seconds", "plate_tag", "pass_tag", "key_on", "to_path", "author", "left_at",
            "accepted_at",
        )  # fmt: skip
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.path} {self.direction} {self.outcome}"


class Hour(models.Model):
    """What passed one post in one hour: this is what stays."""

    id = models.UUIDField(primary_key=True)  # made of post and hour, so that a rebuild gives the same row
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    post = models.UUIDField()
    hour = models.DateTimeField()
    n = models.IntegerField()
    n_in = models.IntegerField()
    n_out = models.IntegerField()
    n_persons = models.IntegerField()
    n_held = models.IntegerField()
    n_turned_back = models.IntegerField()
    n_handed_over = models.IntegerField()
    n_referred = models.IntegerField()
    n_emergency = models.IntegerField()

    class Meta:
        db_table = "checkpoints_hour"
        constraints = (
            models.UniqueConstraint(fields=("district", "post", "hour"), name="checkpoints_hour_once"),
        )
        indexes = (models.Index(fields=("district", "hour"), name="checkpoints_hour_at"),)  # queries: hours

    class Privacy:
        open: ClassVar = (
            "id", "district", "post", "hour", "n", "n_in", "n_out", "n_persons", "n_held", "n_turned_back",
            "n_handed_over", "n_referred", "n_emergency",
        )  # fmt: skip
        operational: ClassVar = ("path",)
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.post} {self.hour:%Y-%m-%d %H}"


class Handover(models.Model):
    """People sent on to a receiver: a row under the receiver's own area, so that the receiver sees it."""

    id = models.UUIDField(primary_key=True)  # the passage
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    from_path = models.TextField(db_collation="C")
    post = models.UUIDField()
    at = models.DateTimeField()
    n_persons = models.IntegerField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.UUIDField(null=True)

    class Meta:
        db_table = "checkpoints_handover"
        indexes = (
            # queries: what nobody has accepted, oldest first
            models.Index(fields=("district", "accepted_at", "at"), name="checkpoints_handover_open"),
        )

    class Privacy:
        open: ClassVar = ("id", "district", "n_persons")
        operational: ClassVar = ("path", "from_path", "post", "at", "accepted_at", "accepted_by")
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.from_path} to {self.path}"


class Shift(models.Model):
    """One shift at a post, with what its people counted."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    post = models.UUIDField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    opened_by = models.UUIDField()
    team = models.TextField()
    n_staff = models.IntegerField()
    told_passages = models.IntegerField(null=True)
    told_persons = models.IntegerField(null=True)
    record = models.UUIDField()

    class Meta:
        db_table = "checkpoints_shift"
        indexes = (
            models.Index(
                fields=("district", "opened_at"), name="checkpoints_shift_opened"
            ),  # queries: shifts
        )

    class Privacy:
        open: ClassVar = ("id", "district", "post", "n_staff", "told_passages", "told_persons", "record")
        operational: ClassVar = ("path", "opened_at", "closed_at", "opened_by", "team")
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.post} {self.opened_at}"


class Walk(models.Model):
    """One patrol through streets."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    at = models.DateTimeField()
    minutes = models.IntegerField()
    outcome = models.TextField(choices=[(p.value, p.value) for p in Patrol])
    n_told = models.IntegerField()
    author = models.UUIDField()
    team = models.TextField()
    record = models.UUIDField()

    class Meta:
        db_table = "checkpoints_walk"
        indexes = (models.Index(fields=("district", "at"), name="checkpoints_walk_at"),)  # queries: patrols

    class Privacy:
        open: ClassVar = ("id", "district", "minutes", "outcome", "n_told", "record")
        operational: ClassVar = ("path", "at", "author", "team")
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.path} {self.at:%Y-%m-%d %H:%M}"


class Pass(models.Model):
    """One household pass: of a door, not of a person. Changed by actions only, each told in the ledger."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    area = models.TextField(db_collation="C")
    dwelling = models.UUIDField()
    serial = models.TextField()
    number = models.SmallIntegerField()
    of = models.SmallIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField()
    exits = models.SmallIntegerField()
    days = models.SmallIntegerField()
    check_letters = models.TextField()
    code = models.TextField()
    issued_at = models.DateTimeField()
    issued_by = models.UUIDField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.UUIDField(null=True)
    reason = models.TextField()

    class Meta:
        db_table = "checkpoints_pass"
        constraints = (
            models.UniqueConstraint(fields=("district", "serial"), name="checkpoints_pass_serial"),
            models.CheckConstraint(
                condition=models.Q(valid_until__gte=models.F("valid_from")), name="checkpoints_pass_ends"
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | models.Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="checkpoints_pass_revoked_by_someone",
            ),
        )
        indexes = (
            # queries.passes: the list of an area in walking order; queries.phone: passes of a gate
            models.Index(fields=("district", "path", "id"), name="checkpoints_pass_list"),
            models.Index(fields=("district", "dwelling"), name="checkpoints_pass_dwelling"),
        )

    class Privacy:
        open: ClassVar = ("id", "district", "number", "of", "valid_from", "valid_until", "exits", "days")
        operational: ClassVar = (
            "path", "area", "dwelling", "serial", "check_letters", "code", "issued_at", "issued_by",
            "revoked_at", "revoked_by",
        )  # fmt: skip
        personal: ClassVar = ("reason",)
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return self.serial


class DayKey(models.Model):
    """The keys of one day: what they sealed can be read until the row is gone."""

    id = models.UUIDField(primary_key=True)  # made of district and day: two first phones make one key
    district = models.TextField(db_collation="C")
    on = models.DateField()
    private = models.BinaryField()
    tags = models.BinaryField()

    class Meta:
        db_table = "checkpoints_daykey"
        constraints = (models.UniqueConstraint(fields=("district", "on"), name="checkpoints_daykey_once"),)

    class Privacy:
        open: ClassVar = ("id", "district", "on")
        operational: ClassVar = ()
        personal: ClassVar = ()
        sensitive: ClassVar = ("private", "tags")

    def __str__(self) -> str:
        return f"{self.district} {self.on}"
