"""How are you today: a person's own report, and what became of the ones before."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _

from bulou.cases.terms import Case
from bulou.doors.public import words
from bulou.intake.actions import reporting
from bulou.kernel import ids
from bulou.kernel.problems import ProblemError
from bulou.protocols import queries as protocols
from bulou.protocols.terms import Compiled
from bulou.watches.queries import watches
from bulou.watches.rules import reports, schedule
from bulou.watches.terms import SELF_REPORT, Settled, SlotState, Timeline

SHOWN = 6
SOON = timedelta(hours=2)
_NUMBER = re.compile(
    r"(\d{1,3})(?:\D(\d{0,3}))?\D{0,3}"
)  # whatever mark stands between, whatever unit behind


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose."""

    key: str
    word: str
    on: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One report, and whether somebody has looked at it."""

    at: datetime
    temperature: float | None
    word: str
    looked: str


@dataclass(frozen=True, slots=True)
class Form:
    """The questions, with what was typed when something was wrong."""

    id: UUID
    well: str
    temperature: str
    symptoms: tuple[Choice, ...]
    problem: str
    last_day: datetime
    next_at: datetime | None
    told: tuple[Told, ...]
    alarmed: bool


@dataclass(frozen=True, slots=True)
class Call:
    """One call for help, and how far it has come."""

    at: datetime
    what: str
    word: str


def form(made: Timeline, now: datetime, sent: Mapping[str, object], problem: str = "") -> Form:
    """Return the questions about today, in the words of the protocol."""
    compiled = watches.compiled_of(made)
    mine = [one for one in reversed(made.slots) if one.channel == SELF_REPORT]
    chosen = sent.get("symptoms")
    on = set(chosen) if isinstance(chosen, list) else set()
    asked = next((f for f in compiled.form.fields if f.key == "symptoms"), None)
    choices = [key for key in asked.choices if key != reports.NONE] if asked else []
    latest = next(iter(mine), None)
    return Form(
        id=ids.uuid7(), well=str(sent.get("well", "")), temperature=str(sent.get("temperature", ""))[:10],
        symptoms=tuple(Choice(key, _choice(compiled, "symptoms", key), key in on) for key in choices),
        problem=problem, last_day=made.watch.plan.ends_at - timedelta(days=1), next_at=_next(made, now),
        told=tuple(_told(one) for one in mine[:SHOWN]),
        alarmed=bool(latest and latest.alert and now - latest.at < timedelta(days=1)),
    )  # fmt: skip


def report(request: HttpRequest, district: str, made: Timeline) -> str:
    """Keep what was answered; return what is wrong with it in words, or nothing."""
    if request.POST.get("well") not in ("yes", "no"):
        return _("Say how you are: well, or not well.")
    try:
        well = request.POST["well"] == "yes"
        said = reporting.OwnWords(
            id=UUID(request.POST.get("id", "")), well=well,
            temperature=_degrees(request.POST.get("temperature", "")),
            symptoms=request.POST.getlist("symptoms")[:20] or ([reports.NONE] if well else []),
        )  # fmt: skip
    except ValueError:
        return _("Write the temperature as a number, like 36.5.")
    try:
        reporting.report_oneself(district, made.watch.id, said)
    except ProblemError as error:
        return words.problem(error.problem, watches.compiled_of(made).labels)
    return ""


def helps() -> tuple[Choice, ...]:
    """Return what can be asked for, in the words of the protocol; nothing where it is not loaded."""
    try:
        compiled = protocols.latest(reporting.HELP)
    except ProblemError:
        return ()
    asked = next(f for f in compiled.form.fields if f.key == compiled.due_field)
    return tuple(Choice(key, _choice(compiled, asked.key, key), on=False) for key in asked.choices)


def labels_of_help() -> Mapping[str, Mapping[str, str]]:
    """Return the words of the form for help."""
    return protocols.latest(reporting.HELP).labels


def calls(found: tuple[Case, ...]) -> tuple[Call, ...]:
    """Return the calls for help with how far each has come."""
    return tuple(
        Call(
            one.opened_at, _wish(one),
            _("done") if not one.is_open else _("somebody looks after it") if any(
                step.settled_at for step in one.steps) else _("received, not answered yet"),
        )
        for one in found
    )  # fmt: skip


def _wish(one: Case) -> str:
    compiled = protocols.compiled(one.protocol)
    return _choice(compiled, compiled.due_field or "", one.wish)


def _told(one: Settled) -> Told:
    looked = {
        SlotState.REPORTED: _("received; a worker looks at it"),
        SlotState.NOT_SEEN: _("a worker found it otherwise"),
    }.get(one.state, _("looked at by a worker"))
    return Told(one.at, one.temperature, _("not well") if one.alert else _("well"), looked)


def _next(made: Timeline, now: datetime) -> datetime | None:
    """When the next report is due: the first slot from now on about which nothing was said."""
    said = {(one.track, one.due_at) for one in made.slots if one.state >= SlotState.REPORTED}
    owed = schedule.slots(made.watch.plan, now - SOON, min(made.watch.until, now + timedelta(days=2)))
    open_ = (one.due_at for one in owed if one.track == made.watch.plan.main)
    return min((at for at in open_ if (made.watch.plan.main, at) not in said), default=None)


def _degrees(typed: str) -> float | None:
    """A temperature however it was typed: 36.5, 36,5, full-width digits, with or without the unit.

    Raises:
        ValueError: it is no number.
    """
    plain = unicodedata.normalize("NFKC", typed).strip()
    if not plain:
        return None
    found = _NUMBER.fullmatch(plain)
    if found is None:
        raise ValueError(plain)
    return round(float(f"{found[1]}.{found[2] or 0}"), 1)


def _choice(compiled: Compiled, key: str, value: str) -> str:
    return words.pick(compiled.labels.get(f"{key}.{value}", {})) or value
