"""The rule language of forms: a total, loop-free expression as JSON, compiled once to a closure.

`{eq: [met, adult]}`, `ne lt le gt ge` alike, `{in: [met, [adult, minor_only]]}`, `{present: met}`,
`{and: [..]}`, `{or: [..]}`, `{not: ..}`. Left stands a field or `outcome`, right a literal, always.
Every comparison with an absent field is false, `ne` too: what was not answered makes nothing relevant.
`bulou/doors/field/static/field/forms.js` is the same language in the browser; `tests/cases` holds both to it.
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bulou.protocols.terms import OUTCOME, YESNO_CHOICES, Field, FieldType

Test = Callable[[Mapping[str, Any]], bool]

MAX_DEPTH = 8
MAX_NODES = 64
DATE_SHAPE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
}
_NUMBERS = (FieldType.INT, FieldType.DECIMAL)
_CHOOSING = (FieldType.ENUM, FieldType.MULTI, FieldType.YESNO_UNKNOWN)


def absent(value: object) -> bool:
    """Whether a value is no answer: missing, null, an empty text or list. False and 0 are answers."""
    return not value and (value is None or value == "" or value == [])


def same(left: object, right: object) -> bool:
    """Equality without Python's habit of taking True for 1; 1 and 1.0 are one number, as in JSON."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, str) or isinstance(right, str):
        return type(left) is type(right) and left == right
    return isinstance(left, int | float) and isinstance(right, int | float) and left == right


def compile_test(expression: object, outcome: str | None = None) -> Test:
    """A closure that answers for a payload; the outcome is settled now, so that it costs nothing per record.

    It never raises and never loops. Assumes that `problems_of` found nothing in the expression.
    """
    settled = settle(expression, outcome)
    if isinstance(settled, bool):
        return _always if settled else _never
    return _compiled(settled)


def settle(expression: object, outcome: str | None) -> bool | Mapping[str, Any]:
    """The expression with all that is asked of the outcome answered; a bool when nothing else is asked.

    None is no outcome: every comparison with it is false.
    """
    if not isinstance(expression, Mapping):
        raise TypeError("an expression is an object")
    ((op, body),) = expression.items()
    if op in ("and", "or"):
        return _joined(op, [settle(part, outcome) for part in body])
    if op == "not":
        inner = settle(body, outcome)
        return not inner if isinstance(inner, bool) else {"not": inner}
    if op != "present" and body[0] == OUTCOME:
        return bool(outcome) and _comparison(op, body[1])(outcome)
    return expression


def _joined(op: str, parts: Sequence[bool | Mapping[str, Any]]) -> bool | Mapping[str, Any]:
    decides = op == "or"  # one true part decides an `or`, one false part an `and`
    if decides in [part for part in parts if isinstance(part, bool)]:
        return decides
    asked = [part for part in parts if not isinstance(part, bool)]
    if not asked:
        return not decides
    return asked[0] if len(asked) == 1 else {op: asked}


def _always(payload: Mapping[str, Any]) -> bool:
    return True


def _never(payload: Mapping[str, Any]) -> bool:
    return False


def _compiled(expression: Mapping[str, Any]) -> Test:
    ((op, body),) = expression.items()
    if op in ("and", "or"):
        parts = tuple(_compiled(part) for part in body)
        if op == "and":
            return lambda payload: all(part(payload) for part in parts)
        return lambda payload: any(part(payload) for part in parts)
    if op == "not":
        inner = _compiled(body)
        return lambda payload: not inner(payload)
    name, test = (body, _there) if op == "present" else (body[0], _comparison(op, body[1]))

    def answer(payload: Mapping[str, Any]) -> bool:
        value = payload.get(name)
        return (bool(value) or not absent(value)) and test(value)

    return answer


def _there(value: object) -> bool:
    return True


def _comparison(op: str, literal: Any) -> Callable[[Any], bool]:
    if op == "eq":
        return _equal(literal)
    if op == "ne":
        return lambda value: not same(value, literal)
    if op == "in":
        return _among(tuple(literal))
    compare = _ORDER[op]
    if isinstance(literal, str):
        return lambda value: (
            type(value) is str and DATE_SHAPE.fullmatch(value) is not None and compare(value, literal)
        )
    return lambda value: (type(value) is int or type(value) is float) and compare(value, literal)


