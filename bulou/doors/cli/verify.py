"""`bulou verify`: every account balances, every counter equals its recount, every seal holds."""

from argparse import ArgumentParser, Namespace

from django.utils.translation import gettext

from bulou.doors.cli import standing
from bulou.doors.cli.terminal import FAILED, OK, Command, note, say, say_json
from bulou.intake.actions import proving
from bulou.intake.actions.proving import Proof


def command() -> Command:
    """Describe the command."""
    return Command(gettext("Prove accounts, counters and seals against the ledger."), arguments, _run)


def arguments(parser: ArgumentParser) -> None:
    """Take the form of the answer."""
    parser.add_argument("--json", action="store_true", help=gettext("answer as JSON"))


def _run(options: Namespace) -> int:
    with standing.database():
        return tell(proving.verify(note), as_json=options.json)


def tell(proof: Proof, *, as_json: bool) -> int:
    """Print what was proved or what is wrong; return the exit code."""
    if as_json:
        say_json(
            {
                "holds": proof.holds,
                "districts": proof.districts,
                "rounds": proof.rounds,
                "records": proof.records,
                "faults": [{"district": f.district, "room": f.room, "what": f.what} for f in proof.faults],
            }
        )
        return OK if proof.holds else FAILED
    for fault in proof.faults:
        say(f"{fault.district} {fault.room}: {fault.what}")
    counts = {"districts": proof.districts, "rounds": proof.rounds, "records": proof.records}
    say(gettext("Looked at: %(districts)s districts, %(rounds)s rounds, %(records)s records.") % counts)
    if proof.holds:
        say(gettext("Everything holds."))
        return OK
    say(gettext("Differences: %(n)s.") % {"n": len(proof.faults)})
    return FAILED
