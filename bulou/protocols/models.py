"""The protocol versions a database knows; a row is never changed, because records were made under it."""

from typing import ClassVar

from django.db import models


class Version(models.Model):
    """One version of a protocol. A trigger refuses UPDATE and DELETE (`sql/schema/0002_immutable.up.sql`)."""

    id = models.UUIDField(primary_key=True)
    slug = models.TextField()
    version = models.PositiveIntegerField()
    line = models.TextField()
    body = models.JSONField()
    sha256 = models.TextField()
    loaded_at = models.DateTimeField()

    class Meta:
        db_table = "protocols_version"
        constraints = [
            # serves queries.compiled and queries.latest
            models.UniqueConstraint(fields=["slug", "version"], name="protocols_version_slug"),
            models.CheckConstraint(
                condition=models.Q(version__gte=1), name="protocols_version_counts_from_one"
            ),
        ]

    class Privacy:
        open: ClassVar = {"id", "slug", "version", "line", "body", "sha256", "loaded_at"}

    def __str__(self) -> str:
        return f"{self.slug}@{self.version}"
