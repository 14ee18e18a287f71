"""Completes the OpenAPI document: the call that ninja does not serve, and the problems of every call."""

from copy import deepcopy
from typing import Any

from ninja.openapi.schema import OpenAPISchema

from bulou.doors.api.schemas import ProblemOut

DESCRIPTION = (
    "What phones, services and other programs may rely on. Every time has an offset, every id is a UUID, "
    "areas are addressed by their path (labels joined by dots, district first). Errors are RFC 9457 problem "
    "documents with a stable `code`. Not allowed and not there are the same answer: 404."
)
UUID = {"type": "string", "format": "uuid"}
TIME = {"type": "string", "format": "date-time"}
TEXT = {"type": "string"}
COUNT = {"type": "integer", "minimum": 1}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


RECORD: dict[str, Any] = {
    "type": "object",
    "required": ["id", "kind", "subject", "outcome", "payload", "observed_at", "device_seq"],
    "properties": {
        "id": UUID | {"description": "A UUIDv7 that the device made before the first try."},
        "kind": TEXT | {"examples": ["screening.visit"]},
        "operation": _or_null(UUID),
        "subject": {
            "type": "object",
            "required": ["type"],
            "properties": {
                "type": TEXT | {"examples": ["dwelling"]},
                "id": UUID,
                "new": {
                    "type": "object",
                    "description": "First met in the field: it enters the register and the frame.",
                    "required": ["id", "area", "label"],
                    "properties": {
                        "id": UUID | {"description": "Made by the device."},
                        "area": TEXT | {"description": "The path in which it stands."},
                        "label": TEXT | {"description": "What is written on the door."},
                        "building": TEXT,
                        "kind": TEXT,
                    },
                },
            },
        },
        "slot": TEXT,
        "outcome": TEXT,
        "payload": {
            "type": "object",
            "additionalProperties": True,
            "description": "The answers, as the form asks.",
        },
        "observed_at": TIME | {"description": "By the device's own clock."},
        "device_seq": {
            "type": "integer",
            "minimum": 1,
            "description": "Counts up without holes.",
        },
        "protocol": TEXT | {"examples": ["household-screening-round@1"]},
        "based_on": _or_null(UUID),
        "corrects": _or_null(UUID),
        "withdraws": _or_null(UUID),
        "area": TEXT | {"description": "Where, when the subject does not say it."},
    },
}
BATCH: dict[str, Any] = {
    "type": "object",
    "required": ["device", "sent_at", "records"],
    "properties": {
        "device": UUID,
        "sent_at": TIME | {"description": "By the device's own clock: tells its error."},
        "records": {"type": "array", "maxItems": 500, "items": RECORD},
    },
}
ANSWER: dict[str, Any] = {
    "type": "object",
    "required": ["results", "gaps", "server_time"],
    "properties": {
        "results": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "id": _or_null(TEXT),
                    "standing": {
                        "type": "string",
                        "enum": ["kept", "doubtful", "duplicate", "conflict", "unreadable"],
                    },
                    "problems": {"type": "array", "items": TEXT},
                },
            },
        },
        "gaps": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "device": UUID,
                    "from_seq": {"type": "integer"},
                    "to_seq": {"type": "integer"},
                },
            },
        },
        "server_time": TIME,
    },
}
RECORDS: dict[str, Any] = {
    "post": {
        "operationId": "records",
        "summary": "Hand in what has happened",
        "description": "A record that is answered with anything but unreadable has arrived: delete it from "
        "the phone. 4xx: keep it where a person sees it. 5xx or no answer: try again; an id counts once.",
        "tags": ["records"],
        "parameters": [
            {
                "name": "Content-Encoding",
                "in": "header",
                "required": False,
                "schema": {"type": "string", "enum": ["gzip", "identity"]},
            }
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": BATCH}}},
        "responses": {
            "200": {
                "description": "One answer per record",
                "content": {"application/json": {"schema": ANSWER}},
            }
        },
        "security": [{"bearer": []}],
    }
}
SAYS = {
    "400": "The request cannot be read",
    "401": "No valid token",
    "403": "The PIN is wrong: `left` says how many tries there are",
    "404": "Not there, or not yours to see",
    "409": "Not as things stand; for closing a round: `open` says how many are missed",
    "410": "Over: the time for which it is kept; a phone that was revoked or locked by wrong PINs",
    "413": "More than 500 records, or too many bytes",
    "415": "Not a photo that is taken",
    "422": "The photo cannot be used",
    "429": "Too many in one day",
    "503": "Busy or away: try again after Retry-After seconds",
}
BY_CALL = {
    "records": ("400", "401", "413", "503"),
    "close_round": ("400", "401", "404", "409", "503"),
    "open_round": ("400", "401", "404", "409", "503"),
    "enrol": ("400", "404", "503"),
    "share": ("400", "403", "404", "410", "503"),
    "standing": ("400", "404", "503"),
    "sealed": ("400", "404", "413", "503"),
    "hand_in_photo": ("400", "401", "404", "409", "413", "415", "422", "429", "503"),
    "photo": ("400", "401", "404", "410", "503"),
}
REFERENCE = {"$ref": "#/components/schemas/Problem"}
USUAL = ("400", "401", "404", "503")


def complete(schema: OpenAPISchema) -> OpenAPISchema:
    """The document with `POST /records` and with the problem documents that each call may answer."""
    schema["paths"]["/api/v1/records"] = deepcopy(RECORDS)
    components = schema.setdefault("components", {}).setdefault("schemas", {})
    components["Problem"] = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
    for calls in schema["paths"].values():
        for call in calls.values():
            for status in BY_CALL.get(call["operationId"], USUAL):
                call["responses"][status] = {
                    "description": SAYS[status],
                    "content": {
                        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                    },
                }
    return schema
