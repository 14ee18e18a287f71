"""People without identity: that somebody is there, and where. Names will live in a vault of their own."""

from django.db import models

from bulou.kernel import ids


class Person(models.Model):
    """One person who was found in the field; enough to be visited and counted, and nothing more."""

    id = models.UUIDField(primary_key=True, default=ids.uuid7)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    area = models.TextField(db_collation="C")
    place_kind = models.TextField()  # terms.PlaceKind
    origin = models.TextField()
    found_at = models.DateTimeField()

    class Meta:
        db_table = "people_person"
        indexes = (models.Index(fields=("district", "path"), name="people_person_path"),)  # queries.found

    class Privacy:
        open = ("district", "path", "area", "origin")
        operational = ("id", "place_kind", "found_at")
        personal = ()
        sensitive = ()

    def __str__(self) -> str:
        return f"{self.path} {self.place_kind}"
