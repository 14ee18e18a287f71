"""Tubes of a testing round: where each is, who lies in one, results by file."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from bulou.access import queries as access
from bulou.access.terms import Verb
from bulou.cases import queries as cases
from bulou.coverage.queries import rounds
from bulou.doors.desk import frame, labels, lists, protocol_words, testing_words
from bulou.doors.desk.asking import DeskRequest, may, scope_for
from bulou.doors.desk.care_rows import title
from bulou.doors.desk.figures import number
from bulou.doors.desk.forms import DeskForm
from bulou.grid import queries as grid
from bulou.intake.actions.laboratory import Options, Receipt, take_results
from bulou.kernel import clock
from bulou.lines.testing.queries import tubes
from bulou.lines.testing.queries.tubes import Member, TubeFilter
from bulou.lines.testing.terms import PROBLEMS, Pooling, Result, Stage, Tube
from bulou.people.actions import reading
from bulou.people.terms import Asked, Purpose

LOOK = Asked(Purpose.TEST_ROUND)
MOST_BYTES = 50 * 1024 * 1024
FIRST_PROBLEMS = 50


class ResultsForm(DeskForm):
    """A laboratory's file."""

    file = forms.FileField(
        label=gettext_lazy("File of results"),
        help_text=gettext_lazy("CSV or XLSX: a column with the barcode of the tube, one with its result."),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
    )
    dry = forms.BooleanField(label=gettext_lazy("Only try it, store nothing"), required=False)

    def clean_file(self) -> "UploadedFile[Any]":
        """Refuse what is larger than any day of a laboratory."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 50 MB."))
        return file


@dataclass(frozen=True, slots=True)
class TubeRow:
    """One tube in a list."""

    barcode: str
    href: str
    site: str
    pooling: str
    n: str
    first_at: datetime
    stage: str
    since: datetime | None
    result: str
    mark: str
    reason: str
    wrong: str


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One person in a tube, masked."""

    name: str
    phones: str
    href: str
    place: str
    position: str
    at: datetime
    doubtful: bool
    again_in: str
    again_result: str


@require_GET
def index(request: DeskRequest, operation_id: UUID) -> HttpResponse:
    """List the tubes of a round, the longest begun first, by stage and site."""
    scope = scope_for(request, Verb.UNIT_VIEW)
    operation = rounds.operation(scope, operation_id)
    wanted = [word for word in request.GET.getlist("stage") if word in set(Stage)]
    site = request.GET.get("site")
    only = TubeFilter(
        path=request.area if request.area.startswith(operation.path) else None,
        stages=tuple(Stage(word) for word in wanted), site=site,
        not_negative="yes" in request.GET.getlist("positive"),
    )  # fmt: skip
    page = tubes.tubes(scope, operation.id, only=only, cursor=request.GET.get("cursor"), limit=lists.PAGE)
    stages = [(stage.value, testing_words.TUBE_STAGES[stage]) for stage in Stage]
    groups = [
        lists.chips(request, "stage", _("Where"), stages),
        lists.flags(request, _("Only"), (("positive", "yes", _("positive or grey")),)),
    ]
    if site:
        groups.append(lists.chips(request, "site", _("Site"), ((site, site),), single=True))
    context = {
        "title": protocol_words.title(operation),
        "board_href": f"{reverse('desk:testing')}?round={operation.id}",
        "rows": tuple(tube_row(one) for one in page.items),
        "filters": tuple(groups),
        "clear_href": "?" if set(request.GET) - {"area", "cursor", "v"} else "",
        "pager": lists.pager(request, page.next, page.total),
    }
    return frame.page(request, "desk/testing/tubes.html", context, title=_("Tubes"))


def tube_row(one: Tube) -> TubeRow:
    """Return a tube in the words of a list."""
    since = one.resulted_at or one.received_at or one.taken_at or one.sealed_at
    counted = one.n_sealed is not None and one.n_sealed != one.n
    return TubeRow(
        barcode=one.barcode, href=reverse("desk:testing_tube", args=(one.id,)), site=one.site,
        pooling=str(testing_words.POOLINGS[Pooling(one.rule)]) if one.rule in set(Pooling) else "",
        n=number(one.n), first_at=one.first_at, stage=str(testing_words.TUBE_STAGES[one.stage]), since=since,
        result=str(testing_words.RESULTS[Result(one.result)]) if one.result in set(Result) else "",
        mark=testing_words.RESULT_MARKS[Result(one.result)] if one.result in set(Result) else "",
        reason=one.reason,
        wrong=_("sealed with %(n)s") % {"n": one.n_sealed} if counted else "",
    )  # fmt: skip


