"""How jobs run: found in each room's jobs.py, on Django's own connection."""

from typing import Final

# Rooms write `from procrastinate.contrib.django import app` and `@app.task(name="room.verb")` in jobs.py.
AUTODISCOVER_MODULE_NAME: Final = "jobs"
WORKER_DEFAULTS: Final = {
    "concurrency": 1,
    "fetch_job_polling_interval": 5.0,
    "delete_jobs": "successful",
    "shutdown_graceful_timeout": 20.0,
}
