"""Tables of the territory: areas in versions, their codes and head counts, doors, sites, imports."""

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import CheckConstraint, Index, Q, UniqueConstraint

from bulou.kernel import ids


def path_field() -> "models.TextField[str, str]":
    """A column for labels joined by dots; byte order, so that a prefix is a range of the index."""
    return models.TextField(db_collation="C")


class Area(models.Model):
    """One row per version of an area; `area` is the same through all its versions."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7)
    district = models.TextField(db_collation="C")
    area = models.UUIDField()
    parent = models.UUIDField(null=True)
    level = models.TextField()  # terms.Level
    path = path_field()
    name = models.TextField()
    short_name = models.TextField()
    pinyin = models.TextField(db_collation="C", default="")
    kind = models.TextField()
    valid = DateRangeField()
    flags = ArrayField(models.TextField(), default=list)
    reason = models.TextField(default="")
    source = models.UUIDField(null=True)

    class Meta:
        db_table = "grid_area"
        indexes = (
            Index(fields=("district", "path"), name="grid_area_path"),  # queries: children, tree, counts
            Index(fields=("district", "parent"), name="grid_area_parent"),  # queries: roll-ups by parent
            Index(fields=("district", "source"), name="grid_area_source"),  # actions.imports: undo
        )

    class Privacy:
        open = ("id", "district", "area", "parent", "level", "path", "name", "short_name", "pinyin", "kind",
                "valid", "flags", "source")  # fmt: skip
        operational = ("reason",)
        personal = ()
        sensitive = ()

    def __str__(self) -> str:
        return f"{self.path} {self.name}"


class Code(models.Model):
    """One name of an area in one numbering, for a time: the same code may mean another street next year."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7)
    district = models.TextField(db_collation="C")
    area = models.UUIDField()
    scheme = models.TextField()
    code = models.TextField(db_collation="C")
    valid = DateRangeField()
    source = models.UUIDField(null=True)

    class Meta:
        db_table = "grid_code"
        indexes = (
            Index(fields=("district", "area"), name="grid_code_area"),  # queries: codes of an area
            Index(fields=("district", "source"), name="grid_code_source"),  # actions.imports: undo
        )

    class Privacy:
        open = ("id", "district", "area", "scheme", "code", "valid", "source")
        operational = ()
        personal = ()
        sensitive = ()

    def __str__(self) -> str:
        return f"{self.scheme}:{self.code}"


class Population(models.Model):
    """Head count of an area by one way of counting, for a time."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7)
    district = models.TextField(db_collation="C")
    path = path_field()
    kind = models.TextField()
    n = models.IntegerField()
    valid = DateRangeField()
    source = models.UUIDField(null=True)

    class Meta:
        db_table = "grid_population"
        constraints = (CheckConstraint(condition=Q(n__gte=0), name="grid_population_n"),)
        indexes = (
            Index(fields=("district", "source"), name="grid_population_source"),
        )  # actions.imports: undo

    class Privacy:
        open = ("id", "district", "path", "kind", "n", "valid", "source")
        operational = ()
        personal = ()
        sensitive = ()

    def __str__(self) -> str:
        return f"{self.path} {self.kind} {self.n}"


class Dwelling(models.Model):
    """One door. It stands in `path` (a building, unit or compound); `area` is where it is counted."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7)
    district = models.TextField(db_collation="C")
    path = path_field()
    area = path_field()
    building = models.TextField(default="")
    floor = models.SmallIntegerField(null=True)
    door = models.TextField(db_collation="C")
    sort = models.TextField(db_collation="C", default="")
    kind = models.TextField()
    needs_help = ArrayField(models.TextField(), default=list)
    origin = models.TextField()
    import_id = models.UUIDField(null=True)
    follows = models.UUIDField(null=True)  # the same place under the path it had before a move
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "grid_dwelling"
        constraints = (
            # Also the index of every list of doors below a path.
            UniqueConstraint(
                fields=("district", "path", "door"),
                condition=Q(valid_until__isnull=True),
                name="grid_dwelling_door",
            ),
        )
        indexes = (
            Index(fields=("district", "door"), name="grid_dwelling_search"),  # queries.search
            Index(fields=("district", "import_id"), name="grid_dwelling_import"),  # actions.imports: undo
        )

    class Privacy:
        open = ("id", "district", "path", "area", "building", "floor", "sort", "kind", "origin", "import_id",
                "follows", "valid_from", "valid_until")  # fmt: skip
        operational = ("door",)
        personal = ("needs_help",)
        sensitive = ()

    def __str__(self) -> str:
        return f"{self.path} {self.door}"


