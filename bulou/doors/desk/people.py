"""People on the register: search, list, one person with everything that is known, and who looked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods

from bulou.access import queries as access
from bulou.access.terms import Verb
from bulou.doors.desk import frame, history, labels, lists, people_acts
from bulou.doors.desk import people_words as words
from bulou.doors.desk.asking import DeskRequest, may, may_anywhere, scope_for, top_of
from bulou.doors.desk.figures import number
from bulou.grid import queries as grid
from bulou.intake import queries as intake
from bulou.kernel import clock, reach
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope
from bulou.lines.screening.queries import register, teams
from bulou.lines.screening.terms import Channel, Folded, MergeState, Registered, Risk, Standing, Wanted
from bulou.people.actions import reading
from bulou.people.queries import found, identity, reads
from bulou.people.terms import Asked, Look, Masked, Purpose, Trigger

LIST = Asked(Purpose.REGISTER)
CLASSES = {Risk.KEY: "bad", Risk.ATTENTION: "part", Risk.GENERAL: ""}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person in a list, masked."""

    person_id: UUID
    href: str
    name: str
    phones: str
    place: str
    risk: str
    risk_class: str
    triggers: str
    came: str
    found_at: datetime | None
    channel: str
    empty: int


@dataclass(frozen=True, slots=True)
class Looked:
    """One look at the person."""

    at: datetime
    who: str
    role: str
    how: str
    purpose: str
    fields: str
    reason: str


@dataclass(frozen=True, slots=True)
class HeldRow:
    """What is held, why and until when."""

    keep: str
    trigger: str
    basis: str
    reason: str
    fields: str
    held_at: datetime
    until: date


@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """List the register, newest first; or, with a text, whom it can mean."""
    scope = scope_for(request, Verb.PERSON_VIEW)
    text = request.GET.get("who", "").strip()[:60]
    wanted = _wanted(request, scope)
    if text:
        rows, following, total = _searched(request, scope, text), None, None
    else:
        page, following, total = register.registered(scope, wanted, cursor=request.GET.get("cursor"))
        rows = person_rows(request, scope, page)
    context = {
        "rows": rows,
        "text": text,
        "filters": () if text else _filters(request, scope, wanted),
        "clear_href": "?" if set(request.GET) - {"area", "cursor"} else "",
        "pager": lists.pager(request, following, total),
        "may_register": may_anywhere(request, Verb.PERSON_REGISTER),
        "may_merge": may_anywhere(request, Verb.PERSON_MERGE),
        "may_restrict": may(request, Verb.RESTRICTION_DECIDE, request.area),
        "print_href": f"{reverse('desk:people_register')}{lists.address(request.GET)}",
    }
    return frame.page(request, "desk/people/index.html", context, title=_("People"))


@require_http_methods(["GET", "POST"])
def person(request: DeskRequest, person_id: UUID) -> HttpResponse:
    """Show one person: masked identity, what the register says, team, who looked, and what one may do."""
    scope = scope_for(request, Verb.PERSON_VIEW)
    anchor = found.person(scope, person_id)
    one = _on_register(scope, person_id)
    forms = people_acts.forms_of(request, anchor.path, one)
    step = request.POST.get("step", "")
    form = forms.get(step)
    if request.method == "POST":
        if form is None:
            raise ProblemError("access.not_allowed", status=403, verb=step[:20])
        answer = people_acts.do(request, form, person_id, anchor.path)
        if answer is not None:
            return answer
    context = _page(request, scope, person_id, anchor.path)
    context |= _facts(scope, one, anchor.path, _moment(request))
    context |= {"forms": tuple(forms.values()), "reveal_form": people_acts.reveal_form(request, anchor.path)}
    status = form.status if form is not None else 200
    return frame.page(request, "desk/people/person.html", context, title=_("Person"), status=status)


