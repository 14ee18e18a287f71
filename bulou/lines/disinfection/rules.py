"""Pure rules of disinfection: what a job is, who may sign it off, what the guidance advises against."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol
from uuid import UUID

import msgspec
from msgspec import structs

from bulou.ledger.rules import live
from bulou.ledger.terms import Entry, Standing
from bulou.lines.disinfection.terms import Caution, Job, Kind, Totals, Verdict

# Doubts that depend on what else had arrived: the fold decides them itself, from the whole set.
CONTEXTUAL = frozenset({"disinfection.own_team", "disinfection.nothing_to_sign"})
_VERDICTS = {verdict.value: verdict for verdict in Verdict}
_CAUTIONS = {caution.value: caution for caution in Caution}
_CENT = Decimal("0.01")
_MOST = Decimal(10) ** 10


Warn = Callable[[Entry], tuple[Caution, ...]]
"""What the protocol of a job warns of; a protocol version never changes, so that a replay says the same."""


def no_warning(_entry: Entry) -> tuple[Caution, ...]:
    """Nothing, where cautions do not matter."""
    return ()


class Known(Protocol):
    """What intake knows when it checks: the records of each subject, stored or earlier in the batch."""

    @property
    def history(self) -> Mapping[UUID, Sequence[Entry]]:
        """Entries by subject."""


def check(entry: Entry, context: Known) -> tuple[str, ...]:
    """Problem codes that make the record doubtful; empty when it may stand. Never raises."""
    if entry.kind != Kind.SIGNOFF or entry.withdraws:
        return ()
    if entry.outcome not in _VERDICTS:
        return ("disinfection.bad_verdict",)
    known = context.history.get(entry.subject, ()) if entry.subject else ()
    job = fold([e for e in known if e.operation == entry.operation and _position(e) < _position(entry)])
    problem = sign_off_problem(job, entry)
    if job is None and entry.device:
        return ()  # the job may still be under way on another phone; the fold waits for it
    return (problem,) if problem else ()


def sign_off_problem(job: Job | None, entry: Entry) -> str:
    """Why this sign-off cannot count: a problem code, or nothing.

    Source: S#104, strict sign-off under supervision; disinfection-round, neither the worker nor the
    worker's team. Two people who both name no team cannot be told apart, so that counts as the same team.
    """
    if job is None:
        return "disinfection.nothing_to_sign"
    return "disinfection.own_team" if own_work(job, entry.author, entry.team) else ""


def own_work(job: Job, person: UUID, team: str) -> bool:
    """Whether somebody did the job, or is of the crew or team that did."""
    return person == job.worker or person in job.crew or team == job.team


def fold(entries: Sequence[Entry], *, until: datetime | None = None, warn: Warn = no_warning) -> Job | None:
    """The latest job on one object of one round with its sign-off; None where none is in force.

    The same for any order of arrival. A sign-off speaks about the work before it: a later job waits anew.
    With `until`: what had happened before it, by everything known today.
    """
    job: Job | None = None
    for entry in _in_force(entries):
        if until is not None and entry.effective_at >= until:
            break
        if entry.kind == Kind.JOB and is_done(entry.outcome):
            job = _job(entry, warn(entry))
        elif entry.kind == Kind.SIGNOFF and job and not sign_off_problem(job, entry):
            job = replace(
                job, verdict=_VERDICTS.get(entry.outcome), signed_by=entry.author, signed_team=entry.team,
                signed_at=entry.effective_at, signoff=entry.id,
            )  # fmt: skip
    return job


def is_done(outcome: str) -> bool:
    """Whether the outcome says that the work was done (vocabulary: done, done_with_…)."""
    return outcome == "done" or outcome.startswith("done_")


def cautions(warnings: Iterable[str]) -> tuple[Caution, ...]:
    """The warnings of a protocol that this line counts, in their order. Source: P-70, P-73."""
    return tuple(_CAUTIONS[key] for key in warnings if key in _CAUTIONS)


def totals(jobs: Sequence[Job], classes: Mapping[UUID, str]) -> tuple[Totals, ...]:
    """Sums by class of object, sorted; objects without a class count under their subject type."""
    summed: dict[str, Totals] = {}
    for job in jobs:
        name = classes.get(job.subject, job.subject_type)
        summed[name] = _plus(summed.get(name, Totals(name)), job)
    return tuple(summed[name] for name in sorted(summed))


def total(parts: Sequence[Totals]) -> Totals:
    """All classes together."""
    return Totals(
        object_class="",
        jobs=sum(part.jobs for part in parts),
        signed_off_by_other=sum(part.signed_off_by_other for part in parts),
        failed=sum(part.failed for part in parts),
        with_cautions=sum(part.with_cautions for part in parts),
        area_m2=sum((part.area_m2 for part in parts), Decimal(0)),
        litres=sum((part.litres for part in parts), Decimal(0)),
    )


def _plus(so_far: Totals, job: Job) -> Totals:
    return Totals(
        object_class=so_far.object_class,
        jobs=so_far.jobs + 1,
        signed_off_by_other=so_far.signed_off_by_other + job.is_signed_off,
        failed=so_far.failed + (job.verdict is Verdict.FAILED),
        with_cautions=so_far.with_cautions + bool(job.cautions),
        area_m2=so_far.area_m2 + job.area_m2,
        litres=so_far.litres + job.litres,
    )


def _in_force(entries: Sequence[Entry]) -> list[Entry]:
    """Records in force as they happened; a correction stands where the corrected record stood."""
    by_id = {entry.id: entry for entry in entries}
    speaking = [
        structs.replace(entry, standing=Standing.KEPT)
        if entry.problems and CONTEXTUAL.issuperset(entry.problems)
        else entry
        for entry in entries
        if _may_amend(entry, by_id)
    ]
    moved = [structs.replace(entry, effective_at=_origin(entry, by_id)) for entry in live(speaking)]
    return sorted(moved, key=_position)


def _heard(entry: Entry) -> Entry:
    contextual = bool(entry.problems) and CONTEXTUAL.issuperset(entry.problems)
    return structs.replace(entry, standing=Standing.KEPT) if contextual else entry


def _may_amend(entry: Entry, by_id: Mapping[UUID, Entry]) -> bool:
    # A sign-off is taken back or corrected by its own side only: the crew cannot turn failed into passed.
    amended = by_id.get(entry.corrects or entry.withdraws or entry.id, entry)
    if amended.kind != Kind.SIGNOFF:
        return True
    return entry.author == amended.author or (entry.team == amended.team != "")


def _origin(entry: Entry, by_id: Mapping[UUID, Entry]) -> datetime:
    seen = {entry.id}
    while entry.corrects and entry.corrects in by_id and entry.corrects not in seen:
        entry = by_id[entry.corrects]
        seen.add(entry.id)
    return entry.effective_at


def _position(entry: Entry) -> tuple[datetime, UUID]:
    return entry.effective_at, entry.id


def _job(entry: Entry, found: tuple[Caution, ...]) -> Job:
    payload = body(entry)
    dose = _number(payload, "concentration_mg_l")
    assert entry.operation and entry.subject  # noqa: S101, PT018 - the caller folds by both
    return Job(
        operation=entry.operation, subject=entry.subject, subject_type=entry.subject_type,
        district=entry.district, path=entry.path, worker=entry.author, team=entry.team, crew=_crew(payload),
        agent=_text(payload, "agent"), concentration_mg_l=int(dose) if dose else None,
        method=_text(payload, "method"), area_m2=_number(payload, "area_m2"),
        litres=_number(payload, "litres"), cautions=found,
        done_at=entry.effective_at, record=entry.id,
    )  # fmt: skip


def body(entry: Entry) -> Mapping[str, Any]:
    """The payload as a mapping; empty where it is something else."""
    try:
        value = msgspec.json.decode(entry.payload)
    except msgspec.DecodeError:
        return {}
    return value if isinstance(value, dict) else {}


def _text(payload: Mapping[str, Any], key: str) -> str:
    value = payload.get(key)
    return value.strip()[:200] if isinstance(value, str) else ""


def _number(payload: Mapping[str, Any], key: str) -> Decimal:
    value = payload.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return Decimal(0)
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return Decimal(0)
    return number.quantize(_CENT) if number.is_finite() and 0 <= number < _MOST else Decimal(0)


def _crew(payload: Mapping[str, Any]) -> tuple[UUID, ...]:
    value = payload.get("crew")
    found: set[UUID] = set()
    for word in value if isinstance(value, list) else ():
        try:
            found.add(UUID(word))
        except (TypeError, ValueError, AttributeError):
            continue
    return tuple(sorted(found))
