"""Imports: upload, match the columns, try, run, receipt; rows that were set aside; undo."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from bulou.access import queries as access
from bulou.access.terms import Verb
from bulou.doors.desk import errors, frame, import_words, labels, lists, uploads
from bulou.doors.desk.asking import DeskRequest, may, scope_for
from bulou.doors.desk.figures import number
from bulou.doors.desk.forms import DeskForm, Reason
from bulou.grid import queries as grid
from bulou.grid.actions import imports as grid_imports
from bulou.grid.rules.columns import FIELDS
from bulou.grid.terms import ImportKind, ImportState, Receipt
from bulou.kernel import clock, reach
from bulou.kernel.problems import ProblemError


class UploadForm(DeskForm):
    """A file and what it holds."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What does the file hold?"),
        choices=list(labels.IMPORT_KINDS.items()),
        widget=forms.RadioSelect,
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV or XLSX, one row each. Titles above the table do no harm."),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt"}),
    )

    def clean_file(self) -> "UploadedFile[Any]":
        """Refuse what is larger than any register."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > uploads.MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 200 MB. Split it by street."))
        return file


class UndoForm(DeskForm):
    """Why an import is taken back."""

    reason = Reason(label=gettext_lazy("Reason"))


@require_GET
def index(request: DeskRequest) -> HttpResponse:
    """List the imports of one's areas, newest first."""
    scope = scope_for(request, Verb.GRID_IMPORT)
    page = grid.imports(scope, cursor=request.GET.get("cursor"), limit=lists.PAGE)
    people = access.display_names({i.made_by for i in page.items})
    names = grid.tree_names(scope, {i.path for i in page.items}, clock.local_date(clock.now()))
    rows = tuple(import_words.row(one, people, dict(names)) for one in page.items)
    context = {"rows": rows, "pager": lists.pager(request, page.next)}
    return frame.page(request, "desk/imports/index.html", context, title=_("Imports"))


@require_http_methods(["GET", "POST"])
def upload(request: DeskRequest) -> HttpResponse:
    """Take a file for the area that is looked at; nothing is read into the register yet."""
    scope = scope_for(request, Verb.GRID_IMPORT)
    form = UploadForm(
        request.POST or None, request.FILES or None, initial={"kind": ImportKind.DWELLINGS.value}
    )
    if request.method == "POST" and form.is_valid():
        token = uploads.keep(request, form.cleaned_data["file"], form.cleaned_data["kind"])
        return redirect("desk:import_check", token=token)
    names = grid.tree_names(scope, (request.area,), clock.local_date(clock.now()))
    context = {"form": form, "place": reach.spelled(request.area, names, above=0)}
    return frame.page(request, "desk/imports/new.html", context, title=_("Import a file"), status=form.status)


@require_http_methods(["GET", "POST"])
def check(request: DeskRequest, token: str) -> HttpResponse:
    """Show which column is which field and what an import would do; with `run`, do it."""
    scope_for(request, Verb.GRID_IMPORT)
    kept = uploads.kept(request, token)
    kind = ImportKind(kept["kind"])
    mapping = uploads.mapping(request) if request.method == "POST" else {}
    options = grid_imports.ImportOptions(mapping=mapping, create_missing="create" in request.POST)
    problem, receipt, columns = "", None, None
    try:
        columns = grid_imports.match_columns(kind, Path(kept["file"]), kept["name"], mapping)
        arguments: dict[str, Any] = {
            "kind": kind, "path": kept["path"], "content": Path(kept["file"]), "file_name": kept["name"],
            "options": options,
        }  # fmt: skip
        if "run" in request.POST:
            receipt = grid_imports.import_file(request.actor, **arguments)
            uploads.forget(request, token)
            frame.say(request, _("%(n)s rows are stored.") % {"n": number(receipt.stored)})
            return redirect("desk:import_page", import_id=receipt.import_id)
        receipt = grid_imports.check_file(request.actor, **arguments)
    except ProblemError as error:
        if error.status in {403, 404}:
            raise
        problem = errors.words(error.problem)
    context = {
        "file_name": kept["name"],
        "kind": labels.IMPORT_KINDS[kind],
        "problem": problem,
        "columns": import_words.columns(columns, sorted(FIELDS[kind])) if columns else (),
        "receipt": _receipt(receipt) if receipt else None,
        "problems": tuple(import_words.row_problem(p) for p in receipt.first_problems[:20])
        if receipt
        else (),
        "create": "create" in request.POST,
        "is_areas": kind is ImportKind.AREAS,
        "can_run": receipt is not None and receipt.stored > 0,
    }
    status = 422 if problem else 200
    return frame.page(request, "desk/imports/check.html", context, title=_("Check the file"), status=status)


