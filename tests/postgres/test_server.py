"""The embedded server comes up again, whatever ended it, with every acknowledged row."""

import contextlib
import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from bulou.postgres import account, cluster, programs, roles, server, socket
from bulou.postgres.errors import ServerError
from bulou.postgres.layout import APP_LOGIN, OWNER_ROLE, Layout
from bulou.postgres.server import State
from tests.cluster import CARELESS


@pytest.fixture(scope="module")
def made() -> Iterator[Layout]:
    """A server with the durable settings of production."""
    with tempfile.TemporaryDirectory(prefix="bulou-p", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        layout = Layout(Path(folder) / "pg")
        yield layout
        server.stop(layout)


@pytest.fixture
def running(made: Layout) -> Layout:
    """The same server, running."""
    server.ensure(made)
    return made


def _processes(layout: Layout) -> list[int]:
    """Return the postmaster and its children; backends call setsid, so they are found by their parent."""
    postmaster = int((layout.cluster / "postmaster.pid").read_text(encoding="ascii").split()[0])
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(postmaster)], capture_output=True, text=True, check=False
    )
    return [postmaster, *(int(word) for word in found.stdout.split())]


def _kill_all(layout: Layout) -> None:
    for process in _processes(layout):
        with contextlib.suppress(ProcessLookupError):  # it may end by itself a moment before
            os.kill(process, signal.SIGKILL)


def test_the_first_start_makes_everything_and_the_second_does_nothing(made: Layout) -> None:
    server.stop(made)
    assert server.ensure(made) is True
    assert server.status(made) is State.RUNNING
    assert server.ensure(made) is False


def test_the_settings_that_keep_acknowledged_rows_are_on(running: Layout) -> None:
    with roles.connect(running, APP_LOGIN) as connection:
        for name, value in cluster.PINNED.items():
            assert connection.execute("SELECT current_setting(%s)", [name]).fetchone() == (value,)
        found = connection.execute(
            "SELECT current_setting('data_checksums'), current_setting('jit'),"
            " current_setting('listen_addresses')"
        )
        assert found.fetchone() == ("on", "off", "")


def test_durability_cannot_be_switched_off_by_a_stored_setting(running: Layout) -> None:
    with roles.connect(running, "postgres") as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
    server.stop(running)
    server.ensure(running)
    with roles.connect(running, APP_LOGIN) as connection:
        assert connection.execute("SELECT current_setting('fsync')").fetchone() == ("on",)


def test_the_server_belongs_to_an_unprivileged_account(running: Layout) -> None:
    owner = Path(f"/proc/{_processes(running)[0]}").stat().st_uid
    assert owner != 0
    assert owner == account.find().uid
    assert running.passfile(APP_LOGIN).stat().st_mode & 0o777 == 0o600
    assert running.cluster.stat().st_mode & 0o777 == 0o700


def test_a_wrong_password_is_refused(running: Layout) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(
            host=str(socket.folder(running)),
            user=APP_LOGIN,
            dbname="bulou",
            password="guess",
            connect_timeout=3,
        )


def test_killing_every_process_in_the_middle_of_writes_loses_no_acknowledged_row(running: Layout) -> None:
    with roles.connect(running, OWNER_ROLE) as connection:
        connection.execute("DROP TABLE IF EXISTS kept; CREATE TABLE kept (n int PRIMARY KEY)")
    acknowledged: list[int] = []
    enough = threading.Event()

    def write() -> None:
        with roles.connect(running, APP_LOGIN) as connection:
            try:
                for n in range(100_000):
                    connection.execute("INSERT INTO kept VALUES (%s)", [n])
                    acknowledged.append(n)
                    if n == 50:
                        enough.set()
            except psycopg.OperationalError:
                return

    writer = threading.Thread(target=write)
    writer.start()
    assert enough.wait(20)
    _kill_all(running)
    writer.join(20)
    assert not writer.is_alive()
    assert (running.cluster / "postmaster.pid").exists()
    assert server.ensure(running) is True
    with roles.connect(running, APP_LOGIN) as connection:
        rows = [n for (n,) in connection.execute("SELECT n FROM kept ORDER BY n")]
    assert rows[: len(acknowledged)] == acknowledged
    assert len(rows) - len(acknowledged) <= 1  # the one whose answer was lost


