"""Lists of contacts and of visits as files: bring, try, take in, receipt, take back."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bulou.access import queries as access
from bulou.access.terms import Verb
from bulou.doors.desk import errors, frame, import_words, tracing_words, uploads
from bulou.doors.desk.asking import DeskRequest, may, scope_for, top_of
from bulou.doors.desk.care_rows import places
from bulou.doors.desk.figures import Figure, number
from bulou.doors.desk.forms import DeskForm, Reason
from bulou.grid.rules.columns import Columns
from bulou.intake.actions import contact_lists
from bulou.kernel import clock
from bulou.kernel.problems import Problem, ProblemError
from bulou.kernel.scope import Scope
from bulou.lines.tracing.queries import lists
from bulou.lines.tracing.terms import List
from bulou.people.actions import imports
from bulou.people.actions.imports import Options
from bulou.people.rules.rows import FIELDS
from bulou.people.terms import ImportKind, Receipt, RowProblem

SHOWN: Final = 20
"""So many rows that would be set aside stand on the page; the file has all."""
ASIDE: Final = "set-aside"


class ListForm(DeskForm):
    """A file, what it holds, and on what taking it in rests."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What does the file hold?"),
        choices=list(tracing_words.LIST_KINDS.items()),
        widget=forms.RadioSelect,
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV or XLSX, one row each. Titles above the table do no harm."),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
    )
    venue = forms.CharField(
        label=gettext_lazy("Place of the visits"),
        help_text=gettext_lazy(
            "For the list of one place: its name as in the register. Else a column names each place."
        ),
        max_length=120,
        required=False,
    )
    basis = forms.CharField(
        label=gettext_lazy("Law or order on which it rests"),
        help_text=gettext_lazy("Empty: the law on infectious diseases, epidemiological investigation."),
        max_length=200,
        required=False,
    )

    def clean_file(self) -> "UploadedFile[Any]":
        """Refuse what is larger than any list."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > uploads.MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 200 MB. Split it by street."))
        return file


class BackForm(DeskForm):
    """Why a list is taken back."""

    reason = Reason(label=gettext_lazy("Reason"))
    key = "back"
    title = gettext_lazy("Take the list back")
    act = gettext_lazy("Take the list back")


@dataclass(frozen=True, slots=True)
class ListLine:
    """One list that came in."""

    href: str
    kind: str
    place: str
    who: str
    made_at: datetime
    taken_back_at: datetime | None
    figures: tuple[Figure, ...]


@require_http_methods(["GET", "POST"])
def index(request: DeskRequest) -> HttpResponse:
    """Show the lists that came in lately, and take a file; nothing is stored by that yet."""
    scope = scope_for(request, Verb.PERSON_REGISTER)
    path = request.area if scope.covers(request.area) else top_of(scope, scope.paths[0])
    kind = request.GET.get("kind", ImportKind.CONTACTS.value)
    form = ListForm(request.POST or None, request.FILES or None, initial={"kind": kind})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        token = uploads.keep(
            request, told["file"], told["kind"], path=path, venue=told["venue"], basis=told["basis"]
        )
        return redirect("desk:tracing_list", token=token)
    context = {
        "form": form,
        "place": places(scope, {path}, clock.now())[path],
        "rows": _lines(scope, lists.lists(scope, path)),
    }
    title = _("Lists of contacts and visits")
    return frame.page(request, "desk/tracing/lists.html", context, title=title, status=form.status)


@require_http_methods(["GET", "POST"])
def check(request: DeskRequest, token: str) -> HttpResponse:
    """Show what taking the list in would do, row by row where it would not; with `run`, do it."""
    scope_for(request, Verb.PERSON_REGISTER)
    kept = uploads.kept(request, token)
    if kept["kind"] not in contact_lists.LISTS:
        raise ProblemError("access.not_found", status=404)
    mapping = uploads.mapping(request) if request.method == "POST" else {}
    if request.POST.get("file") == ASIDE:
        return _tried_file(request, kept, mapping)
    problem, receipt, columns = "", None, None
    aside: list[RowProblem] = []
    try:
        columns = imports.columns_of(
            ImportKind(kept["kind"]), Path(kept["file"]), kept["name"], _options(kept, mapping)
        )
        if request.method == "POST" and "run" in request.POST:
            return _taken_in(request, token, kept, mapping)
        receipt = _take(request, kept, _options(kept, mapping, aside=aside))
    except ProblemError as error:
        if error.status in {403, 404}:
            raise
        problem = errors.words(error.problem)
    context = {
        "file_name": kept["name"],
        "kind": tracing_words.LIST_KINDS[ImportKind(kept["kind"])],
        "venue": kept["venue"],
        "problem": problem,
        "columns": _choices(kept["kind"], columns) if columns else (),
        "receipt": _figures(receipt) if receipt else None,
        "aside": tuple(_aside(one, columns) for one in aside[:SHOWN]) if columns else (),
        "keep_until": receipt.keep_until if receipt else None,
        "can_run": receipt is not None and receipt.stored > 0,
    }
    title = _("Check the list")
    return frame.page(
        request, "desk/tracing/list_check.html", context, title=title, status=422 if problem else 200
    )


@require_http_methods(["GET", "POST"])
def one(request: DeskRequest, list_id: UUID) -> HttpResponse:
    """Show the receipt of a list with the file of the rows set aside; take the whole list back."""
    scope = scope_for(request, Verb.PERSON_REGISTER)
    found = lists.one_list(scope, list_id)
    if request.GET.get("file") == ASIDE:
        return _file(Path(uploads.kept(request, str(list_id))["file"]).read_bytes(), list_id)
    form = None
    if found.taken_back_at is None and may(request, Verb.PERSON_REGISTER, found.path):
        form = BackForm(request.POST or None)
        if request.method == "POST":
            told = form
            n = form.attempt(
                lambda: contact_lists.take_back(
                    request.actor, path=found.path, list_id=list_id, reason=told.cleaned_data["reason"]
                )
            )
            if n is not None:
                said = _("The list is taken back: %(n)s records are withdrawn.")
                frame.say(request, said % {"n": number(n)})
                return redirect("desk:tracing_came", list_id=list_id)
    context = {
        "row": _lines(scope, [found])[0],
        "n_aside": found.quarantined,
        "file_href": f"?file={ASIDE}" if uploads.there(request, str(list_id)) else "",
        "forms": (form,) if form is not None else (),
    }
    status = form.status if form is not None else 200
    return frame.page(request, "desk/tracing/list.html", context, title=_("Receipt of a list"), status=status)


def _take(request: DeskRequest, kept: dict[str, str], options: Options) -> Receipt:
    return contact_lists.take_list(
        request.actor, kind=ImportKind(kept["kind"]), path=kept["path"], content=Path(kept["file"]),
        file_name=kept["name"], options=options,
    )  # fmt: skip


def _options(
    kept: dict[str, str], mapping: dict[str, str], *, aside: list[RowProblem] | None = None,
    dry: bool = True, to: Path | None = None,
) -> Options:  # fmt: skip
    return Options(
        mapping=mapping, basis=kept["basis"], dry=dry, quarantine_to=to, venue=kept["venue"],
        aside=aside.append if aside is not None else None,
    )  # fmt: skip


def _taken_in(
    request: DeskRequest, token: str, kept: dict[str, str], mapping: dict[str, str]
) -> HttpResponse:
    beside = Path(f"{kept['file']}.aside")
    receipt = _take(request, kept, _options(kept, mapping, dry=False, to=beside))
    uploads.forget(request, token)
    if receipt.quarantine_file:
        uploads.keep_beside(request, str(receipt.import_id), beside)
    said = _("%(n)s rows are stored. Names are kept until %(day)s.")
    frame.say(request, said % {"n": number(receipt.stored), "day": receipt.keep_until.isoformat()})
    if receipt.duplicates:
        frame.say(request, _("%(n)s people may be there twice.") % {"n": number(receipt.duplicates)})
    return redirect("desk:tracing_came", list_id=receipt.import_id)


def _tried_file(request: DeskRequest, kept: dict[str, str], mapping: dict[str, str]) -> HttpResponse:
    """The rows that would be set aside, as a file: made for this answer and not kept."""
    beside = Path(f"{kept['file']}.aside")
    try:
        receipt = _take(request, kept, _options(kept, mapping, to=beside))
        if not receipt.quarantine_file:
            raise ProblemError("access.not_found", status=404)
        return _file(beside.read_bytes(), receipt.import_id)
    finally:
        beside.unlink(missing_ok=True)


def _file(body: bytes, list_id: UUID) -> HttpResponse:
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="set-aside-{list_id}.csv"'
    return response


def _lines(scope: Scope, found: "list[List] | tuple[List, ...]") -> tuple[ListLine, ...]:
    people = access.display_names({one.made_by for one in found})
    at = places(scope, {one.path for one in found}, clock.now())
    return tuple(_line(one, people, at) for one in found)


def _line(one: List, people: dict[UUID, str], at: Any) -> ListLine:
    href = reverse("desk:tracing_came", args=(one.list_id,))
    kind = ImportKind.VISITS if one.of_visits else ImportKind.CONTACTS
    figures = import_words.figures(one.rows, one.stored, one.unchanged, one.quarantined, href)
    return ListLine(
        href, str(tracing_words.LIST_KINDS[kind]), at[one.path], people.get(one.made_by, ""), one.made_at,
        one.taken_back_at, figures,
    )  # fmt: skip


def _figures(receipt: Receipt) -> tuple[Figure, ...]:
    return import_words.figures(receipt.rows, receipt.stored, receipt.unchanged, receipt.quarantined)


def _choices(kind: str, found: Columns) -> tuple[import_words.ColumnChoice, ...]:
    """Every column with the fields it could be; the one it is taken for is marked."""
    by_index = {index: field for field, index in found.at.items()}
    fields = [field for field in tracing_words.LIST_FIELDS if field in FIELDS[ImportKind(kind)]]
    return tuple(
        import_words.ColumnChoice(
            header,
            by_index.get(index, ""),
            (
                ("-", _("leave out"), index not in by_index),
                *((f, str(tracing_words.LIST_FIELDS[f]), by_index.get(index) == f) for f in fields),
            ),
        )
        for index, header in enumerate(found.labels)
        if header
    )


def _aside(problem: RowProblem, columns: Columns | None) -> import_words.SetAside:
    """One row that would be set aside: row, column, the field that it is taken for, and why."""
    params = {"row": problem.row, "column": problem.column, **problem.params}
    said = errors.words(Problem(problem.code, params))
    by_label = {columns.label(field): field for field in columns.at} if columns else {}
    field = tracing_words.LIST_FIELDS.get(by_label.get(problem.column, problem.column))
    column = f"{problem.column} → {field}" if field and str(field) != problem.column else problem.column
    return import_words.SetAside(problem.row, column, said, problem.cells)
