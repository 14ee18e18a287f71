"""How jobs run: found in each room's jobs.py, on Django's own connection."""

from collections.abc import Iterable
from importlib.util import find_spec
from typing import Final

# Rooms write `from procrastinate.contrib.django import app` and `@app.task(name="room.verb")` in jobs.py.
WORKER_DEFAULTS: Final = {
    "concurrency": 1,
    "fetch_job_polling_interval": 5.0,
    "delete_jobs": "successful",
    "shutdown_graceful_timeout": 20.0,
}


def import_paths(apps: Iterable[str]) -> list[str]:
    """Return the modules with jobs; only a worker loads them, which keeps all other commands quick."""
    return [f"{app}.jobs" for app in apps if app.startswith("bulou.") and find_spec(f"{app}.jobs")]
