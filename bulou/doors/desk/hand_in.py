"""A phone that cannot send: its sealed file, or its scanned pages, handed in at the desk, with a receipt."""

from collections import Counter

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bulou.access.terms import Verb
from bulou.doors.desk import frame
from bulou.doors.desk.asking import DeskRequest, scope_for
from bulou.doors.desk.forms import DeskForm
from bulou.intake.actions.handing_in import hand_in_file
from bulou.intake.terms import Answered

MOST_BYTES = 64 * 1024 * 1024
SHOWN = 20


class HandInForm(DeskForm):
    """The file of a phone, or the text of its pages as a scanner read them."""

    file = forms.FileField(
        label=gettext_lazy("The phone's file"),
        help_text=gettext_lazy('The phone writes it under "Me", "Save what waits as a file".'),
        required=False,
    )
    pages = forms.CharField(
        label=gettext_lazy("Or the scanned pages"),
        help_text=gettext_lazy("What the scanner read from the phone's squares, in any order."),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        required=False,
        max_length=4_000_000,
    )

    def clean(self) -> dict[str, object]:
        """Return the one content; ask for it where there is none, refuse what is too large for a phone."""
        data = super().clean() or {}
        file = data.get("file")
        if file is not None and file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is too large for a phone's."))
        if file is None and not str(data.get("pages", "")).strip():
            raise forms.ValidationError(_("Choose the file, or put the pages in."))
        return data

    def content(self) -> bytes:
        """Return what was handed in."""
        file = self.cleaned_data.get("file")
        return bytes(file.read()) if file is not None else str(self.cleaned_data["pages"]).encode()


@require_http_methods(["GET", "POST"])
def hand_in(request: DeskRequest) -> HttpResponse:
    """Take in what a phone sealed; whoever brings it cannot read it. The same file twice changes nothing."""
    scope_for(request, Verb.DEVICE_ENROL)
    sent = request.method == "POST"
    form = HandInForm(request.POST if sent else None, request.FILES if sent else None)
    receipt: dict[str, object] = {}
    if sent:
        # without a savepoint: each batch of the file keeps a transaction of its own, as a phone's would
        answer = form.attempt(lambda: hand_in_file(form.content()), savepoint=False)
        if answer is not None:
            counts = Counter(str(one.standing) for one in answer.results)
            bad = [one for one in answer.results if one.standing == Answered.UNREADABLE]
            receipt = {
                "total": len(answer.results),
                "counts": tuple((word, counts[one.value]) for one, word in _words()),
                "unreadable": tuple((one.id, "; ".join(one.problems)) for one in bad[:SHOWN]),
            }
    context = {"form": form, "receipt": receipt}
    title = _("Hand in a phone's file")
    return frame.page(request, "desk/devices/hand_in.html", context, title=title, status=form.status)


def _words() -> tuple[tuple[Answered, str], ...]:
    return (
        (Answered.KEPT, _("kept")),
        (Answered.DOUBTFUL, _("kept as doubtful")),
        (Answered.DUPLICATE, _("were there already")),
        (Answered.CONFLICT, _("in conflict")),
        (Answered.UNREADABLE, _("unreadable")),
    )
