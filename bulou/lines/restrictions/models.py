"""Tables of restrictions. The database refuses what has no basis, no evidence, no decider or no end."""

from typing import ClassVar

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import F, Q

from bulou.lines.restrictions.terms import LONGEST, Channel, Evidence, Measure, Outcome


class Basis(models.Model):
    """A law or order, as the deploying body entered it."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    law = models.TextField()
    article = models.TextField()
    order_number = models.TextField()
    issuer = models.TextField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    made_by = models.UUIDField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "restrictions_basis"
        constraints = (models.CheckConstraint(condition=~Q(law=""), name="restrictions_basis_named"),)

    class Privacy:
        open: ClassVar = (
            "id",
            "district",
            "path",
            "law",
            "article",
            "order_number",
            "issuer",
            "valid_from",
            "valid_until",
        )
        operational: ClassVar = ("made_by", "made_at")
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.law} {self.article}"


class Act(models.Model):
    """One act: who ordered what, on which basis, where, from when until when, and why nothing milder does."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    place = models.TextField()
    measure = models.TextField(choices=[(m.value, m.value) for m in Measure])
    basis = models.UUIDField()
    milder = models.JSONField()
    supplies = models.TextField()
    conditions = models.TextField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    n_persons = models.IntegerField()
    needs_second = models.BooleanField()
    proposer = models.UUIDField()
    proposer_team = models.TextField()
    proposed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    second = models.UUIDField(null=True)
    second_team = models.TextField()
    refused_at = models.DateTimeField(null=True)
    refused_why = models.TextField()
    frozen_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "restrictions_act"
        indexes = (
            models.Index(fields=("district", "proposed_at"), name="restrictions_act_at"),
        )  # queries: acts
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")) & Q(ends_at__lte=F("starts_at") + LONGEST),
                name="restrictions_act_ends",
            ),
            models.CheckConstraint(condition=~Q(place=""), name="restrictions_act_placed"),
            models.CheckConstraint(condition=Q(n_persons__gte=1), name="restrictions_act_about_somebody"),
            models.CheckConstraint(
                condition=Q(decided_at=None) | Q(needs_second=False) | Q(second__isnull=False),
                name="restrictions_act_two_bodies",
            ),
            models.CheckConstraint(
                condition=Q(second=None) | (~Q(second=F("proposer")) & ~Q(second_team=F("proposer_team"))),
                name="restrictions_act_other_body",
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None) | Q(refused_at=None), name="restrictions_act_one_answer"
            ),
        )

    class Privacy:
        open: ClassVar = ("id", "district", "measure", "basis", "n_persons", "needs_second")
        operational: ClassVar = (
            "path", "place", "milder", "supplies", "conditions", "starts_at", "ends_at", "proposer",
            "proposer_team", "proposed_at", "decided_at", "second", "second_team", "refused_at",
            "refused_why", "frozen_until",
        )  # fmt: skip
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.measure} {self.path} {self.ends_at}"


class Restriction(models.Model):
    """One person in one act. `held` is empty until the act is decided; no two of a person may overlap."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    act = models.UUIDField()
    person = models.UUIDField()
    evidence = models.TextField(choices=[(e.value, e.value) for e in Evidence])
    evidence_record = models.UUIDField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    held = DateTimeRangeField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.UUIDField(null=True)
    lifted_why = models.TextField()
    renews = models.UUIDField(null=True)
    code_hash = models.BinaryField(null=True)
    notice_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "restrictions_restriction"
        indexes = (
            models.Index(fields=("district", "act"), name="restrictions_of_act"),  # queries: of_act
            models.Index(fields=("district", "person"), name="restrictions_of_person"),  # queries: of_person
            models.Index(fields=("district", "ends_at"), name="restrictions_ending"),  # queries: listed
        )
        constraints = (
            models.UniqueConstraint(fields=("district", "act", "person"), name="restrictions_person_once"),
            models.UniqueConstraint(fields=("district", "code_hash"), name="restrictions_code_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")) & Q(ends_at__lte=F("starts_at") + LONGEST),
                name="restrictions_person_ends",
            ),
            models.CheckConstraint(
                condition=Q(evidence__in=[e.value for e in Evidence]), name="restrictions_person_evidence"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None) | (Q(lifted_by__isnull=False) & ~Q(lifted_why="")),
                name="restrictions_lifted_by_somebody",
            ),
        )

    class Privacy:
        open: ClassVar = ("id", "district", "act")
        operational: ClassVar = (
            "path",
            "starts_at",
            "ends_at",
            "held",
            "lifted_at",
            "lifted_by",
            "renews",
            "notice_at",
        )
        personal: ClassVar = ("person", "lifted_why", "code_hash")
        sensitive: ClassVar = ("evidence", "evidence_record")

    def __str__(self) -> str:
        return f"{self.person} until {self.ends_at}"


class Appeal(models.Model):
    """One objection with both its answers."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    restriction = models.UUIDField()
    channel = models.TextField(choices=[(c.value, c.value) for c in Channel])
    words = models.TextField()
    received_at = models.DateTimeField()
    outcome = models.TextField(null=True, choices=[(o.value, o.value) for o in Outcome])  # noqa: DJ001 - no answer yet
    answer = models.TextField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    taken_further_at = models.DateTimeField(null=True)
    second_outcome = models.TextField(null=True, choices=[(o.value, o.value) for o in Outcome])  # noqa: DJ001
    second_answer = models.TextField()
    second_at = models.DateTimeField(null=True)
    second_by = models.UUIDField(null=True)

    class Meta:
        db_table = "restrictions_appeal"
        indexes = (
            models.Index(
                fields=("district", "received_at"), name="restrictions_appeal_at"
            ),  # queries: appeals
            models.Index(
                fields=("district", "restriction"), name="restrictions_appeal_of"
            ),  # queries: appeals_of
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(second_by=None) | ~Q(second_by=F("answered_by")), name="restrictions_appeal_other"
            ),
        )

    class Privacy:
        open: ClassVar = ("id", "district", "restriction")
        operational: ClassVar = (
            "path", "channel", "received_at", "outcome", "answered_at", "answered_by", "taken_further_at",
            "second_outcome", "second_at", "second_by",
        )  # fmt: skip
        personal: ClassVar = ("words", "answer", "second_answer")
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.restriction} {self.received_at}"


class Tries(models.Model):
    """How often codes that begin alike were tried in a while, by strangers or by one known browser.

    `space` is a keyed hash: neither the letters nor an address nor a person stands here. No district: a code
    that is none belongs nowhere.
    """

    pk = models.CompositePrimaryKey("begins_at", "space")
    begins_at = models.DateTimeField()
    space = models.TextField()
    n = models.IntegerField()

    class Meta:
        db_table = "restrictions_tries"

    class Privacy:
        open = ("begins_at", "space", "n")
        operational = ()
        personal = ()
        sensitive = ()

    def __str__(self) -> str:
        return f"{self.n} since {self.begins_at}"
