"""`bulou import handed-in FILE`: sealed records of a phone that could not send them, with a receipt."""

from collections import Counter
from pathlib import Path

from django.utils.translation import gettext, ngettext

from bulou.doors.cli import standing
from bulou.doors.cli.terminal import OK, USAGE, CommandError, note, say, say_json, words_of
from bulou.intake import rules
from bulou.intake.actions.handing_in import hand_in_file
from bulou.intake.terms import Answered
from bulou.kernel.problems import ProblemError

SOME_UNREADABLE = 3


def read(file: Path, *, dry: bool, as_json: bool) -> int:
    """Take in the file or the scanned pages of a phone; the same file twice changes nothing."""
    content = file.read_bytes()
    try:
        if dry:
            found = len(rules.sealed_in(content))
            say(ngettext("%(n)s envelope, whole.", "%(n)s envelopes, whole.", found) % {"n": found})
            return OK
        with standing.database():
            answer = hand_in_file(content)
    except ProblemError as error:
        raise CommandError(words_of(error), USAGE) from error
    counts = Counter(str(result.standing) for result in answer.results)
    if as_json:
        say_json({one.value: counts[one.value] for one in Answered})
    else:
        say(
            gettext(
                "%(kept)s kept, %(doubtful)s kept as doubtful, %(duplicate)s were there already,"
                " %(conflict)s in conflict, %(unreadable)s unreadable"
            )
            % {one.value: counts[one.value] for one in Answered}
        )
        for result in answer.results:
            if result.standing == Answered.UNREADABLE:
                note(f"{result.id}: {'; '.join(result.problems)}")
    return SOME_UNREADABLE if counts[Answered.UNREADABLE] else OK
