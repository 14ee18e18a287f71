"""From the text of a protocol file to a checked document; the only place where YAML is understood."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import yaml
from pydantic import ValidationError

from bulou.protocols.rules.compiling import fields_of, form_of
from bulou.protocols.rules.expressions import problems_of
from bulou.protocols.rules.schema import Document, FieldPart, plain_reason
from bulou.protocols.terms import OUTCOME, YESNO_CHOICES, Field, FieldType, Shape


class InvalidProtocolError(ValueError):
    """A file that is no protocol; the message names the place and says what is wanted."""


# The parser in C takes a quarter of the time, and every start waits for it (14 files: 0.86 s, so 0.23 s).
class _Loader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]
    """YAML read as JSON would be: `no`, `08:00`, `2020-01-25` stay texts; a key may stand only once."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, Any]]] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        counted = Counter(key.value for key, _ in node.value if isinstance(key.value, str))
        if twice := [key for key, n in counted.items() if n > 1]:
            raise InvalidProtocolError(f"line {node.start_mark.line + 1}: {twice[0]} stands twice")
        made: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return made


_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:null|)$"), ["n", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789")
)
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$"), list("-0123456789")
)


def read(text: str) -> Document:
    """The protocol in a YAML text, complete and without contradiction.

    Raises:
        InvalidProtocolError: with the first thing that is wrong and its place.
    """
    try:
        # _Loader is a SafeLoader: it builds plain data only.
        body = yaml.load(text, Loader=_Loader)  # noqa: S506
    except yaml.YAMLError as error:
        raise InvalidProtocolError(" ".join(str(error).split())) from error
    return check(body)


def check(body: object) -> Document:
    """The document in plain data, such as a stored version; same guarantee and errors as `read`."""
    try:
        document = Document.model_validate(body)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "file"
        raise InvalidProtocolError(f"{place}: {plain_reason(first['msg'])}") from error
    for problem in _contradictions(document):
        raise InvalidProtocolError(problem)
    return document


