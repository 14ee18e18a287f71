"""`bulou import handed-in`: what somebody brings from a phone is taken in, once."""

import argparse
import json
from contextlib import nullcontext
from pathlib import Path

import pytest

from bulou.doors.cli import standing
from bulou.doors.cli.imports import command
from bulou.doors.cli.terminal import CommandError
from bulou.kernel import ids
from bulou.kernel.scope import transaction, whole
from tests.make import access, rounds, sealing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' own database stands already."""
    monkeypatch.setattr(standing, "database", nullcontext)


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    told = command()
    told.arguments(parser)
    return told.run(parser.parse_args(list(words)))


def test_a_file_and_its_scanned_pages_are_taken_in_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with transaction(whole(rounds.DISTRICT)):
        street = rounds.street(doors=2)
        operation = rounds.screening()
    phone = access.phone(access.qian(), name="phone 3")
    visits = [rounds.visit(operation, door, device_seq=n) for n, door in enumerate(street.all_doors, 1)]
    file, pages = tmp_path / "phone.sealed.json", tmp_path / "pages.txt"
    file.write_bytes(
        sealing.file_of(*(sealing.records(phone.device_id, phone.token, visit) for visit in visits))
    )
    assert run("handed-in", str(file), "--json") == 0
    assert json.loads(capsys.readouterr().out)["kept"] == len(visits)
    pack = sealing.records(phone.device_id, phone.token, *visits, envelope=ids.uuid7())
    pages.write_text("\n".join(sealing.pages_of(pack)))
    assert run("handed-in", str(pages)) == 0
    assert str(len(visits)) in capsys.readouterr().out
    assert run("handed-in", str(pages), "--json") == 0
    assert json.loads(capsys.readouterr().out)["duplicate"] == len(visits)
    pages.write_text("\n".join(sealing.pages_of(pack)[1:]))
    with pytest.raises(CommandError, match="1"):
        run("handed-in", str(pages))
    forged = sealing.records(phone.device_id, "another token", rounds.visit(operation, street.all_doors[0]))
    file.write_bytes(sealing.file_of(forged))
    assert run("handed-in", str(file)) == 3
    assert "another device wrote it" in capsys.readouterr().err
