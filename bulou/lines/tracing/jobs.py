"""What the worker does by itself: visits are forgotten in time."""

from procrastinate.contrib.django import app

from bulou.lines.tracing.actions import forgetting


@app.periodic(cron="50 18 * * *")
@app.task(name="tracing.forget", queueing_lock="tracing.forget", pass_context=False)
def forget(timestamp: int) -> None:
    """Every night at 02:50 district time: visits that ended 28 days ago go."""
    forgetting.forget_all()
