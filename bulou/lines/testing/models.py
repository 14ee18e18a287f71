"""Tables of testing: projections of records. Who was in a tube is an id; names are in the vault."""

from typing import ClassVar

from django.db import models


class Sample(models.Model):
    """One sample in force: the person, the tube, the moment."""

    id = models.UUIDField(primary_key=True)  # the record
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    area = models.TextField(db_collation="C")
    operation = models.UUIDField()
    person = models.UUIDField()
    tube = models.UUIDField()
    barcode = models.TextField(db_collation="C")
    outcome = models.TextField()
    of_tube = models.UUIDField(null=True)
    position = models.IntegerField(null=True)
    size = models.IntegerField()
    rule = models.TextField()
    household = models.TextField()
    site = models.TextField()
    place = models.TextField()
    at = models.DateTimeField()
    author = models.UUIDField()
    counts = models.BooleanField()
    replaced = models.BooleanField()

    class Meta:
        db_table = "testing_sample"
        constraints = (
            # no person in two open tubes: one sample of a round is the last of its chain
            models.UniqueConstraint(
                fields=("district", "operation", "person"),
                condition=models.Q(counts=True, replaced=False),
                name="testing_sample_one_open",
            ),
        )
        indexes = (
            # projections: what a person's records made; queries: where somebody was sampled
            models.Index(fields=("district", "operation", "person"), name="testing_sample_person"),
            # queries: everybody in a tube
            models.Index(fields=("district", "tube", "position"), name="testing_sample_tube"),
        )

    class Privacy:
        open: ClassVar = ("id", "district", "operation", "outcome", "size", "rule", "counts", "replaced")
        operational: ClassVar = (
            "path", "area", "person", "tube", "barcode", "of_tube", "position", "household", "site", "place",
            "at", "author",
        )  # fmt: skip
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.barcode} {self.position}"


class Event(models.Model):
    """One thing that happened to one tube; a courier's list of tubes is one row for each."""

    id = models.UUIDField(primary_key=True)  # made of record and tube, so that a rebuild gives the same row
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    operation = models.UUIDField()
    tube = models.UUIDField()
    barcode = models.TextField(db_collation="C")
    record = models.UUIDField()
    subject = models.UUIDField()  # the tube itself, or the bag of the courier
    kind = models.TextField()
    outcome = models.TextField()
    n = models.IntegerField(null=True)
    who = models.TextField()
    reason = models.TextField()
    at = models.DateTimeField()
    author = models.UUIDField()

    class Meta:
        db_table = "testing_event"
        indexes = (
            models.Index(fields=("district", "tube", "at"), name="testing_event_tube"),  # a tube's timeline
            models.Index(fields=("district", "subject"), name="testing_event_subject"),  # projections
        )

    class Privacy:
        open: ClassVar = ("id", "district", "operation", "record", "kind", "outcome", "n")
        operational: ClassVar = ("path", "tube", "barcode", "subject", "who", "reason", "at", "author")
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.barcode} {self.kind}"


class Tube(models.Model):
    """One tube as its samples and events make it."""

    id = models.UUIDField(primary_key=True)  # made of round and barcode
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    operation = models.UUIDField()
    barcode = models.TextField(db_collation="C")
    site = models.TextField()
    place = models.TextField()
    size = models.IntegerField()
    rule = models.TextField()
    household = models.TextField()
    n = models.IntegerField()
    first_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True)
    n_sealed = models.IntegerField(null=True)
    taken_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    resulted_at = models.DateTimeField(null=True)
    result = models.TextField()
    reason = models.TextField()
    stage = models.TextField()

    class Meta:
        db_table = "testing_tube"
        indexes = (
            # queries: tubes of a round by stage, the longest waiting first; the account by site and hour
            models.Index(
                fields=("district", "operation", "stage", "first_at", "id"), name="testing_tube_list"
            ),
            # queries: a laboratory's file names a tube by its barcode alone
            models.Index(fields=("district", "barcode"), name="testing_tube_barcode"),
        )

    class Privacy:
        open: ClassVar = (
            "id", "district", "operation", "size", "rule", "n", "n_sealed", "result", "stage",
        )  # fmt: skip
        operational: ClassVar = (
            "path", "barcode", "site", "place", "household", "first_at", "sealed_at", "taken_at",
            "received_at", "resulted_at", "reason",
        )  # fmt: skip
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.barcode} {self.stage}"


class Counter(models.Model):
    """How many samples, tubes and people in tubes there are by place, site and hour: this is what stays."""

    pk = models.CompositePrimaryKey("district", "operation", "path", "site", "hour", "what")
    district = models.TextField(db_collation="C")
    operation = models.UUIDField()
    path = models.TextField(db_collation="C")
    site = models.TextField()
    hour = models.DateTimeField()
    what = models.TextField(db_collation="C")
    n = models.IntegerField()

    class Meta:
        db_table = "testing_counter"

    class Privacy:
        open: ClassVar = ("district", "operation", "path", "site", "hour", "what", "n")
        operational: ClassVar = ()
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.path} {self.hour} {self.what}"


class Plan(models.Model):
    """One version of a plan of a testing day: what was wished, what was worked out, on which count."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    series = models.UUIDField()
    version = models.IntegerField()
    title = models.TextField()
    source = models.TextField()
    operation = models.UUIDField(null=True)  # the round whose frame was counted
    wishes = models.JSONField()
    zones = models.JSONField()  # area -> zone; "" for all others
    plan = models.JSONField()
    buildings = models.JSONField()
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "testing_plan"
        constraints = (
            # Also the index of queries.plans.listed and versions.
            models.UniqueConstraint(fields=("district", "series", "version"), name="testing_plan_version"),
            models.CheckConstraint(
                condition=models.Q(published_at=None, published_by=None)
                | models.Q(published_at__isnull=False, published_by__isnull=False),
                name="testing_plan_published_by_somebody",
            ),
        )

    class Privacy:
        open: ClassVar = ("id", "district", "series", "version", "source", "operation", "published_at")
        operational: ClassVar = (
            "path", "title", "wishes", "zones", "plan", "buildings", "made_by", "made_at", "published_by",
        )  # fmt: skip
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.path} {self.version}"


class PlanOfRound(models.Model):
    """By which plan a round is sampled: a series, because a newer version may be published in the night."""

    pk = models.CompositePrimaryKey("district", "operation")
    district = models.TextField(db_collation="C")
    operation = models.UUIDField()
    path = models.TextField(db_collation="C")
    series = models.UUIDField()
    chosen_by = models.UUIDField()
    chosen_at = models.DateTimeField()

    class Meta:
        db_table = "testing_plan_round"

    class Privacy:
        open: ClassVar = ("district", "operation", "series", "chosen_at")
        operational: ClassVar = ("path", "chosen_by")
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.operation} {self.series}"


class Publication(models.Model):
    """What the public may read of one round: counts, frozen as an officer published them."""

    pk = models.CompositePrimaryKey("district", "operation")
    district = models.TextField(db_collation="C")
    operation = models.UUIDField()
    path = models.TextField(db_collation="C")
    content = models.JSONField()
    published_by = models.UUIDField()
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "testing_publication"

    class Privacy:
        open: ClassVar = ("district", "operation", "path", "content", "published_at", "withdrawn_at")
        operational: ClassVar = ("published_by",)
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.path} {self.published_at}"
