"""What the worker does for evidence by itself."""

from procrastinate.contrib.django import app

from bulou.evidence import actions
from bulou.ledger import queries as ledger


@app.periodic(cron="41 3 * * *")
@app.task(name="evidence.discard", queueing_lock="evidence.discard", pass_context=False)
def discard(timestamp: int) -> None:
    """Every night: no photo stays longer than it may."""
    for district in ledger.districts():
        actions.discard_due(district)
