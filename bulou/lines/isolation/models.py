"""Tables of isolation: sites with checks, rooms, duties; stays and their nights; households. Projections."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models

_HERE = models.Q(left_at__isnull=True)


class Site(models.Model):
    """What a site is told to be beside what the register has."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    phone = models.TextField()

    class Meta:
        db_table = "isolation_site"
        indexes = (models.Index(fields=["district", "path"], name="isolation_site_path"),)

    class Privacy:
        open: ClassVar = {"id", "district"}
        operational: ClassVar = {"path", "phone"}
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"site {self.id}"


class Check(models.Model):
    """One readiness check of a site."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    site = models.UUIDField()
    at = models.DateTimeField()
    passed = models.BooleanField()
    lacking = ArrayField(models.TextField())
    valid_until = models.DateTimeField(null=True)
    author = models.UUIDField()

    class Meta:
        db_table = "isolation_check"
        indexes = (
            # the check that held at a moment
            models.Index(fields=["district", "site", "at"], name="isolation_check_site"),
        )

    class Privacy:
        open: ClassVar = {"id", "district", "site"}
        operational: ClassVar = {"path", "at", "passed", "lacking", "valid_until", "author"}
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.site} {self.at:%Y-%m-%d} {self.passed}"


class Duty(models.Model):
    """Who did what at a site, from a moment to a moment. The database lets no site have two heads at once."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    site = models.UUIDField()
    account = models.UUIDField()
    group = models.TextField()
    valid = DateTimeRangeField()

    class Meta:
        db_table = "isolation_duty"
        indexes = (models.Index(fields=["district", "site", "group"], name="isolation_duty_site"),)

    class Privacy:
        open: ClassVar = {"id", "district", "site", "group"}
        operational: ClassVar = {"path", "account", "valid"}
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.site} {self.group}"


class Room(models.Model):
    """A room as the site's list has it."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    site = models.UUIDField()
    number = models.TextField()
    floor = models.SmallIntegerField()
    zone = models.TextField()
    area = models.TextField()
    beds = models.SmallIntegerField()
    barrier_free = models.BooleanField()

    class Meta:
        db_table = "isolation_room"
        indexes = (models.Index(fields=["district", "site"], name="isolation_room_site"),)

    class Privacy:
        open: ClassVar = {
            "id", "district", "site", "number", "floor", "zone", "area", "beds", "barrier_free",
        }  # fmt: skip
        operational: ClassVar = {"path"}
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return self.number


class Turned(models.Model):
    """What was done with a room since it stands on the list."""

    room = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    disinfected_at = models.DateTimeField(null=True)
    clean_at = models.DateTimeField(null=True)
    out_of_use = models.BooleanField()
    reason = models.TextField()

    class Meta:
        db_table = "isolation_turned"

    class Privacy:
        open: ClassVar = {"room", "district"}
        operational: ClassVar = {"path", "disinfected_at", "clean_at", "out_of_use", "reason"}
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return str(self.room)


class Stay(models.Model):
    """One person's isolation, at a site or at home."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    person = models.UUIDField()
    site = models.UUIDField(null=True)
    home = models.UUIDField(null=True)
    watch = models.UUIDField()
    bus = models.TextField()
    party = models.TextField()
    needs = ArrayField(models.TextField())
    back_to = models.TextField(db_collation="C")
    regime = models.TextField()
    phase = models.TextField()
    counted_from = models.DateField()
    ground = models.TextField()
    due_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    release = models.TextField()
    serial = models.TextField()
    left_at = models.DateTimeField(null=True)
    going = models.TextField()
    record = models.UUIDField()

    class Meta:
        db_table = "isolation_stay"
        indexes = (
            # who is at a site, or to come
            models.Index(
                fields=["district", "site", "due_at", "id"], name="isolation_stay_site", condition=_HERE
            ),
            # who stays at home
            models.Index(fields=["district", "home"], name="isolation_stay_home"),
            # everybody who is in isolation below a path
            models.Index(fields=["district", "path"], name="isolation_stay_path", condition=_HERE),
            # the stays of a person
            models.Index(fields=["district", "person"], name="isolation_stay_person"),
        )  # fmt: skip

    class Privacy:
        open: ClassVar = {"id", "district"}
        operational: ClassVar = {
            "path", "site", "home", "watch", "bus", "party", "back_to", "due_at", "serial", "record",
        }  # fmt: skip
        personal: ClassVar = {"person", "arrived_at", "released_at", "left_at", "going", "release"}
        sensitive: ClassVar = {"needs", "regime", "phase", "counted_from", "ground"}

    def __str__(self) -> str:
        return f"stay {self.id}"


class Night(models.Model):
    """In which room a stay was, from a moment to a moment. Two in one room is shown, not refused."""

    pk = models.CompositePrimaryKey("district", "stay", "since")
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    stay = models.UUIDField()
    room = models.UUIDField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "isolation_night"
        indexes = (
            # who is in a room, and when the last one left it
            models.Index(fields=["district", "room", "until"], name="isolation_night_room"),
        )

    class Privacy:
        open: ClassVar = {"district"}
        operational: ClassVar = {"path", "stay", "room"}
        personal: ClassVar = {"since", "until"}
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.stay} in {self.room}"


class Home(models.Model):
    """The file of a household that stays at home."""

    dwelling = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    checked_at = models.DateTimeField()
    suitable = models.BooleanField()
    lacking = ArrayField(models.TextField())
    residents = models.IntegerField()
    author = models.UUIDField()

    class Meta:
        db_table = "isolation_home"
        indexes = (models.Index(fields=["district", "path"], name="isolation_home_path"),)

    class Privacy:
        open: ClassVar = {"district"}
        operational: ClassVar = {"path", "dwelling", "checked_at", "author"}
        personal: ClassVar = {"residents"}
        sensitive: ClassVar = {"suitable", "lacking"}

    def __str__(self) -> str:
        return f"household {self.dwelling}"
