"""`bulou doctor`: what is well, what should be better, what must be fixed; changes nothing."""

from argparse import ArgumentParser, Namespace
from datetime import timedelta

from django.db import connection
from django.utils.translation import gettext

from bulou.access.queries import refusals
from bulou.doors.cli import standing
from bulou.doors.cli.findings import Finding, Verdict, local_findings
from bulou.doors.cli.terminal import FAILED, OK, Command, CommandError, say, say_json
from bulou.kernel import clock
from bulou.postgres import checks
from bulou.postgres.errors import ServerError

_CLOCK_SECONDS = 5
_MANY_REFUSALS = 100  # in an hour; a district's phones with old tokens make fewer


def command() -> Command:
    """Describe the command."""
    return Command(
        gettext("Look at settings, durability, backups, clocks, disk and ports."), _arguments, _run
    )


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=gettext("answer as JSON"))


def _run(options: Namespace) -> int:
    findings = [*local_findings(), *_database_findings()]
    bad = any(finding.verdict is Verdict.FIX for finding in findings)
    if options.json:
        rows = [{"name": f.name, "verdict": f.verdict, "text": f.text, "advice": f.advice} for f in findings]
        say_json({"ok": not bad, "checks": rows})
    else:
        for finding in findings:
            say(f"{finding.verdict.value.upper():5} {finding.name}: {finding.text}")
            if finding.advice:
                say(f"      → {finding.advice}")
    return FAILED if bad else OK


def _database_findings() -> list[Finding]:
    try:
        with standing.running(), connection.cursor() as cursor:
            found = [
                Finding(refusal.code, Verdict.FIX, gettext(refusal.message) % refusal.params)
                for refusal in checks.refusals(cursor)
            ]
            if not found:
                found.append(
                    Finding(
                        "database", Verdict.GOOD, gettext("Durable, and the role is bound by its policies.")
                    )
                )
            cursor.execute("SELECT current_setting('data_checksums'), extract(epoch FROM clock_timestamp())")
            checksums, seconds = cursor.fetchone()
            if checksums != "on":
                text = gettext("Data checksums are off: a failing disk would go unnoticed.")
                found.append(Finding("checksums", Verdict.BETTER, text))
            found.append(_clock(float(seconds) - clock.now().timestamp()))
            if not standing.schema_is_current():
                text = gettext("The database is not prepared for this version.")
                found.append(Finding("schema", Verdict.FIX, text, gettext("Run: bulou init")))
            else:
                found.append(_refusals())
            return found
    except (ServerError, CommandError) as error:
        return [Finding("database", Verdict.FIX, str(error))]


def _refusals() -> Finding:
    hours = refusals.by_hour(clock.now() - timedelta(hours=24))
    words = {"unknown": sum(h.unknown for h in hours), "revoked": sum(h.revoked for h in hours)}
    text = gettext("Refused tokens in 24 hours: %(unknown)s that nobody has, %(revoked)s of revoked phones.")
    guessing = max((h.unknown for h in hours), default=0) > _MANY_REFUSALS
    advice = gettext("Somebody guesses tokens: look at the addresses in the proxy's log.") if guessing else ""
    return Finding("refused tokens", Verdict.BETTER if guessing else Verdict.GOOD, text % words, advice)


def _clock(ahead: float) -> Finding:
    words = {"seconds": round(ahead, 1)}
    if abs(ahead) > _CLOCK_SECONDS:
        text = gettext("The database clock differs from ours by %(seconds)s s.") % words
        return Finding("clock", Verdict.FIX, text, gettext("Let both follow the same time server."))
    return Finding(
        "clock", Verdict.GOOD, gettext("The database clock differs from ours by %(seconds)s s.") % words
    )