def _page(request: DeskRequest, scope: Scope, person_id: UUID, path: str) -> dict[str, object]:
    shown = reading.masked(request.actor, [person_id], LIST, look=Look.OPENED).get(person_id)
    district = path.partition(".")[0]
    looked = reads.of_person(district, person_id, limit=50)
    people = access.display_names({row.account for row in looked})
    entries = intake.history(scope, person_id)
    names = _names(scope, {path})
    return {
        "person_id": person_id,
        "shown": shown,
        "name": shown.name if shown else _("nobody's name is held"),
        "crumbs": lists.crumbs(names, path, top=top_of(scope, path), to=f"{reverse('desk:people')}?area="),
        "place": reach.spelled(path, names),
        "held": tuple(
            HeldRow(
                labels.of(words.KEEPS, h.keep), labels.of(words.TRIGGERS, h.trigger), h.basis, h.reason,
                lists.join(words.FIELDS[f] for f in h.fields), h.held_at, clock.local_date(h.expires_at),
            )
            for h in identity.held_about(district, person_id)
        ),
        "looked": tuple(
            Looked(
                row.at, people.get(row.account, _("the system")), labels.of(labels.ROLES, row.role),
                labels.of(words.LOOKS, row.look), labels.of(words.PURPOSES, row.purpose),
                lists.join(words.FIELDS[f] for f in row.fields), row.reason,
            )
            for row in looked
        ),
        "disputes": tuple(
            (d, labels.of(words.FIELDS, d.field), labels.of(words.DISPUTED, d.state))
            for d in identity.disputes(scope, person=person_id)
        ),
        "timeline": history.timeline(entries, history.names_in(entries)),
        "may_reveal": shown is not None and may(request, Verb.PERSON_REVEAL, path),
        "may_settle": may(request, Verb.PERSON_MERGE, path),
        "may_team": may(request, Verb.TEAM_SET, path),
        "path": path,
        "may_restrict": may(request, Verb.RESTRICTION_DECIDE, path),
    }  # fmt: skip


def _moment(request: DeskRequest) -> datetime:
    """The moment at which the team is asked for: now, or noon of a day that was chosen."""
    try:
        on = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return clock.now()
    start, end = clock.day_bounds(on)
    return min(start + (end - start) / 2, clock.now())


def _facts(scope: Scope, one: Registered | None, path: str, at: datetime) -> dict[str, object]:
    if one is None:
        return {"one": None, "team": None, "facts": ()}
    facts = one.facts
    team = teams.of_person(scope, one.person_id, at)
    people = access.display_names({row.account for row in team.answering})
    merges = register.merges(scope, person_id=one.person_id, states=(MergeState.PROPOSED, MergeState.MERGED))
    return {
        "one": one,
        "risk": labels.of(words.RISKS, one.risk),
        "risk_class": CLASSES[one.risk],
        "by_rule": one.by_rule,
        "standing": labels.of(words.STANDINGS, facts.standing),
        "facts": _said(facts),
        "team": tuple(
            (
                labels.of(words.TEAM_ROLES, row.role), people.get(row.account, "–"), row.since,
                row.target != str(one.person_id),
            )
            for row in team.answering
        ),
        "team_on": clock.local_date(at).isoformat(),
        "today": clock.local_date(clock.now()).isoformat(),
        "empty": tuple((labels.of(words.TEAM_ROLES, role), at) for role, at in team.empty.items()),
        "merges": merges,
        "companions": tuple((other, reverse("desk:person", args=(other,))) for other in facts.companions),
        "key": one.risk is Risk.KEY and facts.standing is Standing.ON,
        "path": path,
    }  # fmt: skip


def _said(facts: Folded) -> tuple[tuple[str, str], ...]:
    stays = lists.join(came_from((stay,)) for stay in facts.stays)
    said = [
        (_("Trigger"), lists.join(words.TRIGGERS[t] for t in facts.triggers)),
        (_("Came from"), stays),
        (_("Arrived"), facts.arrived_on.isoformat() if facts.arrived_on else ""),
        (_("By"), lists.join(w for w in (facts.transport, facts.trip) if w)),
        (_("Contact with people from there or with a case"), labels.of(words.CONTACTS, facts.contact)),
        (
            pgettext("person", "Registered"),
            f"{clock.local_date(facts.found_at)} {labels.of(words.CHANNELS, facts.channel)}",
        ),
        (_("Off the register"), labels.of(words.LEFT, facts.left_why) if facts.left_why else ""),
    ]
    return tuple((word, value) for word, value in said if value)


def came_from(stays: Iterable[object]) -> str:
    """Return stays in one line: place, and until when."""
    told = []
    for stay in stays:
        place = getattr(stay, "place", "") or getattr(stay, "code", "")
        left = getattr(stay, "left_on", None)
        told.append(_("%(place)s, left %(day)s") % {"place": place, "day": left} if left else place)
    return lists.join(told)


