"""The crowd of each half hour as bars, the same in print; the table beside it says it in figures."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bulou.doors.desk.figures import number
from bulou.kernel import clock
from bulou.lines.testing.rules.planning import SLOT_MINUTES

STEP = 24
HEIGHT = 96
FOOT = 14
PICTURE = (
    '<svg class="crowd" viewBox="0 0 {} {}" preserveAspectRatio="xMinYMin" role="img" aria-label="{}">'
    "{}{}{}</svg>"
)
BAR = '<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>'
AXIS = '<line class="axis" x1="0" x2="{}" y1="{}" y2="{}"></line>'
LIMIT = '<line class="limit" x1="0" x2="{}" y1="{}" y2="{}"></line>'
HOUR = '<text x="{}" y="{}">{}</text>'


def crowd(counts: Sequence[int], start: datetime, *, limit: int | None = None) -> SafeString:
    """Return the half hours as bars, with a line at the limit; bars above it are marked."""
    if not counts:
        return SafeString("")
    top = max([*counts, limit or 0, 1])
    width = len(counts) * STEP
    bars, hours = [], []
    for n, count in enumerate(counts):
        at = (start + timedelta(minutes=SLOT_MINUTES * n)).astimezone(clock.DISTRICT_ZONE)
        height = max(1, round(HEIGHT * count / top)) if count else 0
        ink = "ink-open" if limit is not None and count > limit else "ink-done"
        told = f"{at:%H:%M} {number(count)}"
        bars.append(format_html(BAR, ink, n * STEP + 2, HEIGHT - height, STEP - 4, height, told))
        if at.minute == 0 or n == 0:
            hours.append(
                format_html(HOUR, n * STEP + 2, HEIGHT + FOOT - 3, f"{at:%H:%M}" if n == 0 else f"{at:%H}")
            )
    lines = [format_html(AXIS, width, HEIGHT, HEIGHT)]
    if limit is not None:
        at_limit = HEIGHT - round(HEIGHT * limit / top)
        lines.append(format_html(LIMIT, width, at_limit, at_limit))
    return format_html(
        PICTURE, width, HEIGHT + FOOT, _label(counts, start),
        SafeString("".join(bars)), SafeString("".join(lines)), SafeString("".join(hours)),
    )  # fmt: skip


def _label(counts: Sequence[int], start: datetime) -> str:
    most = max(range(len(counts)), key=lambda n: counts[n])
    at = (start + timedelta(minutes=SLOT_MINUTES * most)).astimezone(clock.DISTRICT_ZONE)
    words = _("%(n)s half hours; the fullest begins at %(at)s with %(most)s persons.")
    return words % {"n": len(counts), "at": f"{at:%H:%M}", "most": number(counts[most])}
