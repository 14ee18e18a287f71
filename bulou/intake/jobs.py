"""What the worker does by itself: seal what has settled, recount every night."""

import logging

from procrastinate.contrib.django import app

from bulou.intake.actions import following, proving

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(name="ledger.seal", queueing_lock="ledger.seal", pass_context=False)
def seal(timestamp: int) -> None:
    """Every minute: nothing that settled stays unsealed."""
    proving.seal_all()


@app.periodic(cron="* * * * *")
@app.task(name="watches.follow", queueing_lock="watches.follow", pass_context=False)
def follow(timestamp: int) -> None:
    """Every minute: key persons on the register and people in isolation are watched."""
    following.follow_registered()
    following.follow_isolated()


@app.periodic(cron="*/5 * * * *")
@app.task(name="watches.give", queueing_lock="watches.give", pass_context=False)
def give(timestamp: int) -> None:
    """Every five minutes: who was named as a doctor of key persons has their watches on the own list."""
    following.give_to_doctors()


@app.periodic(cron="30 18 * * *")
@app.task(name="coverage.recount", queueing_lock="coverage.recount", pass_context=False)
def recount(timestamp: int) -> None:
    """Every night at 02:30 district time: a difference is an alarm in the log, never a silent repair."""
    proof = proving.verify()
    for fault in proof.faults:
        log.error("verify: %s %s: %s", fault.district, fault.room, fault.what)


@app.periodic(cron="15 18 * * *")
@app.task(name="ledger.months", queueing_lock="ledger.months", pass_context=False)
def months(timestamp: int) -> None:
    """Every night: the partitions of the next half year are there before a record needs them."""
    proving.make_months()
