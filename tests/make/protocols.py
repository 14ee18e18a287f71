"""Builders for protocols: the library in the database, plain fields, valid payloads."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from bulou.kernel import clock, ids
from bulou.protocols import queries
from bulou.protocols.actions import Loaded, load_library
from bulou.protocols.models import Version
from bulou.protocols.rules.forms import compile_form
from bulou.protocols.terms import Family, Field, FieldType, Form, Outcome, Warn

SCREENING = "household-screening-round@1"
DISINFECTION = "disinfection-round@1"
CLOSURE = "closure-check-round@1"
FINDING = "finding-closure@1"


COLUMNS = "slug, version, line, body, sha256"
_rows: list[bytes] = []  # as PostgreSQL wrote them after the first load of this process


def loaded() -> Loaded:
    """The package's library is in the database; repeatable."""
    return load_library(None)


def library() -> None:
    """The same rows as from `load_library`, which makes them once a process; from then on they are copied.

    A load takes 60 ms of Python, and most tests need one.
    """
    there = Version.objects.count()
    if there >= len(queries.library()):
        return
    with connection.cursor() as cursor:
        if there or not _rows:
            load_library(None)
            if there:
                return
            with cursor.copy(f"COPY (SELECT {COLUMNS} FROM protocols_version) TO STDOUT") as read:
                _rows.extend(bytes(row) for row in read)
            return
        now = clock.now().isoformat()
        with cursor.copy(f"COPY protocols_version (id, loaded_at, {COLUMNS}) FROM STDIN") as write:
            for row in _rows:
                write.write(f"{ids.uuid7()}\t{now}\t".encode() + row)


def payload(reference: str = SCREENING, outcome: str = "done", **changes: Any) -> dict[str, Any]:
    """A payload that fits the outcome, with some answers changed; None takes an answer away."""
    body = {**queries.compiled(reference).examples[outcome], **changes}
    return {key: value for key, value in body.items() if value is not None}


def plain_field(body: Mapping[str, Any]) -> Field:
    """The field in the plain JSON that phones and case files use."""
    return Field(
        key=body["key"],
        type=FieldType(body["type"]),
        required=body.get("required", False),
        choices=tuple(choice["key"] for choice in body.get("choices", ())),
        low=body.get("low"),
        high=body.get("high"),
        max_length=body.get("max_length"),
        max_items=body.get("max_items"),
        relevant=body.get("relevant"),
        alert_at=body.get("alert_at"),
        alert_on=tuple(body.get("alert_on", ())),
        fields=plain_fields(body.get("fields", ())),
    )


def plain_fields(bodies: Sequence[Mapping[str, Any]]) -> tuple[Field, ...]:
    """The fields of a form in plain JSON."""
    return tuple(plain_field(body) for body in bodies)


def plain_form(body: Mapping[str, Any]) -> Form:
    """The compiled form of a protocol in the plain JSON that phones and case files use."""
    outcomes = {
        one["key"]: Outcome(one["key"], Family.DONE, needs=tuple(one.get("needs", ())), when=one.get("when"))
        for one in body.get("outcomes", ())
    }
    warnings = [Warn(one["key"], one["when"]) for one in body.get("warnings", ())]
    return compile_form(plain_fields(body["form"]), outcomes, warnings)
