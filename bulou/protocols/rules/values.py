"""Checks of single answers. Each returns the last word of a problem code, or None; none ever raises."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bulou.protocols.terms import YESNO_CHOICES, Field, FieldType

Check = Callable[[Any], str | None]

REQUIRED = "required"
RANGE = "range"
CHOICE = "unknown_choice"
TYPE = "type"
TOO_LONG = "too_long"
UNKNOWN = "unknown_field"
NOT_RELEVANT = "not_relevant"
NEEDS = "needs"
CODES = (RANGE, CHOICE, TYPE, TOO_LONG)

# The browser reads numbers as doubles: both sides call the same numbers possible.
LARGEST = 1.7976931348623157e308
LARGEST_WHOLE = 2**53 - 1
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
    r"(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)

_PHOTO = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def check_of(field: Field) -> Check:
    """The check for a field that is no list; assumes a field that the schema has accepted."""
    return _CHECKS[field.type](field)


def _one_of(choices: frozenset[str]) -> Check:
    def check(value: Any) -> str | None:
        if type(value) is not str:
            return TYPE
        return None if value in choices else CHOICE

    return check


def _some_of(choices: frozenset[str]) -> Check:
    most = len(choices)

    def check(value: Any) -> str | None:
        if type(value) is not list:
            return TYPE
        if len(value) > most:
            return TOO_LONG
        for one in value:
            if type(one) is not str:
                return TYPE
        return None if choices.issuperset(value) else CHOICE

    return check


def _text(longest: int) -> Check:
    def check(value: Any) -> str | None:
        if type(value) is not str:
            return TYPE
        return None if len(value) <= longest else TOO_LONG

    return check


def _texts(longest: int, most: int) -> Check:
    def check(value: Any) -> str | None:
        if type(value) is not list:
            return TYPE
        if len(value) > most:
            return TOO_LONG
        for one in value:
            if type(one) is not str or not one:
                return TYPE
            if len(one) > longest:
                return TOO_LONG
        return None

    return check


def _photos(most: int) -> Check:
    def check(value: Any) -> str | None:
        if type(value) is not list:
            return TYPE
        if len(value) > most:
            return TOO_LONG
        for one in value:
            if type(one) is not str or _PHOTO.fullmatch(one) is None:
                return TYPE
        return None

    return check


def _number(low: float | None, high: float | None, *, whole: bool) -> Check:
    least = -LARGEST_WHOLE if low is None and whole else -LARGEST if low is None else low
    most = LARGEST_WHOLE if high is None and whole else LARGEST if high is None else high

    def check(value: Any) -> str | None:
        kind = type(value)
        if kind is not int and kind is not float:
            return TYPE
        if not -LARGEST <= value <= LARGEST:  # also nan and the infinities
            return TYPE
        if whole and kind is float and not value.is_integer():
            return TYPE
        return None if least <= value <= most else RANGE

    return check


def _bool(value: Any) -> str | None:
    return None if value is True or value is False else TYPE


def _is_day(value: str) -> bool:
    if len(value) != 10 or value[4] != "-" or value[7] != "-":  # fromisoformat also takes other shapes
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _date(value: Any) -> str | None:
    return None if type(value) is str and _is_day(value) else TYPE


def _moment(value: Any) -> str | None:
    found = _MOMENT.fullmatch(value) if type(value) is str else None
    return None if found is not None and _is_day(found.group(1)) else TYPE


_CHECKS: Mapping[FieldType, Callable[[Field], Check]] = {
    FieldType.ENUM: lambda field: _one_of(frozenset(field.choices)),
    FieldType.YESNO_UNKNOWN: lambda _field: _one_of(frozenset(YESNO_CHOICES)),
    FieldType.MULTI: lambda field: _some_of(frozenset(field.choices)),
    FieldType.TEXT: lambda field: _text(field.max_length or 0),
    FieldType.TEXTS: lambda field: _texts(field.max_length or 0, field.max_items or 0),
    FieldType.PHOTOS: lambda field: _photos(field.max_items or 0),
    FieldType.INT: lambda field: _number(field.low, field.high, whole=True),
    FieldType.DECIMAL: lambda field: _number(field.low, field.high, whole=False),
    FieldType.BOOL: lambda _field: _bool,
    FieldType.DATE: lambda _field: _date,
    FieldType.DATETIME: lambda _field: _moment,
}
