"""Twenty-four hours as small bars: drawn here, without a style of their own."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bulou.kernel import clock

HOURS = 24
STEP = 8
HEIGHT = 32
BARS = (
    '<svg class="hours" viewBox="0 0 {} {}" role="img" aria-label="{}">'
    '<line class="axis" x1="0" x2="{}" y1="{}" y2="{}"></line>{}</svg>'
)
BAR = '<rect class="ink-done" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>'


def hour_bars(counts: Mapping[datetime, int], start: datetime) -> SafeString:
    """Return the hours from `start` on as bars; the label says the busiest hour in words."""
    hours = [start + timedelta(hours=n) for n in range(HOURS)]
    most = max((counts.get(hour, 0) for hour in hours), default=0)
    parts = []
    for n, hour in enumerate(hours):
        count = counts.get(hour, 0)
        if count:
            height = max(1, round(HEIGHT * count / most))
            told = f"{hour.astimezone(clock.DISTRICT_ZONE):%H:00} {count}"
            parts.append(format_html(BAR, n * STEP + 1, HEIGHT - height, STEP - 2, height, told))
    width = HOURS * STEP
    label = _label(counts, most)
    return format_html(BARS, width, HEIGHT + 1, label, width, HEIGHT, HEIGHT, SafeString("".join(parts)))


def _label(counts: Mapping[datetime, int], most: int) -> str:
    if not most:
        return _("Nobody in these 24 hours.")
    busiest = max(counts, key=lambda hour: (counts[hour], hour))
    at = busiest.astimezone(clock.DISTRICT_ZONE)
    return _("Busiest hour: %(hour)s with %(n)s passages.") % {"hour": f"{at:%H:00}", "n": most}
