"""From a checked document to what the program runs on, and to what a phone gets."""

from collections.abc import Sequence
from datetime import time, timedelta
from typing import Any

from bulou.protocols.rules import durations
from bulou.protocols.rules.forms import compile_form
from bulou.protocols.rules.schema import Document, FieldPart, OutcomePart, RegimePart, Span
from bulou.protocols.terms import (
    Compiled,
    Escalation,
    Family,
    Field,
    Form,
    Outcome,
    Phase,
    Regime,
    SignOff,
    Step,
    Track,
    Warn,
    Window,
)


def fields_of(parts: Sequence[FieldPart]) -> tuple[Field, ...]:
    """The questions without labels and sources, in the order of the form."""
    return tuple(
        Field(
            key=part.key,
            type=part.type,
            required=part.required,
            choices=tuple(choice.key for choice in part.choices),
            low=None if part.range is None else part.range.low,
            high=None if part.range is None else part.range.high,
            max_length=None if part.max_length is None else part.max_length.value,
            max_items=None if part.max_items is None else part.max_items.value,
            relevant=part.relevant,
            alert_at=None if part.alert_at is None else part.alert_at.value,
            alert_on=tuple(part.alert_on),
            fields=fields_of(part.fields),
        )
        for part in parts
    )


def outcome_of(part: OutcomePart, record: str) -> Outcome:
    """The outcome with its family as a rank and its expiry as a duration."""
    return Outcome(
        key=part.key,
        family=Family[part.family.upper()],
        why=part.why,
        closes=part.closes,
        needs=tuple(part.needs),
        expires=None if part.expires is None else durations.parse(part.expires.value),
        next=part.next,
        alert=part.alert,
        when=part.when,
        record=part.record or record,
        titles=part.label,
    )


def form_of(document: Document) -> Form:
    """The form, its outcomes and its warnings as closures."""
    return compile_form(
        fields_of(document.form),
        {part.key: outcome_of(part, document.record) for part in document.outcomes},
        [Warn(part.key, part.when) for part in document.warnings],
    )


def compile_document(document: Document, *, line: str = "") -> Compiled:
    """The version as other rooms use it. Assumes a document that `reading.check` returned; about 1 ms."""
    return Compiled(
        slug=document.slug,
        version=document.version,
        line=line,
        kind=document.kind,
        subject=document.subject,
        record=document.record,
        records=_records(document),
        titles=document.titles,
        form=form_of(document),
        outcomes={part.key: outcome_of(part, document.record) for part in document.outcomes},
        due=durations.parse(document.due.value),
        due_field=document.due.field,
        due_by=_by(document.due),
        revisit_after=None
        if document.revisit_after is None
        else durations.parse(document.revisit_after.value),
        attempts_per_day=None if (most := document.slots.attempts_per_day) is None else most.value,
        cadence={key: durations.parse(span.value) for key, span in document.slots.routine.items()},
        window=_window(document),
        steps=_steps(document),
        escalate=_ladder(document),
        sign_off=None
        if (sign := document.sign_off) is None
        else SignOff(sign.by, tuple(sign.not_same), sign.sample.value),
        complete_when=tuple(document.complete_when),
        metrics=tuple(document.metrics),
        retention=durations.parse(document.privacy.retention.value),
        examples={example.outcome: example.payload for example in reversed(document.examples)},
        labels=_labels(document),
        tracks=_tracks(document),
        variants={part.key: _hours(part.times) for part in document.variants},
        regimes={part.key: _regime(part) for part in document.regimes},
        lost_after=None if (lost := document.lost_after) is None else durations.parse(lost.value),
    )


def _records(document: Document) -> dict[str, tuple[str, ...]]:
    kinds: dict[str, tuple[str, ...]] = {}
    for part in document.outcomes:
        kind = part.record or document.record
        kinds[kind] = (*kinds.get(kind, ()), part.key)
    return kinds


def _by(span: Span) -> dict[str, timedelta]:
    return {choice: durations.parse(text) for choice, text in span.by.items()}


def _window(document: Document) -> Window | None:
    if document.window is None:
        return None
    start, end = document.window.hours.split("-")
    return Window(time.fromisoformat(start), time.fromisoformat(end))


def _steps(document: Document) -> tuple[Step, ...]:
    return tuple(
        Step(
            part.key,
            part.outcome,
            durations.parse(part.within.value),
            _by(part.within),
            part.by,
            tuple(part.not_same),
            tuple(part.also),
            part.must,
        )
        for part in document.steps
    )


