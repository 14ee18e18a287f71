"""The surroundings of one test process, set before Django reads its settings (pytest -p)."""

import os
import tempfile
from pathlib import Path

# Short, because sockets live below it; the number lets a later run sweep up after a killed one.
DATA = Path(tempfile.gettempdir()) / f"bulou-t{os.getpid()}"

for name in ("DATABASE_URL", "BULOU_OWNER_DATABASE_URL", "BULOU_DB_ROLE", "BULOU_TLS", "BULOU_HOSTS"):
    os.environ.pop(name, None)
os.environ["BULOU_DATA"] = str(DATA)
os.environ["BULOU_SECRET_KEY"] = "only-for-tests-and-never-for-anything-else"
os.environ["BULOU_DB_POOL"] = "no"
os.environ["BULOU_READ_ONLY_PERCENT"] = "100"  # whatever else fills the disk of the machine that tests
os.environ["BULOU_SHARED_MS"] = "0"  # what a test has just written is on the next page
