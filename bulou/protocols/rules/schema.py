"""The schema of a protocol file; `library/schema.json` is generated from it.

Every number stands beside its source: `{value: P3D, source: "S#27"}`. A source is `proposal` or the id of
an entry of the file's own `sources`, so that a reader can judge a number without any other document.
"""

import json
import re
from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

from bulou.protocols.rules import durations
from bulou.protocols.terms import CLOSING, LANGUAGES, Family, FieldType, Predicate, Rung, Shape, Why

_HOUR = r"^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$"


def _duration(text: str) -> str:
    length = durations.parse(text)
    if not timedelta(0) < length <= timedelta(days=3660):
        raise ValueError(f"{text} is not between a second and ten years")
    return text


def _titles(texts: dict[str, str]) -> dict[str, str]:
    if set(texts) != set(LANGUAGES):
        raise ValueError(f"a text is wanted in each of {', '.join(LANGUAGES)}")
    if blank := [language for language, text in texts.items() if not text.strip()]:
        raise ValueError(f"the text in {blank[0]} is blank")
    return {language: texts[language] for language in LANGUAGES}


def _expression(body: dict[str, Any]) -> dict[str, Any]:
    if len(body) != 1:
        raise ValueError("an expression is an object with one operator")
    return body


Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,59}$")]
Kind = Annotated[str, Field(pattern=r"^[a-z]+\.[a-z_]+$")]
Hour = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Duration = Annotated[str, AfterValidator(_duration), Field(pattern=r"^P[0-9WDTHMS]+$")]
Texts = Annotated[
    dict[str, str],
    AfterValidator(_titles),
    WithJsonSchema(
        {
            "type": "object",
            "properties": {language: {"type": "string", "minLength": 1} for language in LANGUAGES},
            "required": list(LANGUAGES),
            "additionalProperties": False,
        }
    ),
]
OPERATORS = ("eq", "ne", "lt", "le", "gt", "ge", "in", "present", "and", "or", "not")
Expression = Annotated[
    dict[str, Any],
    AfterValidator(_expression),
    WithJsonSchema(
        {
            "type": "object",
            "properties": {operator: {} for operator in OPERATORS},
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": False,
        }
    ),
]
Source = Annotated[str, Field(pattern=r"^(proposal|[A-Z][A-Za-z0-9#§ .-]{0,19})$")]


class Part(BaseModel):
    """Base of every part of a file: unknown keys are refused, nothing is converted, nothing changes later."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


class Span(Part):
    """A duration with its source; `by` gives it per choice of the field that `due.field` names."""

    value: Duration
    source: Source
    by: dict[Key, Duration] = {}


class Due(Span):
    """When an operation is late, counted from its start."""

    field: Key | None = None


class Count(Part):
    """A whole number with its source."""

    value: Annotated[int, Field(ge=0, le=1_000_000)]
    source: Source


class Threshold(Part):
    """A measured number with its source."""

    value: float | int
    source: Source


class Range(Part):
    """The possible values of a number, both ends included."""

    low: float | int
    high: float | int
    source: Source

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low >= self.high:
            raise ValueError("low is not below high")
        return self


class ChoicePart(Part):
    """One choice of a question."""

    key: Key
    label: Texts


class FieldPart(Part):
    """One question; `privacy` is the class that decides how long an answer is kept."""

    key: Key
    type: FieldType = Field(strict=False)
    label: Texts
    privacy: Literal["open", "operational", "personal", "sensitive"]
    hint: Texts | None = None
    unit: str | None = None
    required: bool = False
    choices: list[ChoicePart] = []
    range: Range | None = None
    max_length: Count | None = None
    max_items: Count | None = None
    relevant: Expression | None = None
    alert_at: Threshold | None = None
    alert_on: list[Key] = []
    fields: list["FieldPart"] = []

    @model_validator(mode="after")
    def _complete(self) -> Self:
        kind = self.type
        wanted = {
            "choices": kind in (FieldType.ENUM, FieldType.MULTI),
            "range": kind in (FieldType.INT, FieldType.DECIMAL),
            "max_length": kind in (FieldType.TEXT, FieldType.TEXTS),
            "max_items": kind in (FieldType.LIST, FieldType.TEXTS, FieldType.PHOTOS),
            "fields": kind is FieldType.LIST,
        }
        for name, want in wanted.items():
            if bool(getattr(self, name)) is not want:
                raise ValueError(f"{self.key}: a {kind.value} {'needs' if want else 'has no'} {name}")
        if any(inner.type is FieldType.LIST for inner in self.fields):
            raise ValueError(f"{self.key}: a list may not stand in a list")
        if self.max_items is not None and not 1 <= self.max_items.value <= 50:
            raise ValueError(f"{self.key}: a list holds 1 to 50 items")
        if self.alert_at is not None and self.range is None:
            raise ValueError(f"{self.key}: only a number has alert_at")
        return self


class WarningPart(Part):
    """A warning: said when the expression holds, never a refusal."""

    key: Key
    when: Expression
    label: Texts
    source: Source


class OutcomePart(Part):
    """How an attempt ends. `when`: the answers it presupposes; `record`: its kind, if not the document's."""

    key: Key
    label: Texts
    family: Literal["open", "not_seen", "handed_over", "excused", "moved", "done"]
    closes: bool
    hint: Texts | None = None
    why: Why | None = Field(default=None, strict=False)
    needs: list[Key] = []
    expires: Span | None = None
    next: Slug | None = None
    alert: bool = False
    when: Expression | None = None
    record: Kind | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        family = Family[self.family.upper()]
        if self.closes is not (family in CLOSING):
            raise ValueError(f"{self.key}: {self.family} {'does not close' if self.closes else 'closes'}")
        if (self.expires is not None) is not (family is Family.EXCUSED):
            raise ValueError(f"{self.key}: an excuse, and nothing else, expires")
        if (self.why is not None) is not (family in (Family.NOT_SEEN, Family.HANDED_OVER)):
            raise ValueError(f"{self.key}: what is not seen or handed over, and nothing else, says why")
        if (self.why is Why.HANDED_OVER) is not (family is Family.HANDED_OVER):
            raise ValueError(f"{self.key}: handed_over as a reason belongs to the family handed_over")
        return self


