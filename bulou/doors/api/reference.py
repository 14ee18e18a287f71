"""The page of the reference about the HTTP API, written from the OpenAPI document."""

from collections.abc import Iterator, Mapping
from typing import Any

from bulou.doors.api.app import api

Schema = Mapping[str, Any]
JSON = "application/json"
DEPTH = 4


def page() -> str:
    """Every call with its parameters, the fields of its body and of its answer, in Markdown."""
    document = api.get_openapi_schema()
    known = document["components"]["schemas"]
    lines = ["# HTTP API", "", document["info"]["description"], ""]
    lines += [
        "Every call but `POST /api/v1/devices/enrol` needs `Authorization: Bearer TOKEN` of a device or a"
        " service account. The whole schema: `/api/v1/openapi.json` on any server, without a login.",
        "",
    ]
    for path, calls in sorted(document["paths"].items()):
        for method, call in calls.items():
            lines += _call(method.upper(), path, call, known)
    return "\n".join(lines)


def _call(method: str, path: str, call: Schema, known: Schema) -> list[str]:
    lines = [f"## {method} {path}", "", f"{call['summary']}.", ""]
    if call.get("description"):
        lines += [call["description"].strip(), ""]
    if call.get("parameters"):
        lines += ["| parameter | in | type | required | what |", "|---|---|---|---|---|"]
        lines += [_parameter(parameter, known) for parameter in call["parameters"]] + [""]
    body = call.get("requestBody", {}).get("content", {}).get(JSON, {}).get("schema")
    if body:
        lines += ["Body:", "", *_table(body, known)]
    for status in ("200", "201", 200, 201):
        answer = call["responses"].get(status, {}).get("content", {}).get(JSON, {}).get("schema")
        if answer:
            lines += [f"Answer {status}:", "", *_table(answer, known)]
    refusals = [(str(status), answer) for status, answer in call["responses"].items() if int(status) >= 400]
    lines += [f"- {status}: {answer['description']}" for status, answer in sorted(refusals)]
    return [*lines, ""]


def _parameter(parameter: Schema, known: Schema) -> str:
    schema = parameter.get("schema", {})
    what = parameter.get("description") or schema.get("description") or ""
    need = "yes" if parameter.get("required") else ""
    return f"| `{parameter['name']}` | {parameter['in']} | {_type(schema, known)} | {need} | {what} |"


def _table(schema: Schema, known: Schema) -> list[str]:
    rows = [
        f"| `{name}` | {_type(field, known)} | {'yes' if need else ''} | {field.get('description', '')} |"
        for name, field, need in _fields(schema, known, "", DEPTH)
    ]
    return ["| field | type | required | what |", "|---|---|---|---|", *rows, ""]


def _fields(schema: Schema, known: Schema, before: str, depth: int) -> Iterator[tuple[str, Schema, bool]]:
    found = _resolved(schema, known)
    for name, field in found.get("properties", {}).items():
        yield f"{before}{name}", field, name in found.get("required", ())
        inner = _resolved(field, known)
        is_list = inner.get("type") == "array"
        inside = _resolved(inner.get("items", {}), known) if is_list else inner
        if depth > 1 and inside is not found and inside.get("properties"):
            yield from _fields(inside, known, f"{before}{name}{'[]' if is_list else ''}.", depth - 1)


def _resolved(schema: Schema, known: Schema) -> Schema:
    for option in schema.get("anyOf", ()):
        if option.get("type") != "null":
            return _resolved(option, known)
    if "$ref" in schema:
        named: Schema = known[schema["$ref"].rsplit("/", 1)[1]]
        return named
    return schema


def _type(schema: Schema, known: Schema) -> str:
    empty = any(option.get("type") == "null" for option in schema.get("anyOf", ()))
    found = _resolved(schema, known)
    if found.get("enum"):
        text = ", ".join(str(value) for value in found["enum"])
    elif found.get("type") == "array":
        text = f"list of {_type(found.get('items', {}), known)}"
    else:
        text = str(found.get("format") or found.get("type") or "any")
    return f"{text} or null" if empty else text
