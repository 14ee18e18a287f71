"""The notices of an act over several persons: one file, each person on pages of their own."""

from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bulou.access.terms import Verb
from bulou.doors.desk import frame, papers
from bulou.doors.desk.asking import DeskRequest, scope_for
from bulou.doors.desk.forms import DeskForm
from bulou.doors.desk.restrictions import LIVE, law_of
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.lines.restrictions import queries
from bulou.lines.restrictions.actions.notices import issue_notices
from bulou.lines.restrictions.terms import MOST_NOTICES

MISSING, ALL = "missing", "all"


class NoticesForm(DeskForm):
    """For whom, and in which languages."""

    whom = forms.ChoiceField(
        label=gettext_lazy("For whom?"), initial=MISSING,
        choices=(
            (MISSING, gettext_lazy("those who have no notice yet")),
            (ALL, gettext_lazy("everybody anew; the papers from before open nothing any more")),
        ),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("In which languages?"), widget=forms.CheckboxSelectMultiple,
        choices=[(code, str(get_language_info(code)["name_local"])) for code, _name in settings.LANGUAGES],
        initial=[code for code, _name in settings.LANGUAGES],
        help_text=gettext_lazy("Each language has a page of its own, in large print."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def notices(request: DeskRequest, act_id: UUID) -> HttpResponse:
    """Make the notices of everybody in an act whom it holds: new codes, one PDF."""
    scope = scope_for(request, Verb.RESTRICTION_NOTICE)
    act = queries.act(scope, act_id)
    if act is None:
        raise ProblemError("restrictions.not_found", status=404)
    held = [one for one in queries.of_act(scope, act_id, clock.now()) if one.standing in LIVE]
    form = NoticesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        anew = form.cleaned_data["whom"] == ALL
        wanted = [one for one in held if anew or one.notice_at is None][:MOST_NOTICES]
        codes = form.attempt(lambda: issue_notices(request.actor, [one.id for one in wanted], path=act.path))
        if codes:
            issued = [(one, codes[one.id]) for one in wanted]
            return papers.notices(request, issued, law_of(held[0]), form.cleaned_data["languages"])
        if codes is not None:
            form.add_error("whom", _("Nobody of the act is without a notice."))
    told = _("%(n)s persons are held by this act, %(without)s of them have no notice yet.") % {
        "n": len(held), "without": sum(one.notice_at is None for one in held),
    }  # fmt: skip
    most = _("One file has at most %(most)s persons; press again for the rest.") % {"most": MOST_NOTICES}
    title = _("Notices of an act")
    context = {
        "form": form, "title": title, "consequence": f"{told} {most}" if len(held) > MOST_NOTICES else told,
        "act": _("Make the PDF"),
        "back": reverse("desk:restriction", args=(held[0].id,)) if held else reverse("desk:restrictions"),
    }  # fmt: skip
    return frame.page(request, "desk/accounts/reason.html", context, title=title, status=form.status)
