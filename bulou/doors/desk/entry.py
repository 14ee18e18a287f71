"""Coming in and going out: sign in, one-time code, first start, sign out."""

from collections.abc import Sequence

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from bulou.access import queries as access
from bulou.access.actions import passwords, sessions
from bulou.access.terms import PASSWORD_MIN_LENGTH, Actor
from bulou.doors.desk import frame
from bulou.doors.desk.forms import DeskForm
from bulou.doors.desk.session import open_door, set_cookie

NAME = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}


class SignInForm(DeskForm):
    """Name and password; pasting and password managers are welcome."""

    name = forms.CharField(
        label=gettext_lazy("Account name"), max_length=150, widget=forms.TextInput(attrs=NAME)
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class NewPasswordForm(DeskForm):
    """A password, typed once where one can look at it, twice otherwise."""

    password = forms.CharField(
        label=gettext_lazy("New password"),
        help_text=format_lazy(
            gettext_lazy("At least {n} characters. A few words that only you put together are best."),
            n=PASSWORD_MIN_LENGTH,
        ),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("The same password again"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        """Refuse a slip of the finger."""
        again = str(self.cleaned_data["again"])
        if again != self.cleaned_data.get("password"):
            raise forms.ValidationError(_("The two passwords differ."))
        return again


class CodeForm(NewPasswordForm):
    """A one-time code and the password it sets."""

    field_order: Sequence[str] | None = ("code", "password", "again")
    code = forms.CharField(
        label=gettext_lazy("One-time code"),
        help_text=gettext_lazy("Ten characters, from the officer who made your account."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )


class StartForm(CodeForm):
    """The first account of an installation."""

    field_order = ("code", "district", "name", "display_name", "password", "again")
    district = forms.CharField(
        label=gettext_lazy("Code of the district"),
        help_text=gettext_lazy("Six digits of the division code, for example 220303."),
        max_length=32,
    )
    name = forms.CharField(
        label=gettext_lazy("Account name"), max_length=40, widget=forms.TextInput(attrs=NAME)
    )
    display_name = forms.CharField(label=gettext_lazy("Your name as others read it"), max_length=100)


@open_door
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Open a session, or say in one sentence that it did not work."""
    form = SignInForm(request.POST or None)
    if request.method == "POST":
        actor = form.attempt(lambda: sessions.sign_in(request, **form.cleaned_data), savepoint=False)
        if actor is not None:
            return _welcome(request, actor)
    context = {"form": form, "next": request.GET.get("next", ""), "first_start": not access.started()}
    return frame.page(request, "desk/entry/sign_in.html", context, title=_("Sign in"), status=form.status)


@open_door
@sensitive_post_parameters("password", "again", "code")
@require_http_methods(["GET", "POST"])
def redeem_code(request: HttpRequest) -> HttpResponse:
    """Set a password with a one-time code."""
    form = CodeForm(request.POST or None)
    if request.method == "POST":
        made = form.attempt(
            lambda: passwords.redeem_code(form.cleaned_data["code"], password=form.cleaned_data["password"]),
            not_found="code",
        )
        if made is not None:
            frame.say(request, _("The password is set. Sign in as %(name)s.") % {"name": made.name})
            return redirect("desk:sign_in")
    return frame.page(
        request, "desk/entry/code.html", {"form": form}, title=_("Set a password"), status=form.status
    )


@open_door
@sensitive_post_parameters("password", "again", "code")
@require_http_methods(["GET", "POST"])
def first_start(request: HttpRequest) -> HttpResponse:
    """Make the first account, an administrator, while there is none."""
    form = StartForm(request.POST or None)
    if request.method == "POST":
        made = form.attempt(lambda: _start(form), not_found="code")
        if made is not None:
            frame.say(request, _("The first account is made. Sign in as %(name)s.") % {"name": made.name})
            return redirect("desk:sign_in")
    context = {"form": form, "started": access.started()}
    return frame.page(request, "desk/entry/start.html", context, title=_("First start"), status=form.status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    sessions.sign_out(request)
    return redirect("desk:sign_in")


def _start(form: StartForm) -> Actor:
    data = form.cleaned_data
    return passwords.start_first(
        data["code"],
        name=data["name"],
        display_name=data["display_name"],
        password=data["password"],
        district=data["district"],
    )


def _welcome(request: HttpRequest, actor: Actor) -> HttpResponse:
    asked = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = redirect(asked if asked and safe else reverse("desk:today"))
    set_cookie(response, settings.LANGUAGE_COOKIE_NAME, actor.language)
    set_cookie(response, frame.TEXT_COOKIE, actor.text_size)
    set_cookie(
        response, access.KNOWN_COOKIE, access.known_browser(actor)
    )  # strangers' guesses do not lock it out
    return response
