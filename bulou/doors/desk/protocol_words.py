"""What a protocol calls its rounds, questions and outcomes, in the language of the page."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bulou.coverage.terms import Operation
from bulou.doors.desk.labels import html_lang
from bulou.kernel.problems import ProblemError
from bulou.protocols import queries as protocols
from bulou.protocols.terms import Compiled


def title(operation: Operation) -> str:
    """Return the name of a round: its own, else the protocol's."""
    if operation.title:
        return operation.title
    compiled = _compiled(operation.protocol)
    return pick(compiled.titles) if compiled else operation.protocol


def pick(texts: Mapping[str, str]) -> str:
    """Return the text of the page's language; Simplified Chinese where that is missing."""
    return texts.get(html_lang(get_language() or ""), "") or texts.get("zh-Hans", "")


def outcome(reference: str, key: str) -> str:
    """Return what the protocol calls an outcome."""
    compiled = _compiled(reference)
    label = compiled.labels.get(f"outcome.{key}") if compiled else None
    return pick(label) if label else key


def question(reference: str, key: str) -> str:
    """Return what the protocol asks under a key; the key itself where it asks nothing."""
    compiled = _compiled(reference)
    return _label(compiled.labels, key) if compiled else key


def choice(reference: str, key: str, value: str) -> str:
    """Return what the protocol calls one choice of a question."""
    compiled = _compiled(reference)
    return _value(compiled.labels if compiled else {}, key, value)


def answers(reference: str, payload: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the answers of a record in the order of its form, without empty ones; unknown ones last."""
    compiled = _compiled(reference)
    labels = compiled.labels if compiled else {}
    order = {key: n for n, key in enumerate(labels)}
    keys = sorted(payload, key=lambda key: order.get(key, len(order)))
    return tuple(
        (_label(labels, key), _value(labels, key, payload[key]))
        for key in keys
        if payload[key] not in (None, "", [], {})
    )


def _label(labels: Mapping[str, Mapping[str, str]], key: str) -> str:
    return pick(labels[key]) if key in labels else key


def _value(labels: Mapping[str, Mapping[str, str]], key: str, value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return _(", ").join(_value(labels, key, one) for one in value)
    if isinstance(value, dict):
        return _(", ").join(
            f"{_label(labels, f'{key}.{k}')}: {_value(labels, f'{key}.{k}', v)}" for k, v in value.items()
        )
    choice = labels.get(f"{key}.{value}")
    if choice:
        return pick(choice)
    return {"yes": _("yes"), "no": _("no"), "unknown": _("not known")}.get(str(value), str(value))


def _compiled(reference: str) -> Compiled | None:
    try:
        return protocols.compiled(reference)
    except ProblemError:
        return None