def _tracks(document: Document) -> tuple[Track, ...]:
    return tuple(
        Track(
            part.key,
            _hours(part.times),
            durations.parse(part.window.value),
            durations.parse(part.grace.value),
            part.every,
            part.on_tests,
            part.random,
        )
        for part in document.tracks
    )


def _hours(texts: Sequence[str]) -> tuple[time, ...]:
    return tuple(sorted(time.fromisoformat(text) for text in texts))


def _regime(part: RegimePart) -> Regime:
    phases = (Phase(one.key, one.days, tuple(sorted(one.test_days))) for one in part.phases)
    return Regime(part.key, tuple(phases), part.label)


def _ladder(document: Document) -> tuple[Escalation, ...]:
    steps = (
        Escalation(durations.parse(part.after.value), part.to, part.how, part.condition)
        for part in document.escalate
    )
    return tuple(sorted(steps, key=lambda step: step.after))


def _labels(document: Document) -> dict[str, dict[str, str]]:
    """Every text of a version by place: `met`, `met.adult`, `outcome.done`, `step.told`, `warning.fog`."""
    labels: dict[str, dict[str, str]] = {}
    _label_fields(document.form, "", labels)
    labels.update({f"outcome.{part.key}": part.label for part in document.outcomes})
    labels.update({f"step.{part.key}": part.label for part in document.steps})
    labels.update({f"warning.{part.key}": part.label for part in document.warnings})
    labels.update({f"reference.{part.key}": part.label for part in document.reference})
    labels.update({f"track.{part.key}": part.label for part in document.tracks})
    labels.update({f"variant.{part.key}": part.label for part in document.variants})
    labels.update({f"regime.{part.key}": part.label for part in document.regimes})
    return labels


def _label_fields(parts: Sequence[FieldPart], prefix: str, labels: dict[str, dict[str, str]]) -> None:
    for part in parts:
        labels[prefix + part.key] = part.label
        labels.update({f"{prefix}{part.key}.{choice.key}": choice.label for choice in part.choices})
        _label_fields(part.fields, f"{prefix}{part.key}.", labels)


def for_phone(document: Document) -> dict[str, Any]:
    """What a phone needs of a version, as plain JSON; forms.js reads `form`, `outcomes`, `warnings`."""
    body: dict[str, Any] = {
        "reference": f"{document.slug}@{document.version}",
        "slug": document.slug,
        "version": document.version,
        "kind": document.kind.value,
        "subject": document.subject,
        "record": document.record,
        "titles": document.titles,
        "purpose": document.purpose,
        "form": [_phone_field(part) for part in document.form],
        "outcomes": [_phone_outcome(part) for part in document.outcomes],
        "warnings": [{"key": part.key, "when": part.when, "label": part.label} for part in document.warnings],
        "figures": [
            {"key": part.key, "label": part.label, "value": part.value, "unit": part.unit}
            for part in document.reference
        ],
        "due": document.due.value,
        "due_by": document.due.by or {},
        "revisit_after": None if document.revisit_after is None else document.revisit_after.value,
        "window": None if document.window is None else document.window.hours,
        "usual": None if document.usual is None else document.usual.model_dump(mode="json"),
    }
    if document.tracks:
        body["tracks"] = [{"key": part.key, "label": part.label} for part in document.tracks]
    if document.steps:
        body["steps"] = [
            {
                "key": part.key, "label": part.label, "outcomes": [part.outcome, *part.also],
                "within": part.within.value, "must": part.must, "not_same": part.not_same,
            }
            for part in document.steps
        ]  # fmt: skip
    return body


def _phone_field(part: FieldPart) -> dict[str, Any]:
    body = part.model_dump(mode="json", exclude_defaults=True, exclude={"range", "fields"})
    for name in ("max_length", "max_items", "alert_at"):
        if name in body:
            body[name] = body[name]["value"]
    if part.range is not None:
        body |= {"low": part.range.low, "high": part.range.high}
    if part.fields:
        body["fields"] = [_phone_field(inner) for inner in part.fields]
    return body


def _phone_outcome(part: OutcomePart) -> dict[str, Any]:
    body = part.model_dump(mode="json", exclude_defaults=True)
    if part.expires is not None:
        body["expires"] = part.expires.value
    return body
