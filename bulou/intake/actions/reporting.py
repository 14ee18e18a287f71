"""What people say themselves, by the code on their paper: how they are today, and that they need help."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID, uuid5

from bulou.access.actions.gate import system_actor
from bulou.cases import queries as cases
from bulou.cases.terms import Case
from bulou.cases.terms import Kind as CaseKind
from bulou.intake.actions import office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import transaction, whole
from bulou.protocols import queries as protocols
from bulou.watches.queries import watches
from bulou.watches.rules import reports
from bulou.watches.terms import Kind, Timeline

HELP: Final = "help-request"
MOST_CALLS: Final = 8
"""So many calls for help by one paper on one day; after that somebody has to be spoken to."""
SHOWN_DAYS: Final = 7
_NUMBER = re.compile(r"\d{7,}")


@dataclass(frozen=True, slots=True)
class OwnWords:
    """How somebody is today, in answers to plain questions. `id`: of the form, so that it counts once."""

    id: UUID
    well: bool
    temperature: float | None
    symptoms: Sequence[str]
    needs: str = ""


def report_oneself(district: str, watch_id: UUID, said: OwnWords) -> Timeline:
    """Guarantees the person's own words are kept, wait for a worker, and alarm at once where they must.

    The code on the paper is the permission; the author is the system. From 37.3 degrees or an alarming
    symptom on, the same transaction opens the fever referral. Repeatable with the same id.

    Raises:
        ProblemError: watches.not_found (404), watches.ended (409), watches.too_many_reports (429), form.*
            (409) in the words of the protocol's questions.
    """
    whole_district = whole(district)
    with transaction(whole_district):
        made = watches.watch(whole_district, watch_id)
        if reports.is_known(made, said.id):
            return made
        if not made.watch.is_open:
            raise ProblemError("watches.ended", status=409)
        if reports.said_on(made, clock.now()) >= reports.MOST_A_DAY:
            raise ProblemError("watches.too_many_reports", status=429)
        _without_numbers(said.needs)
        compiled = watches.compiled_of(made)
        told = reports.answers(
            compiled, temperature=said.temperature, symptoms=said.symptoms, needs=said.needs
        )
        outcome = reports.outcome(compiled, told, well=said.well)
        if outcome is None:
            raise ProblemError("watches.other_kind", status=409)
        record = OfficeRecord(
            id=said.id, kind=Kind.SEEN, path=made.watch.path, subject_type="watch", subject=watch_id,
            outcome=outcome, payload=told, protocol=made.watch.protocol,
        )  # fmt: skip
        office.submit_office(system_actor(district), [record])
        return watches.watch(whole_district, watch_id)


def ask_help(district: str, person: UUID, *, path: str, number: int, help_: str, note: str) -> Case:
    """Guarantees the call stands in the queue of the place, with its clocks, before the person is thanked.

    The code on the paper is the permission. `number`: how many calls of the day the page had shown, so that
    a button pressed twice calls once.

    Raises:
        ProblemError: cases.too_many_calls (429), cases.number_in_words (422), form.* (409).
    """
    if not 0 <= number < MOST_CALLS:
        raise ProblemError("cases.too_many_calls", status=429)
    _without_numbers(note)
    case_id = call_id(person, clock.local_date(clock.now()), number)
    with transaction(whole(district)):
        if not cases.by_ids(district, [case_id]):
            compiled = protocols.latest(HELP)
            told = {compiled.due_field or "need": help_, "person": str(person), "note": note.strip()[:200]}
            record = OfficeRecord(
                id=uuid5(case_id, CaseKind.OPENED), kind=CaseKind.OPENED, path=path, subject_type="case",
                subject=case_id, outcome="opened", payload={k: v for k, v in told.items() if v},
                protocol=compiled.reference,
            )  # fmt: skip
            office.submit_office(system_actor(district), [record])
        return cases.by_ids(district, [case_id])[0]


def call_id(person: UUID, day: date, number: int) -> UUID:
    """The id of the n-th call for help of a person on a day; the same for whoever asks."""
    return uuid5(person, f"{HELP}:{day.isoformat()}:{number}")


def calls_of(district: str, person: UUID) -> tuple[Case, ...]:
    """The calls of a person in the last days, newest first. 1 query in the open scope."""
    today = clock.local_date(clock.now())
    days = [today - timedelta(days=n) for n in range(SHOWN_DAYS)]
    return cases.by_ids(district, [call_id(person, day, n) for day in days for n in range(MOST_CALLS)])


def _without_numbers(words: str) -> None:
    """Telephone and card numbers stay out of the ledger: whoever answers finds the person by the register."""
    if _NUMBER.search(re.sub(r"[\s.-]", "", words)):
        raise ProblemError("cases.number_in_words", status=422)