def person_rows(
    request: DeskRequest, scope: Scope, page: Iterable[Registered], *, look: Look = Look.LISTED
) -> tuple[PersonRow, ...]:
    """Return people of the register as lists show them; each look is logged."""
    page = tuple(page)
    shown = reading.masked(request.actor, [one.person_id for one in page], LIST, look=look)
    names = _names(scope, {one.facts.path for one in page})
    empty = _empty_roles(page)
    return tuple(
        PersonRow(
            person_id=one.person_id,
            href=reverse("desk:person", args=(one.person_id,)),
            name=_name(shown.get(one.person_id)),
            phones=lists.join(shown[one.person_id].phones) if one.person_id in shown else "",
            place=reach.spelled(one.facts.path, names),
            risk=labels.of(words.RISKS, one.risk),
            risk_class=CLASSES[one.risk],
            triggers=lists.join(words.TRIGGERS[t] for t in one.facts.triggers),
            came=came_from(one.facts.stays),
            found_at=one.facts.found_at,
            channel=labels.of(words.CHANNELS, one.facts.channel),
            empty=empty.get(one.person_id, 0),
        )
        for one in page
    )


def _empty_roles(page: tuple[Registered, ...]) -> Mapping[UUID, int]:
    keys = [one for one in page if one.risk is Risk.KEY and one.facts.standing is Standing.ON]
    if not keys:
        return {}
    people = {one.person_id: one.facts.path for one in keys}
    made = teams.teams(keys[0].district, people, {}, clock.now())
    return {team.person_id: len(team.empty) for team in made}


def _searched(request: DeskRequest, scope: Scope, text: str) -> tuple[PersonRow, ...]:
    hits = reading.find(request.actor, text, LIST)
    names = _names(scope, {hit.path for hit in hits})
    rows = []
    for hit in hits:
        one = _on_register(scope, hit.person_id)
        rows.append(
            PersonRow(
                hit.person_id, reverse("desk:person", args=(hit.person_id,)), hit.name,
                lists.join(hit.phones), reach.spelled(hit.path, names),
                labels.of(words.RISKS, one.risk) if one else _("not on the register"),
                CLASSES[one.risk] if one else "", "", came_from(one.facts.stays) if one else "",
                one.facts.found_at if one else None, "", 0,
            )
        )  # fmt: skip
    return tuple(rows)


def _on_register(scope: Scope, person_id: UUID) -> Registered | None:
    try:
        return register.person(scope, person_id)
    except ProblemError:
        return None


def _wanted(request: DeskRequest, scope: Scope) -> Wanted:
    get = request.GET.getlist
    standing = Standing.OFF if "off_register" in get("standing") else Standing.ON
    return Wanted(
        path=request.area if scope.covers(request.area) else "",
        risks=tuple(Risk(v) for v in get("risk") if v in set(Risk)),
        triggers=tuple(Trigger(v) for v in get("trigger") if v in set(Trigger)),
        channels=tuple(Channel(v) for v in get("channel") if v in set(Channel)),
        standing=standing,
    )


def _filters(request: DeskRequest, scope: Scope, wanted: Wanted) -> tuple[lists.ChipGroup, ...]:
    counts = register.counts(scope, Wanted(path=wanted.path, standing=wanted.standing))
    groups = (
        ("risk", _("Class"), words.RISKS),
        ("trigger", _("Trigger"), words.TRIGGERS),
        ("channel", _("Channel"), words.CHANNELS),
    )
    made = [
        lists.chips(request, key, label, table.items(), counts={k: counts[key].get(k, 0) for k in table})
        for key, label, table in groups
    ]
    off = (("standing", "off_register", words.STANDINGS["off_register"]),)
    return (*made, lists.flags(request, _("Only"), off))


def _name(shown: Masked | None) -> str:
    return shown.name if shown and shown.name else _("nobody's name is held")


def _names(scope: Scope, paths: set[str]) -> dict[str, str]:
    return dict(grid.tree_names(scope, paths, clock.local_date(clock.now()))) if paths else {}


def many(n: int) -> str:
    """Return how many people, in words."""
    return ngettext("%(n)s person", "%(n)s people", n) % {"n": number(n)}
