"""What is urgent in a payload: answers that reach their alert, and warnings. Neither refuses anything."""

from collections.abc import Callable
from typing import Any

from bulou.protocols.rules.expressions import compile_test
from bulou.protocols.terms import Alerts, Field, FieldType, Warn, Warnings

Found = tuple[str, ...]


def compile_alerts(fields: tuple[Field, ...]) -> Alerts:
    """A closure that gives the paths of answers at their alert, in the order of the form; it never raises.

    Relevance is not asked: an alarming answer alarms even where the question should not have been asked.
    """
    tests = tuple(
        (field.key, frozenset(field.alert_on), test)
        for field in fields
        if (test := _alarm(field)) is not None
    )

    def alerts(payload: object) -> Found:
        if type(payload) is not dict:
            return ()
        found: Found = ()
        for key, on, test in tests:
            value = payload.get(key)
            # nearly every answer is a word that alarms nobody: it costs no call
            if value is None or (type(value) is str and value not in on):
                continue
            if paths := test(value):
                found = (*found, *paths)
        return found

    return alerts


def _alarm(field: Field) -> Callable[[Any], Found] | None:
    """The paths that a value of the field sets off; None when it never does."""
    if field.type is FieldType.LIST:
        return _in_group(field)
    hit: Found = (field.key,)
    if field.alert_at is not None:
        least = field.alert_at
        return lambda value: hit if (type(value) is int or type(value) is float) and value >= least else ()
    if not field.alert_on:
        return None
    on = frozenset(field.alert_on)

    def test(value: Any) -> Found:
        if type(value) is str:
            return hit if value in on else ()
        return hit if type(value) is list and any(type(one) is str and one in on for one in value) else ()

    return test


def _in_group(field: Field) -> Callable[[Any], Found] | None:
    if all(_alarm(inner) is None for inner in field.fields):
        return None
    inner = compile_alerts(field.fields)
    most = field.max_items or 0

    def test(value: Any) -> Found:
        items = value[:most] if type(value) is list else []
        return tuple(f"{field.key}.{n}.{path}" for n, item in enumerate(items) for path in inner(item))

    return test


def compile_warnings(warnings: tuple[Warn, ...], outcomes: tuple[str, ...]) -> Warnings:
    """A closure that gives the keys of the warnings that hold, in the protocol's order; it never raises."""
    by_outcome = {
        outcome: tuple((warning.key, compile_test(warning.when, outcome)) for warning in warnings)
        for outcome in (None, *outcomes)
    }

    def holding(payload: object, outcome: str | None = None) -> Found:
        if type(payload) is not dict:
            return ()
        tests = by_outcome.get(outcome, by_outcome[None])
        return tuple(key for key, test in tests if test(payload))

    return holding
