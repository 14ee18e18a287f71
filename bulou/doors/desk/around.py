"""The bar on top and the nouns on the left as markup.

They are the same for one officer in one area on every page under one noun, and cost two fifths of a page
that is small (2026-11). So they are written once for each Frame, and what differs from one request to the
next is put in its place afterwards: the moment, the address, what was searched for, the token of forms.
"""

import re
import secrets
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from bulou.doors.desk.frame import Frame

MOST = 512
_MARK = f"slot{secrets.token_hex(8)}"
"""Nobody outside this process can write it into a name that is shown."""
_SLOTS = re.compile(f"{_MARK}(here|coded|query|token|moment|title|body)")
_NO_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)


def around(request: HttpRequest, frame: "Frame") -> SafeString:
    """Return what stands above and beside the page of this request."""
    values = _values(request, frame)
    return mark_safe(_SLOTS.sub(lambda found: values[found[1]], _written(_plain(frame))))  # noqa: S308 - escaped


def whole(request: HttpRequest, frame: "Frame", body: SafeString) -> str:
    """Return the page around a body that is markup already; what is told only once is not kept."""
    values = {**_values(request, frame), "title": escape(frame.title), "body": body}
    plain = _plain(frame)
    sheet = _filled(replace(plain, toasts=frame.toasts)) if frame.toasts else _sheet(plain)
    return _SLOTS.sub(lambda found: values[found[1]], sheet)


def _values(request: HttpRequest, frame: "Frame") -> dict[str, str]:
    return {
        "here": escape(frame.here),
        "coded": escape(quote(frame.here)),
        "query": escape(frame.query),
        "token": escape(get_token(request)),
        "moment": _moment(frame.now, frame.past, frame.live, frame.html_lang),
    }


def _plain(frame: "Frame") -> "Frame":
    """The frame without what differs from one request to the next."""
    return replace(
        frame,
        title=f"{_MARK}title",
        now=_NO_MOMENT,
        past=False,
        live=False,
        toasts=(),
        here=f"{_MARK}here",
        query=f"{_MARK}query",
    )


@lru_cache(MOST)
def _written(frame: "Frame") -> str:
    return render_to_string("desk/parts/around.html", {"frame": frame, **_holes()})


@lru_cache(MOST)
def _sheet(frame: "Frame") -> str:
    return _filled(frame)


def _filled(frame: "Frame") -> str:
    holes = {"body": mark_safe(f"{_MARK}body"), "around": mark_safe(_written(replace(frame, toasts=())))}  # noqa: S308 - our own
    return render_to_string("desk/ready.html", {"frame": frame, **holes, **_holes()})


@lru_cache(MOST)
def _moment(now: datetime, past: bool, live: bool, _language: str) -> str:  # noqa: FBT001 - a key
    return render_to_string("desk/parts/moment.html", {"now": now, "past": past, "live": live})


def _holes() -> dict[str, str]:
    return {"here_coded": f"{_MARK}coded", "csrf_token": f"{_MARK}token", "moment": f"{_MARK}moment"}
