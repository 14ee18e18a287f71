"""Answers whoever watches the server: alive, and able to take records."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe


@require_safe
def alive(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database can be written, else 503: send no phones here just now."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT NOT pg_is_in_recovery()")
            row = cursor.fetchone()
    except DatabaseError:
        row = None
    writable = bool(row and row[0])
    return JsonResponse({"status": "ok" if writable else "away"}, status=200 if writable else 503)
