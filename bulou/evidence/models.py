"""The table of evidence: one row per photo. The photo itself is a file, named by its hash."""

from typing import ClassVar

from django.db import models


class Attachment(models.Model):
    """A photo that belongs to a record, which may arrive before or after it."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    record = models.UUIDField()
    sha256 = models.TextField()
    sent_sha256 = models.TextField()
    n_bytes = models.IntegerField()
    width = models.IntegerField()
    height = models.IntegerField()
    author = models.UUIDField()
    device = models.UUIDField(null=True)
    received_at = models.DateTimeField()
    keep_until = models.DateTimeField()
    discarded_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "evidence_attachment"
        indexes = (
            # the photos of a record: queries.of_records
            models.Index(fields=("district", "record"), name="evidence_attachment_record"),
            # how many today: actions.keep
            models.Index(fields=("district", "author", "received_at"), name="evidence_attachment_author"),
            # whose time is over: actions.discard_due
            models.Index(
                fields=("district", "keep_until"),
                name="evidence_attachment_due",
                condition=models.Q(discarded_at=None),
            ),
            # whether another photo has the same file: actions.discard_due
            models.Index(fields=("district", "sha256"), name="evidence_attachment_sha256"),
        )

    class Privacy:
        # a photo may show a face by accident: the file has the class `personal` and ends with `keep_until`
        open: ClassVar = ("id", "district", "n_bytes", "width", "height")
        operational: ClassVar = (
            "path",
            "record",
            "author",
            "device",
            "received_at",
            "keep_until",
            "discarded_at",
        )
        personal: ClassVar = ("sha256", "sent_sha256")
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.path} {self.sha256[:12]}"
