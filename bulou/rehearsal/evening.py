"""What the office does when the phones are home: reports are made and signed, rounds are closed."""

from bulou.access import queries as access
from bulou.kernel import clock
from bulou.rehearsal.scenario import ScenarioError
from bulou.rehearsal.stage import Stage
from bulou.rehearsal.transport import RefusedError
from bulou.reports import actions as reports
from bulou.reports.terms import RoundLine


def sign(stage: Stage, day: int) -> None:
    """The day's report is drafted, read and signed; from then on it stays as it is."""
    on, area = stage.calendar.day(day), stage.area
    if on >= clock.local_date(clock.now()):
        return
    actor = access.actor_by_id(stage.office.account)
    if actor is None:
        raise ScenarioError("The command office has lost its account.")
    draft = reports.draft_daily(actor, path=area, on=on)
    signed = reports.sign_daily(actor, draft.id, seen=draft.sha256)
    told = [f"{line.protocol}: {_open(line)} open" for line in signed.report.rounds]
    stage.echo(f"  report {signed.number} signed; {', '.join(told) or 'no round'}")


def _open(line: RoundLine) -> int:
    return next((figure.value or 0 for figure in line.figures if figure.key == "round.open"), 0)


def close_rounds(stage: Stage) -> None:
    """Closes every round in which nobody is missed; the others stay open, as they must."""
    for name in stage.rounds:
        if name not in stage.closed:
            close_round(stage, name)


def close_round(stage: Stage, name: str) -> None:
    """Closes a round over HTTP, if nobody is missed in it."""
    account = stage.account(name)
    if account["open"]:
        stage.echo(f"  {name} stays open: {account['open']} of {account['expected']} are missed")
        return
    try:
        stage.office.phone.client.post(f"/operations/{stage.rounds[name]}/close", {})
    except RefusedError as error:
        stage.echo(f"  {name} stays open: {error}")
        return
    stage.closed.add(name)
    gone = account["excused"] + account["moved"]
    stage.echo(f"  {name} closed: {account['done']} done, {gone} excused or moved, nobody missed")
