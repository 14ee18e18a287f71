"""Sessions in the database, of which one may be handed over that was read a moment ago."""

from typing import Any

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """Django's store; `standing` is what the session held when it was last read, so it is not read again."""

    standing: dict[str, Any] | None = None

    def load(self) -> dict[str, Any]:
        """Return what the session holds."""
        return dict(self.standing) if self.standing is not None else super().load()
