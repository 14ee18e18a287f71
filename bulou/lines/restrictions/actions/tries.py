"""A limit on trying codes of papers: by how they begin and by browser, never by address."""

from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.db import connection
from django.utils.crypto import salted_hmac

from bulou.kernel import clock, ids
from bulou.lines.restrictions import models
from bulou.lines.restrictions.terms import MOST_TRIES, TRIES_WINDOW

ALIKE = 4
"""Codes that begin with the same letters share a limit: 25^4 spaces, each locked by itself."""
KNOWN_FOR = timedelta(days=30)


def one_more(code: str, browser: str) -> bool:
    """Guarantees a try is counted before it is made; returns whether it may be made. 2 queries.

    A browser that has opened such a paper before counts apart, so that whoever guesses locks out strangers
    only. Counted first, so that many tries at once are no more than ten. Assumes: not inside a transaction
    that may be taken back.
    """
    begins_at = _window(clock.now())
    models.Tries.objects.filter(begins_at__lt=begins_at).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO restrictions_tries AS t (begins_at, space, n) VALUES (%s, %s, 1)"
            " ON CONFLICT (begins_at, space) DO UPDATE SET n = t.n + 1 RETURNING n",
            [begins_at, _space(code, browser)],
        )
        return int(cursor.fetchone()[0]) <= MOST_TRIES


def opened(code: str, browser: str) -> str:
    """Guarantees a right code costs nobody a try; returns what makes the browser known. 1 query."""
    models.Tries.objects.filter(begins_at=_window(clock.now()), space=_space(code, browser)).delete()
    return _signer().sign(f"{_alike(code)} {ids.token()[:16]}")


def browser(cookie: str, code: str) -> str:
    """Return the name under which a browser is counted; none for strangers and for other papers."""
    try:
        alike, _, name = _signer().unsign(cookie).partition(" ")
    except BadSignature:
        return ""
    return name if alike == _alike(code) else ""


def _alike(code: str) -> str:
    begin = ids.paper_letters(code)[:ALIKE]
    return salted_hmac("bulou.restrictions.alike", begin, algorithm="sha256").hexdigest()[:32]


def _space(code: str, name: str) -> str:
    return f"{_alike(code)} {name}".strip()


def _signer() -> Signer:
    return Signer(salt="bulou.restrictions.known")


def _window(now: datetime) -> datetime:
    since = timedelta(seconds=now.timestamp() % TRIES_WINDOW.total_seconds())
    return (now - since).replace(microsecond=0)
