"""What the worker does for access by itself."""

from procrastinate.contrib.django import app

from bulou.access.actions import upkeep


@app.periodic(cron="17 * * * *")
@app.task(name="access.sweep", queueing_lock="access.sweep", pass_context=False)
def sweep(timestamp: int) -> None:
    """Every hour: nothing that is over stays."""
    upkeep.sweep()
