"""What offices did about a person, as the timeline of the person says it: acts of law, names, looks."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from bulou.doors.desk import labels
from bulou.doors.desk import people_words as words
from bulou.doors.desk.restriction_words import EVIDENCES, MEASURES, OUTCOMES

Words = Mapping[Any, object]

ACTS: Words = MappingProxyType(
    {
        "restriction.evidence": gettext_lazy("Evidence noted"),
        "restriction.proposed": gettext_lazy("A measure was proposed"),
        "restriction.decided": gettext_lazy("A measure was decided"),
        "restriction.refused": gettext_lazy("A measure was refused"),
        "restriction.stopped": gettext_lazy("An attempt was stopped"),
        "restriction.frozen": gettext_lazy("A measure was stopped by supervision"),
        "restriction.lifted": gettext_lazy("A measure was lifted"),
        "restriction.notice": gettext_lazy("Notice printed"),
        "restriction.appeal": gettext_lazy("Objection received"),
        "restriction.answered": gettext_lazy("Objection answered"),
        "restriction.reviewed": gettext_lazy("Objection answered by supervision"),
        "team.planned": gettext_lazy("Roles of an area set"),
        "team.named": gettext_lazy("Somebody was named for a role"),
        "team.ended": gettext_lazy("A role was given back"),
        "identity.held": gettext_lazy("Identity taken into the vault"),
        "identity.revealed": gettext_lazy("Identity looked at"),
        "identity.disputed": gettext_lazy("A fact was disputed"),
        "identity.settled": gettext_lazy("A disputed fact was settled"),
        "identity.purged": gettext_lazy("Identities destroyed"),
        "identity.imported": gettext_lazy("A file of people taken in"),
        "watch.card": gettext_lazy("Card printed"),
        "screening.person": pgettext_lazy("person", "Registered"),
    }
)
"""Kinds of records that are made by acts and not handed in."""


def _as_it_is(value: object) -> str:
    return str(value)


def _of(table: Words) -> Callable[[object], str]:
    return lambda value: labels.of(table, str(value))


_SHOWN: Mapping[str, tuple[Any, Callable[[object], str]]] = {
    "evidence": (gettext_lazy("Evidence"), _of(EVIDENCES)),
    "source": (gettext_lazy("What is known, and from whom"), _as_it_is),
    "measure": (gettext_lazy("Measure"), _of(MEASURES)),
    "outcome": (gettext_lazy("Answer"), _of(OUTCOMES)),
    "role": (gettext_lazy("Role"), _of(words.TEAM_ROLES)),
    "keep": (gettext_lazy("Kept as"), _of(words.KEEPS)),
    "trigger": (gettext_lazy("Trigger"), _of(words.TRIGGERS)),
    "purpose": (gettext_lazy("Purpose"), _of(words.PURPOSES)),
    "basis": (gettext_lazy("Rests on"), _as_it_is),
    "reason": (gettext_lazy("Reason"), _as_it_is),
}


def is_act(kind: str) -> bool:
    """Return whether records of this kind are made by acts, so that their payload is no form."""
    return kind in ACTS and kind != "screening.person"


def said(payload: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return what an act says, in words; numbers of accounts and rows are left out."""
    return tuple(
        (str(label), word(payload[key])) for key, (label, word) in _SHOWN.items() if payload.get(key)
    )
