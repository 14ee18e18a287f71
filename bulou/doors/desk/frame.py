"""What stands around every page: area, clock, search, language, text size, the nouns on the left."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache, partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from bulou.access import queries as access
from bulou.access.terms import Actor, Role, TextSize, Verb
from bulou.doors.desk import labels
from bulou.doors.desk.around import around, whole
from bulou.kernel import clock

TEXT_COOKIE = "bulou_text"


@dataclass(frozen=True, slots=True)
class NavItem:
    """One noun on the left."""

    label: str
    href: str
    current: bool
    sub: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few values, one of which is on."""

    value: str
    label: str
    on: bool


@dataclass(frozen=True, slots=True)
class Toast:
    """What was done a moment ago, and the way back if there is one."""

    text: str
    undo_url: str = ""
    undo_token: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything that base.html shows around a page."""

    title: str
    here: str
    html_lang: str
    text_size: str
    now: datetime
    past: bool
    live: bool
    languages: tuple[Choice, ...]
    language_name: str
    text_sizes: tuple[Choice, ...]
    toasts: tuple[Toast, ...]
    query: str
    nav: tuple[NavItem, ...] = ()
    area_name: str = ""
    area_path: str = ""
    can_switch: bool = False
    me: str = ""
    me_roles: str = ""
    glass_until: datetime | None = None
    may_break_glass: bool = False


# The user's nouns in the order of a day: noun, address, verb that makes it one's business, below which noun.
NOUNS = (
    ("today", gettext_lazy("Today"), "today", None, ""),
    ("views", gettext_lazy("Views"), "views", Verb.GRID_VIEW, "today"),
    ("rounds", gettext_lazy("Rounds"), "rounds", Verb.ROUND_VIEW, ""),
    ("review", gettext_lazy("To review"), "doubtful", Verb.RECORD_REVIEW, "rounds"),
    ("arrivals", gettext_lazy("Live arrival"), "arrivals", Verb.RECORD_VIEW, "rounds"),
    ("registers", gettext_lazy("Registers"), "areas", Verb.GRID_VIEW, ""),
    ("people", gettext_lazy("People"), "people", Verb.PERSON_VIEW, ""),
    ("teams", gettext_lazy("Teams"), "teams", Verb.PERSON_VIEW, "people"),
    ("tracing", gettext_lazy("Contact tracing"), "tracing", Verb.PERSON_VIEW, "people"),
    ("restrictions", gettext_lazy("Restrictions"), "restrictions", Verb.RESTRICTION_VIEW, "people"),
    ("imports", gettext_lazy("Imports"), "imports", Verb.GRID_IMPORT, "registers"),
    ("watches", gettext_lazy("Watches"), "watches", Verb.WATCH_VIEW, ""),
    ("cases", gettext_lazy("Cases"), "cases", Verb.CASE_VIEW, "watches"),
    ("custody", gettext_lazy("Handovers"), "custody", Verb.CUSTODY_VIEW, "watches"),
    ("isolation", gettext_lazy("Isolation"), "isolation", Verb.WATCH_VIEW, ""),
    ("gates", gettext_lazy("Gates"), "gates", Verb.GATE_VIEW, ""),
    ("passes", gettext_lazy("Household passes"), "passes", Verb.PASS_VIEW, "gates"),
    ("testing", gettext_lazy("Testing"), "testing", Verb.ROUND_VIEW, ""),
    ("testing_plans", gettext_lazy("Plans"), "testing_plans", Verb.ROUND_VIEW, "testing"),
    ("disinfection", gettext_lazy("Disinfection"), "disinfection", Verb.ROUND_VIEW, ""),
    ("zones", gettext_lazy("Zones"), "zones", Verb.GRID_VIEW, ""),
    ("orders", gettext_lazy("Orders"), "orders", Verb.ROUND_VIEW, "zones"),
    ("findings", gettext_lazy("Findings"), "findings", Verb.FINDING_VIEW, ""),
    ("reports", gettext_lazy("Reports"), "reports", Verb.REPORT_VIEW, ""),
    ("settings", gettext_lazy("Settings"), "accounts", Verb.ACCOUNT_VIEW, ""),
    ("proposals", gettext_lazy("Roles to approve"), "proposals", Verb.ACCOUNT_APPROVE, "settings"),
    ("glass", gettext_lazy("Emergency roles"), "glass", Verb.GLASS_REVIEW, "settings"),
    ("devices", gettext_lazy("Devices"), "devices", Verb.DEVICE_VIEW, "settings"),
)


_NOUN_VERBS = frozenset(verb for _key, _label, _to, verb, _above in NOUNS if verb is not None)


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    title: str,
    live: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Answer with a page inside the frame; `shown_at` in the context is its moment, where that is not now."""
    built = build(request, title=title, live=live, at=context.get("shown_at"))
    shown = {**context, "frame": built, "around": partial(around, request, built)}
    return render(request, template, shown, status=status)


