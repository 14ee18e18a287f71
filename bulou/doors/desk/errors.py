"""Problems in words: a page with the code, never a stack of lines."""

import logging
from importlib import import_module
from pkgutil import walk_packages

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

import bulou
from bulou.access.queries.wording import in_words
from bulou.doors.desk import frame
from bulou.kernel.problems import Entry, Problem, ProblemError

log = logging.getLogger(__name__)


def _catalogue() -> dict[str, Entry]:
    """Every problem that any room can report, by code."""
    found: dict[str, Entry] = {}
    for module in walk_packages(bulou.__path__, "bulou."):
        if module.name.startswith("bulou.doors") and module.name != "bulou.doors.desk.terms":
            continue
        if module.name.rpartition(".")[2] not in {"terms", "paging", "disk"}:
            continue
        found |= getattr(import_module(module.name), "PROBLEMS", {})
    return found


CATALOGUE: dict[str, Entry] = SimpleLazyObject(_catalogue)  # type: ignore[assignment]


def words(problem: Problem) -> str:
    """Return the problem's message in the language of the page; the code itself where nobody wrote one."""
    entry = CATALOGUE.get(problem.code)
    if entry is None:
        log.warning("problem without words: %s", problem.code)
        return problem.code
    message = _(entry.message)
    try:
        return message % in_words(problem.params)
    except (KeyError, TypeError, ValueError):
        log.warning("problem with other parameters: %s", problem.code)
        return message


def problem_page(request: HttpRequest, error: ProblemError) -> HttpResponse:
    """Answer a problem. "Not allowed to know" and "not there" are the same page."""
    if error.status == 404:
        return not_found(request, error)
    return _page(request, _("This did not work"), words(error.problem), error.status, error.problem.code)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404, the same for what is absent and for what is not yours."""
    return _page(
        request,
        _("There is nothing here"),
        _("The page does not exist, or it is not yours to see."),
        404,
        "access.not_found",
    )


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403 for what Django refuses by itself."""
    return _page(
        request, _("This is not allowed"), _("Your role does not allow this."), 403, "access.not_allowed"
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400 for what Django cannot read."""
    return _page(
        request,
        _("This could not be read"),
        _(
            "What was sent is damaged or too large, or holds a sign that no text can hold, or a day far from"
            " our time."
        ),
        400,
        "desk.bad_request",
    )


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that was open too long or came from elsewhere."""
    return _page(
        request,
        _("The form is too old"),
        _("Go back, load the page again and send the form once more. What you wrote is still there."),
        403,
        "desk.form_too_old",
    )


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 500: our fault, said so. It asks the database nothing."""
    return _page(
        request,
        _("Something broke on our side"),
        _("It has been noted. What phones send is kept and not lost. Try again in a minute."),
        500,
        "desk.broken",
    )


def _page(request: HttpRequest, title: str, text: str, status: int, code: str) -> HttpResponse:
    context = {"title": title, "text": text, "code": code}
    template = "desk/problem.html" if getattr(request, "actor", None) else "desk/problem_bare.html"
    return frame.page(request, template, context, title=title, status=status)
