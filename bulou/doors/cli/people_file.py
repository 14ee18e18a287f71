"""`bulou import residents|returnees|contacts|visits`: into the vault, from there onto the register."""

from argparse import Namespace
from collections.abc import Sequence

from django.utils.translation import gettext

from bulou.access.actions.gate import system_actor
from bulou.access.terms import Actor
from bulou.doors.cli import standing
from bulou.doors.cli.terminal import USAGE, CommandError, note, say, words_of
from bulou.intake.actions import contact_lists
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel.problems import ProblemError
from bulou.lines.screening.terms import Kind
from bulou.people.actions.imports import Came, Options, import_people
from bulou.people.terms import ImportKind, Receipt


def take(options: Namespace, mapping: dict[str, str]) -> Receipt:
    """Take the file in and return its receipt."""
    if "." not in options.area and len(options.area) < 2:
        raise CommandError(gettext("Name the area to which these people belong: --area PATH"), USAGE)
    how = Options(
        mapping=mapping,
        basis=options.basis,
        dry=options.dry_run,
        quarantine_to=options.file.with_name(f"{options.file.stem}.quarantine.csv"),
        progress=lambda rows: note(gettext("%(rows)s rows …") % {"rows": rows}),
        register=register,
        venue=options.venue,
    )
    kind = ImportKind(options.kind)
    take_in = contact_lists.take_list if kind in contact_lists.LISTS else import_people
    with standing.database():
        try:
            return take_in(
                system_actor(options.area.split(".", 1)[0]),
                kind=kind,
                path=options.area,
                content=options.file,
                file_name=options.file.name,
                options=how,
            )
        except ProblemError as error:
            raise CommandError(words_of(error), USAGE) from error


def register(actor: Actor, came: Sequence[Came]) -> None:
    """Put everybody who came onto the register, with one record each."""
    submit_office(
        actor,
        [
            OfficeRecord(
                kind=Kind.PERSON, path=one.path, subject_type="person", subject=one.person.person_id,
                outcome="registered", payload={**one.facts, "home": one.path},
            )
            for one in came
        ],
    )  # fmt: skip


def tell(receipt: Receipt) -> None:
    """Say on what the import rests, until when it is kept, and who may be there twice."""
    say(
        gettext("Held on this basis until %(day)s: %(basis)s")
        % {"day": receipt.keep_until, "basis": receipt.basis}
    )
    if receipt.duplicates:
        say(gettext("%(n)s people may be there twice: see the page of doubles.") % {"n": receipt.duplicates})
