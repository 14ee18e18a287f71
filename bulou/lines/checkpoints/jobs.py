"""What the worker does by itself: what has run out of time goes every night."""

from procrastinate.contrib.django import app

from bulou.lines.checkpoints.actions import details


@app.periodic(cron="40 18 * * *")
@app.task(name="checkpoints.purge", queueing_lock="checkpoints.purge", pass_context=False)
def purge(timestamp: int) -> None:
    """Every night at 02:40 district time: keys of passages that are 14 days old are destroyed."""
    details.purge()