def test_a_process_number_that_somebody_else_has_now_does_not_stop_the_start(running: Layout) -> None:
    _kill_all(running)
    stale = (running.cluster / "postmaster.pid").read_text(encoding="ascii").splitlines()
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        assert server.status(running) in {State.STOPPED, State.STARTING}
        stale[0] = str(stranger.pid)
        (running.cluster / "postmaster.pid").write_text("\n".join(stale) + "\n", encoding="ascii")
        assert server.ensure(running) is True
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_several_processes_may_ask_at_once_and_one_starts_it(running: Layout) -> None:
    server.stop(running)
    answers: list[bool] = []
    threads = [threading.Thread(target=lambda: answers.append(server.ensure(running))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == [False, False, False, True]


def test_a_crash_while_the_cluster_was_made_leaves_nothing_in_the_way() -> None:
    with tempfile.TemporaryDirectory(prefix="bulou-p", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        layout = Layout(Path(folder) / "pg")
        (layout.base / "cluster.new").mkdir(parents=True)
        (layout.base / "cluster.new" / "PG_VERSION").write_text("18\n", encoding="ascii")
        assert server.status(layout) is State.ABSENT
        assert server.ensure(layout, durability=CARELESS) is True
        server.stop(layout)
        assert server.status(layout) is State.STOPPED


def test_a_long_data_folder_gets_a_short_socket(tmp_path: Path) -> None:
    assert len(str(socket.folder(Layout(tmp_path / ("x" * 200) / "pg")))) < 100


def test_a_broken_settings_file_is_explained_with_the_log(running: Layout) -> None:
    server.stop(running)
    with pytest.raises(ServerError, match="does not start"):
        server.ensure(running, durability={"full_page_writes": "perhaps"})
    assert server.ensure(running) is True


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a second account to hide from")
def test_programs_in_a_private_folder_are_copied_and_its_mode_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with tempfile.TemporaryDirectory(prefix="bulou-p") as folder:
        Path(folder).chmod(0o711)
        private = Path(folder) / "private"
        private.mkdir(mode=0o700)
        site = programs._site()
        for part in programs._PARTS:
            subprocess.run(["cp", "-a", "--parents", part, private], check=True, cwd=site)
        monkeypatch.setattr(programs, "_site", lambda: private)
        layout = Layout(Path(folder) / "data" / "pg")
        assert server.ensure(layout, durability=CARELESS) is True
        try:
            assert programs.folder(layout, account.find()).is_relative_to(layout.runtime)
            assert private.stat().st_mode & 0o777 == 0o700
        finally:
            server.stop(layout)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a second account to hide from")
def test_a_private_data_folder_is_entered_without_changing_its_mode() -> None:
    with tempfile.TemporaryDirectory(prefix="bulou-p", ignore_cleanup_errors=True) as folder:
        layout = Layout(Path(folder) / "data" / "pg")
        assert Path(folder).stat().st_mode & 0o777 == 0o700
        try:
            assert server.ensure(layout) is True
            with roles.connect(layout, OWNER_ROLE) as connection:
                connection.execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)")
            _kill_all(layout)
            assert server.ensure(layout) is True
            with roles.connect(layout, APP_LOGIN) as connection:
                assert connection.execute("SELECT n FROM kept").fetchall() == [(1,)]
                assert connection.execute("SELECT pg_backend_pid()").fetchone()
            assert Path(f"/proc/{_processes(layout)[0]}").stat().st_uid == account.find().uid
        finally:
            server.stop(layout)
        assert server.status(layout) is State.STOPPED
        assert Path(folder).stat().st_mode & 0o777 == 0o700
