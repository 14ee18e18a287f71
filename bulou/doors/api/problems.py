"""Says no in RFC 9457 problem documents: a stable code, a message in the caller's language, and where."""

import json
import random
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from importlib import import_module
from pkgutil import walk_packages

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_from_request, gettext, override

import bulou
from bulou.access.queries.wording import in_words
from bulou.kernel.problems import Entry, Problem, ProblemError

CONTENT_TYPE = "application/problem+json"
RESERVED = frozenset({"type", "title", "status", "detail", "code", "where"})
TOLD = frozenset({"access.code_not_valid", "access.pin_wrong"})
"""Answered by name all the same: whoever types a code or a PIN must learn that it was that."""
UNKNOWN = Entry(500, "Something went wrong.")


@cache
def catalogue() -> Mapping[str, Entry]:
    """Every problem code of every room, from the PROBLEMS of their terms; read once per process."""
    entries: dict[str, Entry] = {}
    for module in walk_packages(bulou.__path__, "bulou."):
        if module.name.startswith("bulou.kernel.") or module.name.endswith(".terms"):
            entries |= getattr(import_module(module.name), "PROBLEMS", {})
    return entries


def message(problem: Problem, language: str) -> str:
    """The problem in words, in one language; falls back to the code when a room forgot to register it."""
    entry = catalogue().get(problem.code, UNKNOWN)
    with override(language):
        try:
            return gettext(entry.message) % in_words(problem.params)
        except (KeyError, TypeError, ValueError):
            return problem.code


def answer(request: HttpRequest, problem: Problem, status: int) -> HttpResponse:
    """One problem as a response. The parameters stand beside the standard members, e.g. `open` of a 409."""
    language = get_language_from_request(request)
    where = problem.where
    body: dict[str, object] = {name: value for name, value in problem.params.items() if name not in RESERVED}
    body |= {
        "type": f"urn:bulou:problem:{problem.code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": problem.code,
        "detail": message(problem, language),
    }
    if where is not None:
        body["where"] = {"row": where.row, "column": where.column, "field": where.field}
    response = HttpResponse(json.dumps(body, ensure_ascii=False), content_type=CONTENT_TYPE, status=status)
    response["Content-Language"] = language
    # A refusal is an answer, not an event: forged tokens and damaged bodies must not fill the log.
    setattr(response, "_has_been_logged", True)  # noqa: B010 - Django's own mark, unknown to its types
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = str(random.randint(1, 4))  # noqa: S311 - spreads the phones, keeps no secret
    return response


def refuse(request: HttpRequest, error: ProblemError) -> HttpResponse:
    """The response to an action that was refused. Not allowed and not there are the same answer."""
    hidden = error.status in {HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN}
    if hidden and error.problem.code not in TOLD:
        return answer(request, Problem("api.not_there"), HTTPStatus.NOT_FOUND)
    return answer(request, error.problem, error.status)
