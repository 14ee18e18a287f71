"""What is wrong with the answers of a record, by the protocol it was made with."""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

import msgspec

from bulou.coverage.terms import Operation
from bulou.kernel.problems import ProblemError
from bulou.ledger.actions import canonical
from bulou.ledger.rules import UNSAID_ALERT
from bulou.ledger.terms import Entry
from bulou.protocols import queries as protocols
from bulou.protocols.terms import Compiled, Family

REMEMBERED = 4096
REMEMBERED_BYTES = 512
"""Longer answers are rarely said twice, and 4,096 of them are two megabytes for certain."""

Found = tuple[str, ...]


class _Asked(NamedTuple):
    """What the judgement depends on beside the answers; protocols do not change under one reference."""

    protocol: str
    kind: str
    outcome: str
    in_round: bool
    by_phone: bool


def problems(entry: Entry, payload: Mapping[str, Any], operation: Operation | None) -> Found:
    """Problem codes of the answers, in the order of the form; empty when they may stand.

    From door to door the answers are mostly the same, so what phones say is judged once for all that say it.
    What desks and services say is not: their values need not have come out of JSON.
    """
    if operation is not None and entry.protocol != operation.protocol:
        return ("intake.other_protocol",)
    try:
        protocols.compiled(entry.protocol)
    except ProblemError:
        return ("intake.unknown_protocol",)
    by_phone = entry.device is not None
    asked = _Asked(entry.protocol, entry.kind, entry.outcome, operation is not None, by_phone)
    if by_phone and len(said := canonical(payload)) <= REMEMBERED_BYTES:
        return _remembered(asked, said)
    return _judged(asked, payload)


@lru_cache(REMEMBERED)
def _remembered(asked: _Asked, said: bytes) -> Found:
    return _judged(asked, msgspec.json.decode(said))


def _judged(asked: _Asked, payload: Mapping[str, Any]) -> Found:
    compiled = protocols.compiled(asked.protocol)
    found = list(compiled.form.problems(payload, asked.outcome))
    if asked.kind not in _kinds(compiled.reference):
        found.append("intake.other_protocol")
    outcome = compiled.outcomes.get(asked.outcome)
    if outcome is not None and outcome.family is Family.MOVED and asked.by_phone:
        found.append("intake.receiver_accepts")  # moved counts only when the receiving side says so
    if outcome is None or outcome.family is not Family.DONE or outcome.alert or not asked.in_round:
        return tuple(found)
    return _with_unsaid_alert(compiled, outcome.key, payload, found)


def _with_unsaid_alert(
    compiled: Compiled, outcome: str, payload: Mapping[str, Any], found: list[str]
) -> Found:
    """The problems where the answers reach an alert and the outcome says that all is well.

    Where the same answers fit an outcome with an alert, that is the whole doubt: the record counts as if it
    had said so. Decided by record and protocol alone, so that the order of arrival does not matter.
    """
    if not compiled.form.alerts(payload):
        return tuple(found)
    others = [o.key for o in compiled.outcomes.values() if o.family is Family.DONE and o.alert]
    if any(f"form.contradicts:{key}" not in compiled.form.problems(payload, key) for key in others):
        found = [problem for problem in found if problem != f"form.contradicts:{outcome}"]
    return (*found, UNSAID_ALERT)


@cache
def _kinds(reference: str) -> frozenset[str]:
    compiled = protocols.compiled(reference)
    return frozenset(compiled.records) | {compiled.record}
