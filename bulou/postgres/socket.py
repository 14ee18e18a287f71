"""Where the embedded server listens: a short path, because a socket's name may have 107 bytes only."""

import hashlib
import os
import tempfile
from pathlib import Path

from bulou.postgres.layout import Layout

_LONGEST = 90  # "/.s.PGSQL.5432" comes behind it


def folder(layout: Layout) -> Path:
    """Return the folder of the socket: beside the cluster, or a short private one named after it."""
    beside = layout.base / "run"
    if len(os.fsencode(beside)) <= _LONGEST:
        return beside
    mark = hashlib.sha256(os.fsencode(layout.base)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"bulou-{os.geteuid()}-{mark}"
