"""What the worker does for people by itself."""

from procrastinate.contrib.django import app

from bulou.people.actions import retention


@app.periodic(cron="40 18 * * *")
@app.task(name="people.purge", queueing_lock="people.purge", pass_context=False)
def purge(timestamp: int) -> None:
    """Every night at 02:40 district time: what is over is destroyed."""
    retention.purge_all()
