"""One's own language, text size, area and password."""

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from bulou.access import queries as access
from bulou.access.actions import accounts, sessions
from bulou.access.terms import TextSize, Verb
from bulou.doors.desk import frame, labels
from bulou.doors.desk.asking import DeskRequest
from bulou.doors.desk.entry import NewPasswordForm
from bulou.doors.desk.forms import DeskForm
from bulou.doors.desk.session import open_door, set_cookie
from bulou.grid import queries as grid
from bulou.kernel import clock
from bulou.kernel import scope as kernel_scope


@open_door
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language in place, on this machine and on the account."""
    asked = request.POST.get("language", "")
    chosen = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    response = _back(request)
    set_cookie(response, settings.LANGUAGE_COOKIE_NAME, chosen)
    _keep(request, chosen, frame.text_size(request))
    return response


@open_door
@require_POST
def text_size(request: HttpRequest) -> HttpResponse:
    """Switch the text size in place, on this machine and on the account."""
    asked = request.POST.get("size", "")
    chosen = asked if asked in set(TextSize) else TextSize.NORMAL.value
    response = _back(request)
    set_cookie(response, frame.TEXT_COOKIE, chosen)
    _keep(request, get_language() or settings.LANGUAGE_CODE, chosen)
    return response


class ChangePasswordForm(NewPasswordForm):
    """The old password and a new one."""

    field_order = ("old", "password", "again")
    old = forms.CharField(
        label=gettext_lazy("Present password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@require_GET
def me(request: DeskRequest) -> HttpResponse:
    """Show one's own account and what it may do where."""
    return _me(request, ChangePasswordForm())


@open_door
@sensitive_post_parameters("old", "password", "again")
@require_POST
def change_password(request: DeskRequest) -> HttpResponse:
    """Change one's own password; outside a page's transaction, so that a wrong one counts for good."""
    actor = access.actor_of(request)
    if actor is None:
        return redirect("desk:sign_in")
    request.actor, request.area = actor, ""
    form = ChangePasswordForm(request.POST)
    done = form.attempt(
        lambda: sessions.change_password(
            request, old=form.cleaned_data["old"], new=form.cleaned_data["password"]
        ),
        savepoint=False,
    )
    if done is None:
        with kernel_scope.transaction(access.scope_of(actor, Verb.GRID_VIEW)):
            return _me(request, form)
    frame.say(request, _("The password is changed. Your other sessions have ended."))
    return redirect("desk:me")


def _me(request: DeskRequest, form: DeskForm) -> HttpResponse:
    paths = {g.path for g in request.actor.grants}
    grants = [
        {"role": labels.of(labels.ROLES, g.role), "area": area, "valid_until": g.valid_until}
        for g, area in zip(request.actor.grants, _areas(request, paths), strict=True)
    ]
    context = {"form": form, "me": request.actor, "grants": grants}
    return frame.page(request, "desk/entry/me.html", context, title=_("My account"), status=form.status)


def _areas(request: DeskRequest, paths: set[str]) -> list[str]:
    """The names of the areas of one's roles, in their order; the path where an area is no more."""
    scope = access.scope_of(request.actor, Verb.GRID_VIEW)
    names = grid.tree_names(scope, paths, clock.local_date(clock.now())) if paths else {}
    return [names.get(g.path, g.path) for g in request.actor.grants]


def _back(request: HttpRequest) -> HttpResponse:
    asked = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(asked if asked and safe else reverse("desk:today"))


def _keep(request: HttpRequest, language_code: str, size: str) -> None:
    actor = access.actor_of(request)
    if actor is not None:
        accounts.set_preferences(actor, language=language_code, text_size=TextSize(size))