def page_of(
    request: HttpRequest, body: SafeString, *, title: str, live: bool = False, at: datetime | None = None
) -> HttpResponse:
    """Answer with a page whose body is markup already; no template is filled in for it."""
    return HttpResponse(whole(request, build(request, title=title, live=live, at=at), body))


def build(request: HttpRequest, *, title: str, live: bool = False, at: datetime | None = None) -> Frame:
    """Return the frame of a page; it asks the database nothing that the request has not asked already."""
    language = get_language() or settings.LANGUAGE_CODE
    actor: Actor | None = getattr(request, "actor", None)
    area = getattr(request, "area", "")
    size = text_size(request)
    return Frame(
        title=title,
        here=request.get_full_path(),
        html_lang=labels.html_lang(language),
        text_size=size,
        now=(at or clock.now()).astimezone(clock.DISTRICT_ZONE).replace(microsecond=0),
        past=at is not None,
        live=live,
        languages=_languages(language),
        language_name=local_name(language),
        text_sizes=_text_sizes(size, language),
        toasts=_toasts(request),
        query=request.GET.get("q", ""),
        nav=_nav(request, actor, language) if actor else (),
        area_name=request.session.get("area_name", area) if actor else "",
        area_path=area,
        can_switch=bool(actor),
        me=actor.display_name if actor else "",
        me_roles=_roles(tuple(grant.role for grant in actor.grants), language) if actor else "",
        glass_until=access.glass_until(actor) if actor else None,
        may_break_glass=bool(actor and access.scope_of(actor, Verb.GLASS_BREAK).paths),
    )


@cache
def _languages(chosen: str) -> tuple[Choice, ...]:
    return tuple(Choice(code, local_name(code), code == chosen) for code, _name in settings.LANGUAGES)


@cache
def _text_sizes(chosen: str, _language: str) -> tuple[Choice, ...]:
    return tuple(Choice(s.value, str(labels.TEXT_SIZES[s]), s.value == chosen) for s in TextSize)


@cache
def local_name(code: str) -> str:
    """Return the name of a language in that language."""
    return str(get_language_info(code)["name_local"])


def text_size(request: HttpRequest) -> str:
    """Return the chosen text size; anything else in the cookie is the normal one."""
    chosen = request.COOKIES.get(TEXT_COOKIE, "")
    return chosen if chosen in set(TextSize) else TextSize.NORMAL.value


def say(request: HttpRequest, text: str, *, undo_url: str = "", undo: UUID | str = "") -> None:
    """Tell on the next page what was done; with an address, offer the way back for ten seconds."""
    waiting = request.session.get("toasts", [])
    request.session["toasts"] = [*waiting, [text, undo_url, str(undo)]]


def _toasts(request: HttpRequest) -> tuple[Toast, ...]:
    waiting = (
        request.session.pop("toasts", [])
        if hasattr(request, "session") and "toasts" in request.session
        else []
    )
    return tuple(Toast(*parts) for parts in waiting)


def _nav(request: HttpRequest, actor: Actor, language: str) -> tuple[NavItem, ...]:
    here = getattr(request.resolver_match, "url_name", "") or ""
    noun = next((n for n, pages in labels.PAGES_OF.items() if here in pages), "")
    return _nouns(access.held_anywhere(actor, _NOUN_VERBS), noun, language)


@lru_cache(1024)
def _nouns(held: frozenset[Verb], noun: str, _language: str) -> tuple[NavItem, ...]:
    """The nouns for who holds these verbs somewhere, in the language of this moment."""
    parent = {key: above for key, _label, _to, _verb, above in NOUNS}
    shown = []
    for key, label, to, verb, above in NOUNS:
        if verb is not None and verb not in held:
            continue
        if above and noun not in {above, key} and parent.get(noun) != above:
            continue
        shown.append(NavItem(str(label), reverse(f"desk:{to}"), key == noun, bool(above)))
    return tuple(shown)


@lru_cache(1024)
def _roles(roles: tuple[Role, ...], _language: str) -> str:
    held = dict.fromkeys(str(labels.ROLES[role]) for role in roles)
    return _(" · ").join(held) or _("no role at present")
