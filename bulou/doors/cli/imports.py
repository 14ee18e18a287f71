"""`bulou import KIND FILE`: a table file into the registers, with a receipt that accounts for every row."""

import json
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

from django.utils.translation import gettext

from bulou.access.actions.gate import system_actor
from bulou.doors.cli import handed_in, people_file, standing
from bulou.doors.cli.terminal import OK, USAGE, Command, CommandError, note, say, say_json, words_of
from bulou.grid.actions.imports import ImportOptions, check_file, import_file
from bulou.grid.terms import NATION, ImportKind, Receipt
from bulou.intake.actions.laboratory import Options, take_results
from bulou.intake.actions.laboratory import Receipt as LaboratoryReceipt
from bulou.kernel.problems import ProblemError
from bulou.kernel.sheets.received import received
from bulou.lines.restrictions.actions.acts import note_stopped
from bulou.people.terms import ImportKind as PeopleKind
from bulou.people.terms import Receipt as PeopleReceipt

SOME_QUARANTINED = 3
RESULTS = "results"  # what laboratories say about tubes
RESTRICTIONS = "restrictions"  # refused, and noted for supervision
HANDED_IN = "handed-in"  # sealed records that somebody brought from a phone


def command() -> Command:
    """Describe the command."""
    return Command(gettext("Take a CSV or XLSX file into the registers."), _arguments, _run)


def _arguments(parser: ArgumentParser) -> None:
    kinds = [*(kind.value for kind in (*ImportKind, *PeopleKind)), HANDED_IN, RESULTS, RESTRICTIONS]
    parser.add_argument("kind", metavar="KIND", choices=kinds, help=", ".join(kinds))
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument(
        "--area",
        metavar="PATH",
        default=NATION,
        help=gettext("area below which every row lies; a division file of many districts needs none"),
    )
    parser.add_argument("--map", type=Path, metavar="FILE", help=gettext('JSON: {"column heading": "field"}'))
    parser.add_argument(
        "--basis",
        default="",
        metavar="TEXT",
        help=gettext("of people: the law or order on which holding their identity rests"),
    )
    parser.add_argument(
        "--venue",
        default="",
        metavar="NAME",
        help=gettext("of a list of visits: the place, as the register calls it, where no column names it"),
    )
    parser.add_argument("--dry-run", action="store_true", help=gettext("count only, store nothing"))
    parser.add_argument("--json", action="store_true", help=gettext("answer as JSON"))


def _run(options: Namespace) -> int:
    if not options.file.is_file():
        raise CommandError(gettext("There is no file %(file)s.") % {"file": options.file}, USAGE)
    if options.kind == HANDED_IN:
        return handed_in.read(options.file, dry=options.dry_run, as_json=options.json)
    if options.kind in set(PeopleKind):
        taken = people_file.take(options, _mapping(options.map))
        return _tell(taken, as_json=options.json, dry=options.dry_run)
    if options.kind == RESTRICTIONS:
        return _restrict_nobody(options)
    if options.kind == RESULTS:
        return _tell(_results(options), as_json=options.json, dry=options.dry_run)
    chosen = ImportOptions(
        mapping=_mapping(options.map),
        quarantine_to=options.file.with_name(f"{options.file.stem}.quarantine.csv"),
        progress=lambda rows: note(gettext("%(rows)s rows …") % {"rows": rows}),
    )
    take = check_file if options.dry_run else import_file
    actor = system_actor(options.area.split(".", 1)[0])
    with standing.database():
        try:
            receipt = take(
                actor,
                kind=ImportKind(options.kind),
                path=options.area,
                content=options.file,
                file_name=options.file.name,
                options=chosen,
            )
        except ProblemError as error:
            raise CommandError(words_of(error), USAGE) from error
    return _tell(receipt, as_json=options.json, dry=options.dry_run)


def _restrict_nobody(options: Namespace) -> int:
    """Refuse a file of restrictions, whatever stands in it, and tell supervision how many rows it had."""
    district = options.area.split(".", 1)[0]
    with standing.database(), received(options.file, options.file.name) as sheet:
        n = sum(1 for row in sheet.rows() if any(row)) - 1  # the first row names the columns
        if not options.dry_run:
            note_stopped(
                system_actor(district), path=options.area, n_persons=max(n, 0), code="restrictions.by_file"
            )
    raise CommandError(words_of(ProblemError("restrictions.by_file", status=422)), USAGE)


def _results(options: Namespace) -> LaboratoryReceipt:
    """Take a laboratory's file in."""
    how = Options(
        mapping=_mapping(options.map),
        dry=options.dry_run,
        quarantine_to=options.file.with_name(f"{options.file.stem}.quarantine.csv"),
    )
    with standing.database():
        try:
            return take_results(
                system_actor(options.area.split(".", 1)[0]),
                path=options.area,
                content=options.file,
                file_name=options.file.name,
                options=how,
            )
        except ProblemError as error:
            raise CommandError(words_of(error), USAGE) from error


def _mapping(file: Path | None) -> dict[str, str]:
    """Return the chosen fields by column heading."""
    if file is None:
        return {}
    try:
        mapping = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{file}: {error}", USAGE) from error
    if not isinstance(mapping, dict) or not all(isinstance(field, str) for field in mapping.values()):
        raise CommandError(
            gettext('%(file)s must be JSON: {"column heading": "field"}') % {"file": file}, USAGE
        )
    return mapping


def _tell(receipt: Receipt | PeopleReceipt | LaboratoryReceipt, *, as_json: bool, dry: bool) -> int:
    if as_json:
        say_json(asdict(receipt))
    else:
        counts = {
            "rows": receipt.rows,
            "stored": receipt.stored,
            "unchanged": receipt.unchanged,
            "quarantined": receipt.quarantined,
        }
        if dry:
            say(gettext("Nothing was stored; this is what would happen:"))
        say(
            gettext("%(rows)s rows = %(stored)s stored + %(unchanged)s unchanged + %(quarantined)s set aside")
            % counts
        )
        if receipt.quarantine_file:
            say(gettext("Rows set aside, with the reasons: %(file)s") % {"file": receipt.quarantine_file})
        if isinstance(receipt, PeopleReceipt):
            people_file.tell(receipt)
    if receipt.quarantined == receipt.rows and receipt.rows:
        return USAGE
    return SOME_QUARANTINED if receipt.quarantined else OK
