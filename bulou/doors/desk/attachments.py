"""Photos of records, one at a time, for who may see the record."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from bulou.access.terms import Verb
from bulou.doors.desk.asking import DeskRequest, covert, scope_for
from bulou.evidence import queries as evidence
from bulou.intake import queries as intake


@require_GET
def photo(request: DeskRequest, attachment_id: UUID) -> HttpResponse:
    """Answer with the photo as nothing but a photo, kept by no cache."""
    scope = scope_for(request, Verb.RECORD_VIEW)
    found = intake.attachment(scope, attachment_id, covert=covert(request))
    answer = HttpResponse(evidence.content(found), content_type="image/jpeg")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Content-Disposition"] = 'inline; filename="photo.jpg"'
    answer["Cache-Control"] = "private, no-store"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