@require_GET
def tube(request: DeskRequest, tube_id: UUID) -> HttpResponse:
    """Show one tube: what happened to it, who lies in it by masked name, and what is owed about it."""
    scope = scope_for(request, Verb.UNIT_VIEW)
    one = tubes.tube(scope, tube_id)
    named = may(request, Verb.PERSON_VIEW, one.path)
    found = tubes.members(access.scope_of(request.actor, Verb.PERSON_VIEW), one) if named else ()
    shown = reading.masked(request.actor, [member.person for member in found], LOOK) if found else {}
    names = grid.tree_names(scope, {one.path, *(m.path for m in found)}, clock.local_date(one.first_at))
    events = tubes.timeline(one)
    people = access.display_names({event.author for event in events})
    about = cases.about(one.path.partition(".")[0], one.id) if may(request, Verb.CASE_VIEW, one.path) else ()
    context = {
        "tube": tube_row(one),
        "place": names.get(one.path, one.path),
        "list_href": reverse("desk:testing_tubes", args=(one.operation,)),
        "members": tuple(
            _member(
                member,
                names,
                shown[member.person].name if member.person in shown else "",
                lists.join(shown[member.person].phones) if member.person in shown else "",
            )
            for member in found
        ),
        "hidden": one.n - len(found),
        "events": tuple(
            (e.at, labels.of(labels.KINDS, e.kind), _said(e.outcome, e.n), e.who, people.get(e.author, ""))
            for e in events
        ),
        "cases": tuple(
            (reverse("desk:case", args=(case.id,)), title(case.protocol), case.is_open) for case in about
        ),
    }
    return frame.page(request, "desk/testing/tube.html", context, title=one.barcode)


def _member(member: Member, names: Any, name: str, phones: str) -> MemberRow:
    result = member.again_result
    return MemberRow(
        name=name, phones=phones, href=reverse("desk:person", args=(member.person,)),
        place=names.get(member.path, member.path),
        position="" if member.position is None else str(member.position), at=member.at,
        doubtful=not member.counts, again_in=member.again_in,
        again_result=str(testing_words.RESULTS[Result(result)]) if result in set(Result) else "",
    )  # fmt: skip


def _said(outcome: str, n: int | None) -> str:
    word = str(testing_words.RESULTS[Result(outcome)]) if outcome in set(Result) else ""
    return word or ("" if n is None else number(n))


@require_http_methods(["GET", "POST"])
def results(request: DeskRequest) -> HttpResponse:
    """Take a laboratory's file for the area that is looked at, or only try it."""
    scope_for(request, Verb.RESULT_RECORD)
    form = ResultsForm(request.POST, request.FILES) if request.method == "POST" else ResultsForm()
    receipt: Receipt | None = None
    if request.method == "POST":
        receipt = form.attempt(lambda: _take(request, form))
    context = {
        "form": form,
        "receipt": receipt,
        "counts": tuple(
            (word, number(n))
            for word, n in (
                (_("rows"), receipt.rows),
                (_("stored"), receipt.stored),
                (_("unchanged"), receipt.unchanged),
                (_("set aside"), receipt.quarantined),
                (_("not negative"), receipt.not_negative),
            )
        )
        if receipt
        else (),
        "problems": tuple(
            (row, str(_(PROBLEMS[code].message))) for row, code in receipt.problems[:FIRST_PROBLEMS]
        )
        if receipt
        else (),
        "dry": bool(receipt and form.cleaned_data["dry"]),
    }
    return frame.page(request, "desk/testing/results.html", context, title=_("Results"), status=form.status)


def _take(request: DeskRequest, form: ResultsForm) -> Receipt:
    file = form.cleaned_data["file"]
    return take_results(
        request.actor, path=request.area, content=file.read(), file_name=file.name,
        options=Options(dry=form.cleaned_data["dry"]),
    )  # fmt: skip