class Site(models.Model):
    """One place that is no home: a market, a checkpoint, a public toilet."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7)
    district = models.TextField(db_collation="C")
    path = path_field()
    area = path_field()
    type = models.TextField()
    name = models.TextField()
    attributes = models.JSONField(default=dict)
    origin = models.TextField()
    import_id = models.UUIDField(null=True)
    follows = models.UUIDField(null=True)  # the same place under the path it had before a move
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)

    class Meta:
        db_table = "grid_site"
        constraints = (
            UniqueConstraint(
                fields=("district", "path", "type", "name"),
                condition=Q(valid_until__isnull=True),
                name="grid_site_name",
            ),
        )
        indexes = (
            Index(fields=("district", "type", "path"), name="grid_site_type"),  # queries: sites of one type
            Index(fields=("district", "import_id"), name="grid_site_import"),  # actions.imports: undo
        )

    class Privacy:
        open = ("id", "district", "path", "area", "type", "name", "origin", "import_id", "follows",
                "valid_from", "valid_until")  # fmt: skip
        operational = ("attributes",)
        personal = ()
        sensitive = ()

    def __str__(self) -> str:
        return f"{self.type} {self.name}"


class Import(models.Model):
    """One file that was taken in, with its balance."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7)
    district = models.TextField(db_collation="C")
    path = path_field()
    kind = models.TextField()
    file_name = models.TextField()
    sha256 = models.TextField()
    rows = models.IntegerField()
    stored = models.IntegerField()
    unchanged = models.IntegerField()
    quarantined = models.IntegerField()
    state = models.TextField()
    districts = ArrayField(models.TextField(), default=list)
    header = ArrayField(models.TextField(), default=list)
    mapping = models.JSONField(default=dict)
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "grid_import"
        constraints = (
            CheckConstraint(
                condition=Q(rows=models.F("stored") + models.F("unchanged") + models.F("quarantined")),
                name="grid_import_balance",
            ),
        )
        indexes = (Index(fields=("district", "made_at"), name="grid_import_made"),)  # queries.imports

    class Privacy:
        open = ("id", "district", "districts", "path", "kind", "sha256", "rows", "stored", "unchanged",
                "quarantined", "state", "made_at", "undone_at")  # fmt: skip
        operational = ("file_name", "header", "mapping", "made_by")
        personal = ()
        sensitive = ()

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"


class ImportRow(models.Model):
    """One row of a file that was set aside, with its original cells and the reason."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7)
    district = models.TextField(db_collation="C")
    import_id = models.UUIDField()
    row = models.IntegerField()
    column = models.TextField(default="")
    code = models.TextField()
    params = models.JSONField(default=dict)
    cells = models.JSONField(default=list)

    class Meta:
        db_table = "grid_import_row"
        constraints = (
            # Also the index of queries.import_rows.
            UniqueConstraint(fields=("district", "import_id", "row"), name="grid_import_row_row"),
        )

    class Privacy:
        open = ("id", "district", "import_id", "row", "column", "code")
        operational = ()
        personal = ("params", "cells")
        sensitive = ()

    def __str__(self) -> str:
        return f"{self.import_id} row {self.row}"


class ImportChange(models.Model):
    """What an import replaced, as it was before: the way back when the import is undone."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7)
    district = models.TextField(db_collation="C")
    import_id = models.UUIDField()
    subject_type = models.TextField()
    subject = models.UUIDField()
    before = models.JSONField()

    class Meta:
        db_table = "grid_import_change"
        indexes = (
            Index(fields=("district", "import_id"), name="grid_import_change_import"),
        )  # actions.imports: undo

    class Privacy:
        open = ("id", "district", "import_id", "subject_type", "subject")
        operational = ()
        personal = ("before",)
        sensitive = ()

    def __str__(self) -> str:
        return f"{self.import_id} {self.subject_type} {self.subject}"


class Hold(models.Model):
    """A part of the territory that later facts stand on, such as the frame of a round."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7)
    district = models.TextField(db_collation="C")
    path = path_field()
    held_by = models.UUIDField()
    held_at = models.DateTimeField()

    class Meta:
        db_table = "grid_hold"
        constraints = (UniqueConstraint(fields=("district", "held_by", "path"), name="grid_hold_once"),)

    class Privacy:
        open = ("id", "district", "path", "held_by", "held_at")
        operational = ()
        personal = ()
        sensitive = ()

    def __str__(self) -> str:
        return f"{self.path} {self.held_by}"