def canonical(document: Document) -> str:
    """The one JSON text of a document; equal documents have equal texts, whatever the order in the file."""
    body = document.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(document: Document) -> str:
    """SHA-256 of the canonical text, in hex: the identity of a version's content."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def _contradictions(document: Document) -> Iterable[str]:
    """What the schema cannot see, most basic first; later checks assume that earlier ones found nothing."""
    yield from _twice(document)
    outcomes = [outcome.key for outcome in document.outcomes]
    yield from _form_problems(document.form, outcomes, "form")
    yield from _names(document)
    yield from _sources(document)
    yield from _times(document)
    yield from _examples(document)
    yield from _usual(document)


def _twice(document: Document) -> Iterable[str]:
    groups = {
        "outcomes": [outcome.key for outcome in document.outcomes],
        "steps": [step.key for step in document.steps],
        "warnings": [warning.key for warning in document.warnings],
        "reference": [figure.key for figure in document.reference],
        "tracks": [track.key for track in document.tracks],
        "variants": [variant.key for variant in document.variants],
        "regimes": [regime.key for regime in document.regimes],
        "sources": [source.id for source in document.sources],
    }
    for name, keys in groups.items():
        for key, n in Counter(keys).items():
            if n > 1:
                yield f"{name}: {key} stands twice"
    if not any(outcome.family == "done" for outcome in document.outcomes):
        yield "outcomes: none of them is done"


def _form_problems(parts: list[FieldPart], outcomes: list[str], place: str) -> Iterable[str]:
    """A question may look only at questions before it, so relevance is settled in one pass."""
    before: list[Field] = []
    for part, field in zip(parts, fields_of(parts), strict=True):
        here = f"{place}.{part.key}"
        if part.key == OUTCOME or part.key in {earlier.key for earlier in before}:
            yield f"{here}: the name is taken"
        choices = [choice.key for choice in part.choices]
        if part.type is FieldType.YESNO_UNKNOWN:
            choices = list(YESNO_CHOICES)
        if len(set(choices)) < len(choices):
            yield f"{here}: a choice stands twice"
        if strange := sorted(set(part.alert_on) - set(choices)):
            yield f"{here}: alert_on names {strange[0]}, which is no choice"
        if part.relevant is not None:
            for problem in problems_of(part.relevant, before, outcomes):
                yield f"{here}: {problem}"
        yield from _form_problems(part.fields, outcomes, here)
        before.append(field)


def _names(document: Document) -> Iterable[str]:
    """Names that one part of the file uses of another must be there."""
    fields = fields_of(document.form)
    outcomes = [outcome.key for outcome in document.outcomes]
    tests = [(f"outcomes.{part.key}", part.when) for part in document.outcomes if part.when is not None]
    tests += [(f"warnings.{part.key}", part.when) for part in document.warnings]
    for place, test in tests:
        yield from (f"{place}: {problem}" for problem in problems_of(test, fields, outcomes))
    keys = {field.key for field in fields}
    for outcome in document.outcomes:
        yield from (
            f"outcomes.{outcome.key}: needs {key}, which is no question"
            for key in outcome.needs
            if key not in keys
        )
    for step in document.steps:
        for outcome_key in (step.outcome, *step.also):
            if outcome_key not in outcomes:
                yield f"steps.{step.key}: there is no outcome {outcome_key}"
    yield from _shape(document)


def _shape(document: Document) -> Iterable[str]:
    """A watch has tracks and regimes, and nothing else has; test days lie within their phase."""
    watch = document.kind is Shape.WATCH
    for name, parts in (("tracks", document.tracks), ("regimes", document.regimes)):
        if bool(parts) is not watch:
            yield f"{name}: a {document.kind.value} {'needs' if watch else 'has no'} {name}"
    for regime in document.regimes:
        for phase in regime.phases:
            if phase.test_days and max(phase.test_days) > phase.days + 1:
                yield f"regimes.{regime.key}: a test day lies after the phase {phase.key}"


def _sources(document: Document) -> Iterable[str]:
    declared = {source.id for source in document.sources} | {"proposal"}
    used = set(_named_sources(document.model_dump(mode="json", exclude={"sources", "examples"})))
    for source in sorted(used - declared):
        yield f"sources: {source} is used but not declared"


def _named_sources(body: object) -> Iterable[str]:
    if isinstance(body, Mapping):
        if isinstance(body.get("source"), str):
            yield body["source"]
        for part in body.values():
            yield from _named_sources(part)
    elif isinstance(body, list):
        for part in body:
            yield from _named_sources(part)


def _times(document: Document) -> Iterable[str]:
    """Times per choice name every choice of the deciding question, so that no case is without a time."""
    choices: dict[str, set[str]] = {
        part.key: {choice.key for choice in part.choices} for part in document.form
    }
    decides = document.due.field
    if decides is not None and not choices.get(decides):
        yield f"due: {decides} is no question with choices"
        return
    spans = [("due", document.due.by), *((f"steps.{step.key}", step.within.by) for step in document.steps)]
    for place, by in spans:
        if by and (decides is None or set(by) != choices[decides]):
            yield f"{place}: a time is wanted for each choice of the field that due.field names"


def _usual(document: Document) -> Iterable[str]:
    """With the asked questions left open, the usual answers lack nothing else, and cause no alert."""
    usual = document.usual
    if usual is None:
        return
    form = form_of(document)
    if usual.outcome not in {outcome.key for outcome in document.outcomes}:
        yield f"usual: there is no outcome {usual.outcome}"
        return
    asked = {f"form.required:{key}" for key in usual.ask}
    yield from (
        f"usual: {problem}" for problem in form.problems(usual.payload, usual.outcome) if problem not in asked
    )
    yield from (f"usual: {path} is an alert" for path in form.alerts(usual.payload))
    keys = {field.key for field in document.form}
    yield from (f"usual: asks {key}, which is no question" for key in usual.ask if key not in keys)
    yield from (f"usual: {key} is both answered and asked" for key in usual.ask if key in usual.payload)


def _examples(document: Document) -> Iterable[str]:
    """Each outcome has an example, and every example passes the form."""
    form = form_of(document)
    shown = {example.outcome for example in document.examples}
    for outcome in document.outcomes:
        if outcome.key not in shown:
            yield f"examples: there is none for {outcome.key}"
    for n, example in enumerate(document.examples):
        for problem in form.problems(dict(example.payload), example.outcome):
            yield f"examples.{n}: {problem}"
