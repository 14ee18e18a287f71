"""How a page stays live: it asks every five seconds, and the answer tells the time even when it is empty."""

import json

from bulou.kernel import clock


def live_headers() -> dict[str, str]:
    """Return the header that moves the clock of the page: "as of" is when the server last answered."""
    at = clock.now().astimezone(clock.DISTRICT_ZONE)
    return {"HX-Trigger": json.dumps({"asof": at.strftime("%H:%M:%S")})}