@require_GET
def one(request: DeskRequest, import_id: UUID) -> HttpResponse:
    """Show the receipt of an import and the rows that were set aside."""
    scope = scope_for(request, Verb.GRID_IMPORT)
    found = grid.one_import(scope, import_id)
    page = grid.import_rows(scope, import_id, cursor=request.GET.get("cursor"), limit=lists.PAGE)
    people = access.display_names({found.made_by})
    names = grid.tree_names(scope, (found.path,), clock.local_date(clock.now()))
    context = {
        "row": import_words.row(found, people, dict(names)),
        "receipt": import_words.figures(found.rows, found.stored, found.unchanged, found.quarantined),
        "header": grid.import_header(scope, import_id),
        "problems": tuple(import_words.row_problem(p) for p in page.items),
        "pager": lists.pager(request, page.next, found.quarantined),
        "file_href": reverse("desk:import_file", args=(import_id,)),
        "may_undo": found.state is ImportState.DONE and may(request, Verb.GRID_UNDO, found.path),
    }
    return frame.page(request, "desk/imports/page.html", context, title=_("Receipt of an import"))


@require_GET
def rows_file(request: DeskRequest, import_id: UUID) -> HttpResponse:
    """Answer with the rows that were set aside, each with its reason, to be put right and sent again."""
    scope = scope_for(request, Verb.GRID_IMPORT)
    header = grid.import_header(scope, import_id)
    body = import_words.quarantine_csv(header, _all_rows(request, import_id))
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="set-aside-{import_id}.csv"'
    return response


@require_http_methods(["GET", "POST"])
def undo(request: DeskRequest, import_id: UUID) -> HttpResponse:
    """Take a whole import out of the register again, with a reason."""
    scope = scope_for(request, Verb.GRID_UNDO)
    found = grid.one_import(scope, import_id)
    form = UndoForm(request.POST or None)
    if request.method == "POST":
        form.attempt(
            lambda: grid_imports.undo_import(
                request.actor, import_id=import_id, reason=form.cleaned_data["reason"]
            )
        )
        if not form.errors:
            frame.say(request, _("The import is undone: its rows are out of the register."))
            return redirect("desk:import_page", import_id=import_id)
    context = {
        "form": form,
        "title": _("Undo the import"),
        "consequence": _(
            "%(n)s rows of %(file)s leave the register. Rounds that were opened keep their own list."
        )
        % {"n": number(found.stored), "file": found.file_name},
        "act": _("Undo the import"),
        "back": reverse("desk:import_page", args=(import_id,)),
    }
    return frame.page(
        request, "desk/accounts/reason.html", context, title=_("Undo the import"), status=form.status
    )


def _all_rows(request: DeskRequest, import_id: UUID) -> Any:
    scope = scope_for(request, Verb.GRID_IMPORT)
    cursor: str | None = None
    while True:
        page = grid.import_rows(scope, import_id, cursor=cursor, limit=5_000)
        yield from page.items
        cursor = page.next
        if cursor is None:
            return


def _receipt(receipt: Receipt) -> Any:
    return import_words.figures(receipt.rows, receipt.stored, receipt.unchanged, receipt.quarantined)
