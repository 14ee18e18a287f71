"""Tables of watches: the rule of each watch in one row, and the slots somebody spoke about: a projection.

Beside them the papers that were handed out.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

_OPEN = models.Q(is_open=True)


class Watch(models.Model):
    """One watch: from these few numbers every slot that is due can be computed."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    person = models.UUIDField()
    protocol = models.TextField()
    regime = models.TextField()
    phase = models.TextField()
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    until = models.DateTimeField()
    main = models.TextField()
    beats = ArrayField(models.SmallIntegerField())
    beat_tracks = ArrayField(models.TextField())
    beat_waits = ArrayField(models.SmallIntegerField())
    moments = ArrayField(models.DateTimeField())
    moment_tracks = ArrayField(models.TextField())
    moment_waits = ArrayField(models.SmallIntegerField())
    worker = models.UUIDField(null=True)
    team = models.TextField()
    is_open = models.BooleanField()
    outcome = models.TextField()
    seen_at = models.DateTimeField()
    last_due = models.DateTimeField()
    record = models.UUIDField()

    class Meta:
        db_table = "watches_watch"
        indexes = (
            # the list of a worker by name
            models.Index(fields=["district", "worker"], name="watches_watch_worker", condition=_OPEN),
            # the list of whoever answers for a place
            models.Index(fields=["district", "path"], name="watches_watch_path", condition=_OPEN),
            # missed: longest without a closed slot first
            models.Index(fields=["district", "last_due", "id"], name="watches_watch_missed", condition=_OPEN),
            # lost: longest unseen first
            models.Index(fields=["district", "seen_at", "id"], name="watches_watch_lost", condition=_OPEN),
            # days over, to be released
            models.Index(fields=["district", "ends_at", "id"], name="watches_watch_over", condition=_OPEN),
            # the watches of a person
            models.Index(fields=["district", "person"], name="watches_watch_person"),
        )

    class Privacy:
        open: ClassVar = {"id", "district", "protocol", "is_open"}
        operational: ClassVar = {
            "path", "started_at", "ends_at", "until", "main", "beats", "beat_tracks", "beat_waits",
            "moments", "moment_tracks", "moment_waits", "worker", "team", "last_due", "record",
        }  # fmt: skip
        personal: ClassVar = {"person", "seen_at"}
        sensitive: ClassVar = {"regime", "phase", "outcome"}

    def __str__(self) -> str:
        return f"{self.protocol} {self.path}"


class Slot(models.Model):
    """A slot about which somebody said something; a slot that only came and went has no row."""

    pk = models.CompositePrimaryKey("district", "watch", "track", "due_at")
    district = models.TextField(db_collation="C")
    watch = models.UUIDField()
    track = models.TextField()
    due_at = models.DateTimeField()
    state = models.SmallIntegerField()
    outcome = models.TextField()
    alert = models.BooleanField()
    at = models.DateTimeField()
    on_time = models.BooleanField()
    record = models.UUIDField()
    author = models.UUIDField()

    class Meta:
        db_table = "watches_slot"
        indexes = (
            # reports of people about themselves that wait for a worker (3 = SlotState.REPORTED)
            models.Index(
                fields=["district", "watch"], name="watches_slot_reported", condition=models.Q(state=3)
            ),
        )

    class Privacy:
        open: ClassVar = {"district"}
        operational: ClassVar = {"watch", "track", "due_at", "on_time", "record", "author"}
        personal: ClassVar = {"at"}
        sensitive: ClassVar = {"state", "outcome", "alert"}

    def __str__(self) -> str:
        return f"{self.track} {self.due_at:%Y-%m-%d %H:%M}"


class Card(models.Model):
    """The paper of a watched person: what is kept of the code that opens the own page. The newest counts."""

    watch = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    person = models.UUIDField()
    code_hash = models.BinaryField()
    issued_at = models.DateTimeField()
    issued_by = models.UUIDField()

    class Meta:
        db_table = "watches_card"
        constraints = (
            models.UniqueConstraint(fields=("district", "code_hash"), name="watches_card_code_once"),
        )

    class Privacy:
        open: ClassVar = {"district"}
        operational: ClassVar = {"watch", "path", "issued_at", "issued_by"}
        personal: ClassVar = {"person", "code_hash"}
        sensitive: ClassVar[set[str]] = set()

    def __str__(self) -> str:
        return f"{self.watch} {self.issued_at:%Y-%m-%d}"