class StepPart(Part):
    """One step of a case: which outcome settles it, within what time, by whom."""

    key: Key
    outcome: Key
    within: Span
    label: Texts
    by: Rung | None = Field(default=None, strict=False)
    not_same: list[Literal["worker", "worker_team"]] = []
    also: list[Key] = []
    must: bool = False


class TrackPart(Part):
    """One series of slots of a watch: at these hours each day, each `every` days, or on the test days."""

    key: Key
    label: Texts
    times: Annotated[list[Hour], Field(min_length=1, max_length=12)]
    window: Span
    grace: Span
    source: Source
    every: Annotated[int, Field(ge=1, le=30)] = 1
    on_tests: bool = False
    random: bool = False


class VariantPart(Part):
    """Other hours of the first track, for one way of working."""

    key: Key
    label: Texts
    times: Annotated[list[Hour], Field(min_length=1, max_length=12)]
    source: Source


class PhasePart(Part):
    """One part of a regime: so many days, tests on these days of it."""

    key: Key
    days: Annotated[int, Field(ge=1, le=60)]
    test_days: list[Annotated[int, Field(ge=1, le=61)]] = []


class RegimePart(Part):
    """How long somebody is watched by one set of rules, in phases that follow each other."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    label: Texts
    phases: Annotated[list[PhasePart], Field(min_length=1, max_length=4)]
    source: Source


class EscalationPart(Part):
    """One step of the ladder."""

    after: Span
    to: Rung = Field(strict=False)
    how: Literal["push", "list", "call", "visit", "report"]
    condition: Key | None = None


class SignOffPart(Part):
    """Other eyes: who signs, and the least share in percent."""

    by: Rung = Field(strict=False)
    not_same: list[Literal["worker", "worker_team"]]
    sample: Count


class SlotsPart(Part):
    """How often a unit is due and how many attempts a day may cost."""

    cadence: Literal["once", "by_class"] = "once"
    attempts_per_day: Count | None = None
    routine: dict[Key, Span] = {}


class WindowPart(Part):
    """Hours in district time within which people may be disturbed."""

    hours: Annotated[str, Field(pattern=_HOUR)]
    source: Source


class PrivacyPart(Part):
    """What is asked of people and for how long it is kept after the round is closed."""

    basis: Texts
    public_view: Literal["aggregate", "none"]
    retention: Span


class ReferencePart(Part):
    """A figure shown beside the form, such as a dose."""

    key: Key
    label: Texts
    value: float | int
    unit: str
    source: Source


class SourcePart(Part):
    """Where a number or a step comes from; `says` in plain English with the document and its date."""

    id: Source
    says: Annotated[str, Field(min_length=8, max_length=300)]
    address: str | None = None


class ExamplePart(Part):
    """A payload that fits an outcome: documentation, and checked whenever the file is read."""

    outcome: Key
    payload: dict[str, Any]


class UsualPart(Part):
    """The common case: what is answered when all is well, and the few answers that are asked even then.

    The phone shows these answers before they are confirmed, and sends them like answers given one by one.
    """

    outcome: Key
    payload: dict[Key, Any]
    ask: Annotated[list[Key], Field(max_length=3)] = []
    label: Texts


class Document(Part):
    """A protocol in one version. A version is never edited once it was loaded: copy the file and count up."""

    slug: Slug
    version: Annotated[int, Field(ge=1, le=9999)]
    kind: Shape = Field(strict=False)
    subject: Literal["dwelling", "site", "finding", "person", "vehicle", "goods", "staff", "tube"]
    record: Kind
    titles: Texts
    purpose: Texts
    due: Due
    form: Annotated[list[FieldPart], Field(min_length=1, max_length=60)]
    outcomes: Annotated[list[OutcomePart], Field(min_length=2, max_length=30)]
    complete_when: list[Annotated[Predicate, Field(strict=False)]]
    metrics: list[Key]
    privacy: PrivacyPart
    sources: Annotated[list[SourcePart], Field(min_length=1)]
    examples: list[ExamplePart]
    slots: SlotsPart = SlotsPart()
    window: WindowPart | None = None
    revisit_after: Span | None = None
    warnings: list[WarningPart] = []
    steps: list[StepPart] = []
    escalate: list[EscalationPart] = []
    sign_off: SignOffPart | None = None
    reference: list[ReferencePart] = []
    tracks: list[TrackPart] = []
    variants: list[VariantPart] = []
    regimes: list[RegimePart] = []
    lost_after: Span | None = None
    usual: UsualPart | None = None


_MACHINE = re.compile(r"(Value error, |Assertion failed, )")


def plain_reason(message: str) -> str:
    """A schema message without the library's own prefixes."""
    return _MACHINE.sub("", message)


def json_schema() -> str:
    """The text of `library/schema.json`, for editors and for people who write protocols."""
    body = Document.model_json_schema(by_alias=True)
    return json.dumps(body, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
