"""What the worker does for restrictions by itself."""

from procrastinate.contrib.django import app

from bulou.lines.restrictions.actions import acts


@app.periodic(cron="* * * * *")
@app.task(name="restrictions.tell_refused", queueing_lock="restrictions.tell_refused", pass_context=False)
def tell_refused(timestamp: int) -> None:
    """Every minute: what the database refused is told to supervision."""
    acts.tell_refused()
