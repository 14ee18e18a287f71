"""Commands answer in words and with the exit codes that the contract names."""

import os
import subprocess
import sys
from collections.abc import Iterator
from uuid import UUID

import pytest

from bulou.postgres import roles, server, socket
from bulou.postgres.layout import APP_LOGIN, OWNER_ROLE, SUPERUSER
from bulou.postgres.server import State
from tests.cli import running
from tests.cli.running import Place

pytestmark = pytest.mark.slow  # each command is a process of its own
ASK_EACH = """import sys
from bulou.doors.cli.main import main
for name in sys.argv[1:]:
    try:
        main([name, "--help"])
    except SystemExit as end:
        if end.code != 0:
            raise"""


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """An installation that is ready."""
    made = running.from_kept()
    done = made.run("init")
    assert done.returncode == 0, done.stderr
    yield made
    running.remove(made)


def test_help_lists_the_commands_of_the_contract(place: Place) -> None:
    said = place.run("--help").stdout
    names = (
        "init",
        "serve",
        "demo",
        "account",
        "import",
        "rehearse",
        "verify",
        "replay",
        "doctor",
        "backup",
        "restore",
        "bench",
    )
    assert [name for name in names if f"\n    {name} " not in said] == []
    # One process for all: a dozen would spend 20 s on loading the same.
    asked = subprocess.run(
        [sys.executable, "-c", ASK_EACH, *names],
        env=place.environment(),
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert asked.returncode == 0, asked.stderr
    assert [name for name in names if f"bulou {name} " not in asked.stdout] == []


def test_an_unknown_command_is_a_mistake_of_the_caller(place: Place) -> None:
    assert place.run("nonsense").returncode == 2


def test_init_is_repeatable_and_leaves_the_server_running(place: Place) -> None:
    assert place.run("init").returncode == 0
    assert server.status(place.layout) is State.RUNNING


def test_an_account_is_made_with_a_one_time_code(place: Place) -> None:
    told = place.json(
        "account", "create", "--name", "lin", "--role", "community_officer", "--area", "220303.001"
    )
    assert UUID(told["account"])
    assert len(told["code"]) == 10
    again = place.run("account", "create", "--name", "lin", "--role", "viewer", "--area", "220303.001")
    assert again.returncode == 1
    assert "Traceback" not in again.stderr


def test_the_last_command_stops_the_server_that_nobody_uses(place: Place) -> None:
    assert place.run("verify").returncode == 0
    assert server.status(place.layout) is State.STOPPED


def test_verify_and_replay_hold_on_a_good_ledger(place: Place) -> None:
    assert place.json("verify")["holds"] is True
    assert place.json("replay", "--check")["faults"] == []


def test_the_doctor_finds_a_fresh_installation_well(place: Place) -> None:
    told = place.json("doctor")
    assert told["ok"] is True
    assert {check["name"] for check in told["checks"]} >= {
        "data",
        "disk",
        "backup",
        "ports",
        "database",
        "clock",
    }


@pytest.mark.parametrize("command", ["serve", "verify"])
def test_a_role_that_policies_do_not_bind_is_refused(place: Place, command: str) -> None:
    server.ensure(place.layout)
    with roles.connect(place.layout, SUPERUSER) as connection:
        told = connection.info.get_parameters()
    passfile = place.layout.passfile(SUPERUSER)
    address = f"postgresql:///bulou?host={told['host']}&user={SUPERUSER}&passfile={passfile}"
    done = place.run(command, DATABASE_URL=address, BULOU_OWNER_DATABASE_URL=address)
    assert done.returncode == 1
    assert "superuser" in done.stderr
    assert "BYPASSRLS" in done.stderr


def test_a_server_of_ones_own_is_used_by_its_address(place: Place) -> None:
    server.ensure(place.layout)
    host = socket.folder(place.layout)
    app, owner = (
        f"postgresql:///bulou?host={host}&user={role}&passfile={place.layout.passfile(role)}"
        for role in (APP_LOGIN, OWNER_ROLE)
    )
    address = {"DATABASE_URL": app, "BULOU_OWNER_DATABASE_URL": owner}
    for command in ("init", "verify"):
        done = place.run(command, **address)
        assert done.returncode == 0, done.stderr
    assert place.run("backup", str(place.data / "no"), **address).returncode == 1
    said = place.run("init", "--print-sql").stdout
    assert APP_LOGIN in said
    assert "NOBYPASSRLS" in said


def test_plain_http_beyond_this_machine_is_refused(place: Place) -> None:
    done = place.run("serve", "--host", "0.0.0.0", "--port", "0")
    assert done.returncode == 1
    assert "BULOU_TLS" in done.stderr


def test_nonsense_in_a_setting_is_told_by_name(place: Place) -> None:
    done = place.run("verify", BULOU_TLS="perhaps")
    assert done.returncode == 1
    assert "BULOU_TLS" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_copy_is_proved_before_it_takes_the_place_of_the_live_data(place: Place) -> None:
    copy = place.data / "copy"
    key = place.data / "report_signing_key"
    key.write_text("old", encoding="ascii")
    told = place.json("backup", str(copy))
    assert told["folder"] == str(copy)
    place.json("account", "create", "--name", "later", "--role", "viewer", "--area", "220303.001")
    before = place.json("verify")["records"]
    key.write_text("new", encoding="ascii")
    damaged = next(path for path in (copy / "cluster" / "base").glob("*/1259"))
    with damaged.open("r+b") as file:
        kept = file.read(200)
        file.seek(100)
        file.write(bytes([kept[100] ^ 1]))
    refused = place.run("restore", str(copy))
    assert refused.returncode == 1
    assert "damaged" in refused.stderr
    assert place.json("verify")["records"] == before
    with damaged.open("r+b") as file:
        file.write(kept)
    restored = place.run("restore", str(copy))
    assert restored.returncode == 0, restored.stderr
    assert key.read_text(encoding="ascii") == "old"
    assert place.json("verify")["records"] < before


def test_a_copy_never_overwrites_a_folder(place: Place) -> None:
    full = place.data / "full"
    full.mkdir()
    (full / "mine").write_text("kept", encoding="ascii")
    assert place.run("backup", str(full)).returncode == 1
    assert os.listdir(full) == ["mine"]  # noqa: PTH208 - names are what is asked


def test_init_makes_everything_from_nothing() -> None:
    place = running.empty()
    try:
        done = place.run("init", BULOU_SECRET_KEY="")
        assert done.returncode == 0, done.stderr
        assert (place.data / "secret_key").stat().st_mode & 0o777 == 0o600
        assert place.run("verify", BULOU_SECRET_KEY="").returncode == 0
    finally:
        running.remove(place)
