"""Records as a timeline: who, when by both clocks, what, from where; corrections beside what they correct."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from bulou.access import queries as access
from bulou.doors.desk import errors, gate_words, labels, person_history, protocol_words
from bulou.kernel.problems import Problem
from bulou.ledger.terms import Entry, Standing

CLOCKS_DIFFER = timedelta(minutes=1)
CAME_LATER = timedelta(minutes=10)
# Steps of a finding end in what they are called; only a verdict adds something.
VERDICTS = {
    "told": "",
    "planned": "",
    "fixed": "",
    "reason_given": "",
    "passed": gettext_lazy("passed"),
    "failed": pgettext_lazy("check", "failed"),
}


@dataclass(frozen=True, slots=True)
class Happened:
    """One record as a timeline shows it."""

    id: UUID
    at: datetime
    phone_clock: datetime | None
    received_at: datetime | None
    what: str
    outcome: str
    who: str
    source: str
    answers: tuple[tuple[str, str], ...]
    mark: str
    doubts: tuple[str, ...]
    followers: tuple["Happened", ...] = ()

    @property
    def said(self) -> str:
        """What happened and how it ended, in one line."""
        if not self.outcome:
            return self.what
        return _("%(what)s: %(outcome)s") % {"what": self.what, "outcome": self.outcome}


@dataclass(frozen=True, slots=True)
class Names:
    """Names of the accounts and devices that records speak of, read in one go."""

    accounts: Mapping[UUID, str]
    devices: Mapping[UUID, str]


def names_in(entries: Iterable[Entry]) -> Names:
    """Return the names of all authors and devices. 2 queries."""
    entries = tuple(entries)
    return Names(
        access.display_names({e.author for e in entries}),
        access.device_names({e.device for e in entries if e.device}),
    )


def timeline(entries: Sequence[Entry], names: Names) -> tuple[Happened, ...]:
    """Return records newest first; a record that speaks about another stands under that one."""
    known = {entry.id for entry in entries}
    followers: dict[UUID, list[Entry]] = {}
    for entry in entries:
        if entry.target in known and entry.target is not None:
            followers.setdefault(entry.target, []).append(entry)
    tops = [e for e in entries if e.target not in known]
    return tuple(_item(entry, names, followers) for entry in reversed(tops))


def _item(entry: Entry, names: Names, followers: Mapping[UUID, list[Entry]]) -> Happened:
    later = followers.get(entry.id, [])
    drift = abs(entry.observed_at - entry.effective_at)
    return Happened(
        id=entry.id,
        at=entry.effective_at,
        phone_clock=entry.observed_at if drift >= CLOCKS_DIFFER else None,
        received_at=entry.received_at if entry.received_at - entry.effective_at >= CAME_LATER else None,
        what=kind_word(entry),
        outcome=outcome_word(entry),
        who=who(entry, names),
        source=source(entry, names),
        answers=answers(entry),
        mark=_mark(entry, later),
        doubts=doubts(entry.problems, entry.protocol),
        followers=tuple(_item(e, names, followers) for e in later),
    )


def _mark(entry: Entry, later: Sequence[Entry]) -> str:
    """Say how the record is marked: void once corrected, withdrawn or rejected; doubt until accepted."""
    if any(e.corrects == entry.id or e.withdraws == entry.id or e.kind == "record.rejected" for e in later):
        return "void"
    accepted = any(e.accepts == entry.id and e.kind == "record.accepted" for e in later)
    return "doubt" if entry.standing is Standing.DOUBTFUL and not accepted else ""


def kind_word(entry: Entry) -> str:
    """Return what a kind of record is called; a correction says so."""
    word = str(person_history.ACTS.get(entry.kind) or labels.of(labels.KINDS, entry.kind))
    if entry.corrects:
        return _("Correction: %(kind)s") % {"kind": word}
    if entry.withdraws:
        return _("Withdrawn: %(kind)s") % {"kind": word}
    return word


def outcome_word(entry: Entry) -> str:
    """Return how a record ended; nothing where its kind has said it already."""
    if not entry.outcome:
        return ""
    told = protocol_words.outcome(entry.protocol, entry.outcome)
    if told != entry.outcome:
        return told
    return str(gate_words.PASSAGES.get(entry.outcome) or VERDICTS.get(entry.outcome, told))


def who(entry: Entry, names: Names) -> str:
    """Return who made a record and for which team."""
    name = names.accounts.get(entry.author, "") or _("the system")
    return f"{name} · {entry.team}" if entry.team else name


def source(entry: Entry, names: Names) -> str:
    """Return from where a record came: a device, or a desk."""
    if entry.device is None:
        return _("made at a desk")
    name = names.devices.get(entry.device, str(entry.device)[-6:])
    if entry.device_seq is None:
        return name
    return _("%(device)s, number %(n)s") % {"device": name, "n": entry.device_seq}


def doubts(problems: Sequence[str], protocol: str = "") -> tuple[str, ...]:
    """Return problem codes as sentences; `form.required:met` names the question after the colon."""
    return tuple(doubt(problem, protocol) for problem in problems)


def doubt(problem: str, protocol: str) -> str:
    """Return one problem of a record as a sentence."""
    code, _colon, field = problem.partition(":")
    return errors.words(Problem(code, {"field": protocol_words.question(protocol, field)}))


def answers(entry: Entry) -> tuple[tuple[str, str], ...]:
    """Return what was answered, as questions and answers."""
    payload = read(entry.payload)
    if person_history.is_act(entry.kind):
        return person_history.said(payload)
    return protocol_words.answers(entry.protocol, payload)


def read(payload: bytes) -> dict[str, Any]:
    """Return a payload as a mapping; an unreadable one is empty."""
    try:
        found = json.loads(payload or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