def _equal(literal: Any) -> Callable[[Any], bool]:
    if type(literal) is str:
        return lambda value: type(value) is str and value == literal
    return lambda value: same(value, literal)


def _among(literals: tuple[Any, ...]) -> Callable[[Any], bool]:
    if all(type(literal) is str for literal in literals):
        texts = frozenset(literals)
        return lambda value: (
            value in texts
            if type(value) is str
            else type(value) is list and any(type(one) is str and one in texts for one in value)
        )

    def answer(value: Any) -> bool:
        if type(value) is list:
            return any(same(one, literal) for one in value for literal in literals)
        return any(same(value, literal) for literal in literals)

    return answer


def problems_of(expression: object, fields: Sequence[Field], outcomes: Sequence[str]) -> list[str]:
    """What is wrong with an expression, in words for the writer of a protocol; empty when it can be compiled.

    Only `fields` may be named. Give the fields that stand before the question: so no two questions can wait
    for each other, and one pass through the form settles relevance.
    """
    found: list[str] = []
    known = {field.key: field for field in fields}
    nodes = _walk(expression, known, outcomes, MAX_DEPTH, found)
    if nodes > MAX_NODES:
        found.append(f"the expression has more than {MAX_NODES} parts")
    return found


def _walk(
    expression: object, known: Mapping[str, Field], outcomes: Sequence[str], depth: int, found: list[str]
) -> int:
    if depth == 0:
        found.append(f"the expression is nested deeper than {MAX_DEPTH}")
        return 1
    if not isinstance(expression, Mapping) or len(expression) != 1:
        found.append(f"{expression!r} is not an object with one operator")
        return 1
    ((op, body),) = expression.items()
    if op in ("and", "or"):
        if not isinstance(body, list) or not body:
            found.append(f"{op} wants a list of expressions")
            return 1
        return 1 + sum(_walk(part, known, outcomes, depth - 1, found) for part in body)
    if op == "not":
        return 1 + _walk(body, known, outcomes, depth - 1, found)
    found.extend(_leaf(op, body, known, outcomes))
    return 1


def _leaf(op: object, body: object, known: Mapping[str, Field], outcomes: Sequence[str]) -> list[str]:
    if op == "present":
        return (
            []
            if isinstance(body, str) and body in known
            else [f"present: there is no earlier field {body!r}"]
        )
    if op not in ("eq", "ne", "in", *_ORDER):
        return [f"there is no operator {op!r}"]
    if not isinstance(body, list) or len(body) != 2 or not isinstance(body[0], str):
        return [f"{op} wants [field, value]"]
    name, literal = body
    if name != OUTCOME and name not in known:
        return [f"{op}: there is no earlier field {name!r}"]
    literals = literal if op == "in" else [literal]
    if not isinstance(literals, list) or not literals:
        return ["in wants [field, [value, ...]]"]
    if name == OUTCOME:
        return _choices(op, name, literals, outcomes)
    return _operand(str(op), known[name], literals)


def _operand(op: str, field: Field, literals: list[Any]) -> list[str]:
    kind = field.type
    whole = kind in (FieldType.LIST, FieldType.PHOTOS)
    if whole or (kind in (FieldType.MULTI, FieldType.TEXTS) and op != "in"):
        return [f"{op} cannot be asked of {field.key}, which is a {kind.value}"]
    if op in _ORDER and kind not in (*_NUMBERS, FieldType.DATE):
        return [f"{op} cannot be asked of {field.key}, which is a {kind.value}"]
    if kind in _CHOOSING:
        return _choices(op, field.key, literals, field.choices or YESNO_CHOICES)
    wrong = [literal for literal in literals if not _fits(kind, literal)]
    return [f"{op}: {literal!r} is not a value of {field.key}" for literal in wrong]


def _fits(kind: FieldType, literal: object) -> bool:
    if kind is FieldType.BOOL:
        return isinstance(literal, bool)
    if kind in _NUMBERS:
        return isinstance(literal, int | float) and not isinstance(literal, bool)
    if kind is FieldType.DATE:
        return isinstance(literal, str) and DATE_SHAPE.fullmatch(literal) is not None
    return isinstance(literal, str) and literal != ""


def _choices(op: object, name: str, literals: list[Any], choices: Sequence[str]) -> list[str]:
    if op in _ORDER:
        return [f"{op} cannot be asked of {name}"]
    return [f"{op}: {literal!r} is not a choice of {name}" for literal in literals if literal not in choices]
