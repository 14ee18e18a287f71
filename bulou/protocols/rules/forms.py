"""Forms compiled once to closures that say what is wrong with a payload; they run for every record.

For each outcome there is one set of closures, in which all questions about the outcome are settled. Measured
2026-11-22 with timeit on Python 3.11 and one core, screening round, outcome given:
2.3 us for a home with nothing to report (six answers), 4.8 us for an alarming one (nine), 1.6 us for an
absent one.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bulou.protocols.rules import values
from bulou.protocols.rules.alarms import compile_alerts, compile_warnings
from bulou.protocols.rules.expressions import Test, absent, compile_test, settle
from bulou.protocols.terms import Field, FieldType, Form, Outcome, Warn

NOT_A_PAYLOAD = ("form.type:payload",)
MAX_UNKNOWN = 20
_SAFE_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")

Found = tuple[str, ...]
Trouble = str | Found | None
Check = Callable[[Any], Trouble]
Answers = Callable[[dict[str, Any]], Found]


def compile_form(
    fields: Sequence[Field], outcomes: Mapping[str, Outcome] | None = None, warnings: Sequence[Warn] = ()
) -> Form:
    """The form as closures. Assumes that the schema has accepted fields, outcomes and expressions.

    `problems(payload, outcome)` gives problem strings in the order of the form, then unknown fields, then
    what the outcome asks for; a question gives one problem, a list may give several. Without an outcome, or
    with one the form does not know, the word `outcome` counts as absent in expressions.
    """
    asked = tuple(fields)
    known = outcomes or {}
    by_outcome = {key: _for_outcome(asked, outcome) for key, outcome in known.items()}
    plain = _answers(asked, None, "")

    def problems(payload: object, outcome: str | None = None) -> Found:
        if type(payload) is not dict:
            return NOT_A_PAYLOAD
        if outcome is None:
            return plain(payload)
        answers = by_outcome.get(outcome)
        if answers is None:
            return (*plain(payload), f"form.unknown_outcome:{safe_name(outcome)}")
        return answers(payload)

    return Form(asked, problems, compile_alerts(asked), compile_warnings(tuple(warnings), tuple(known)))


def safe_name(name: str) -> str:
    """A field or outcome name fit for a problem string; names that no form could use become `?`."""
    return name if _SAFE_NAME.fullmatch(name) else "?"


def _for_outcome(fields: tuple[Field, ...], outcome: Outcome) -> Answers:
    """Checks the answers of a record with this outcome, then what the outcome itself asks for."""
    answers = _answers(fields, outcome.key, "")
    needs = tuple(
        (key, f"form.{values.REQUIRED}:{key}", f"form.{values.NEEDS}:{key}") for key in outcome.needs
    )
    fits = None if outcome.when is None else compile_test(outcome.when, outcome.key)
    contradicts = f"form.contradicts:{outcome.key}"

    def problems(payload: dict[str, Any]) -> Found:
        found = answers(payload)
        for key, required, needed in needs:
            if absent(payload.get(key)) and required not in found:
                found = (*found, needed)
        if fits is not None and not fits(payload):
            found = (*found, contradicts)
        return found

    return problems


def _answers(fields: tuple[Field, ...], outcome: str | None, prefix: str) -> Answers:
    """Checks one level of answers; `prefix` stands before each name (`persons.0.`)."""
    rules = {field.key: _rule(field, outcome) for field in fields}
    place = {key: n for n, key in enumerate(rules)}
    add_missing = _missing(fields, outcome)

    def answers(payload: dict[str, Any]) -> Found:
        found: dict[str, Trouble] = {}
        unknown: list[str] = []
        for key, value in payload.items():
            rule = rules.get(key)
            if rule is None:
                unknown.append(key)
            elif value or not absent(value):
                check, relevant = rule
                trouble = check(value) if relevant is None or relevant(payload) else values.NOT_RELEVANT
                if trouble:
                    found[key] = trouble
        add_missing(payload, found)
        return _written(found, unknown, place, prefix) if found or unknown else ()

    return answers


def _missing(
    fields: tuple[Field, ...], outcome: str | None
) -> Callable[[dict[str, Any], dict[str, Trouble]], None]:
    """Adds the questions that had to be answered and were not."""
    always, sometimes = _demands(fields, outcome)

    def add(payload: dict[str, Any], found: dict[str, Trouble]) -> None:
        for key in always:
            if not (value := payload.get(key)) and absent(value):
                found[key] = values.REQUIRED
        for key, relevant in sometimes:
            if not (value := payload.get(key)) and absent(value) and relevant(payload):
                found[key] = values.REQUIRED

    return add


def _rule(field: Field, outcome: str | None) -> tuple[Check, Test | None]:
    """The check of an answer, and the test whether it was to be given at all (None: it was)."""
    check: Check = _list(field, outcome) if field.type is FieldType.LIST else values.check_of(field)
    if field.relevant is None:
        return check, None
    settled = settle(field.relevant, outcome)
    if isinstance(settled, bool):
        return (check, None) if settled else (_ruled_out, None)
    return check, compile_test(settled)


def _ruled_out(value: Any) -> Trouble:
    return values.NOT_RELEVANT


def _demands(
    fields: tuple[Field, ...], outcome: str | None
) -> tuple[tuple[str, ...], tuple[tuple[str, Test], ...]]:
    """The required questions: those always asked, and those asked when their test holds."""
    always: list[str] = []
    sometimes: list[tuple[str, Test]] = []
    for field in fields:
        settled = field.required and (field.relevant is None or settle(field.relevant, outcome))
        if settled is True:
            always.append(field.key)
        elif settled is not False:
            sometimes.append((field.key, compile_test(settled)))
    return tuple(always), tuple(sometimes)


def _written(
    found: Mapping[str, Trouble], unknown: list[str], place: Mapping[str, int], prefix: str
) -> Found:
    """Problem strings from what was found, in the order of the form."""
    written: list[str] = []
    for key in sorted(found, key=place.__getitem__):
        trouble = found[key]
        if isinstance(trouble, str):
            written.append(f"form.{trouble}:{prefix}{key}")
        else:
            written.extend(trouble or ())
    strangers = sorted({safe_name(name) for name in unknown})[:MAX_UNKNOWN]
    written.extend(f"form.{values.UNKNOWN}:{prefix}{name}" for name in strangers)
    return tuple(written)


def _list(field: Field, outcome: str | None) -> Check:
    """Checks a list of groups; inside, only the group's own questions and the outcome decide relevance."""
    most = field.max_items or 0
    key = field.key
    levels = tuple(_answers(field.fields, outcome, f"{key}.{n}.") for n in range(most))

    def check(value: Any) -> Trouble:
        if type(value) is not list:
            return values.TYPE
        if len(value) > most:
            return values.TOO_LONG
        found: list[str] = []
        for n, item in enumerate(value):
            if type(item) is dict:
                found.extend(levels[n](item))
            else:
                found.append(f"form.{values.TYPE}:{key}.{n}")
        return tuple(found)

    return check


def relevant_keys(fields: Sequence[Field], payload: Mapping[str, Any], outcome: str | None) -> Found:
    """The questions to show for these answers, in the order of the form. For pages, not for the intake."""
    return tuple(
        field.key
        for field in fields
        if field.relevant is None or compile_test(field.relevant, outcome)(payload)
    )
