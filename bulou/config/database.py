"""Which PostgreSQL, and as whom: the application role for the work, the owner for migrations."""

from pathlib import Path
from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from bulou.config.env import SettingError, env_bool, env_choice, env_int, env_secret
from bulou.postgres import layout, socket


def role() -> str:
    """Return `app` or `owner`: the role this process was started for (BULOU_DB_ROLE)."""
    return env_choice("BULOU_DB_ROLE", ("app", "owner"), "app")  # owner: set by `init` to migrate


def settings(data: Path) -> dict[str, Any]:
    """Return Django's settings of the one database connection.

    With DATABASE_URL the application role of an external server; the owner's address is
    BULOU_OWNER_DATABASE_URL. Without it the embedded server below the data folder.
    """
    name = "BULOU_OWNER_DATABASE_URL" if role() == "owner" else "DATABASE_URL"
    address = env_secret(name)
    if address:
        parts = _external(name, address)
    elif env_secret("DATABASE_URL"):
        raise SettingError("BULOU_OWNER_DATABASE_URL is needed beside DATABASE_URL to change the schema")
    else:
        parts = _embedded(data)
    options = parts["OPTIONS"]
    options["application_name"] = f"bulou-{role()}"
    if env_bool("BULOU_DB_PREPARE", default=True):  # no: behind a pooler that keeps no prepared statements
        # Django's own None switches psycopg's prepared statements off altogether; with a number out of reach
        # only what asks for it (kernel.sqlfiles.prepared) is prepared
        options["prepare_threshold"] = 1_000_000_000
    if role() == "app" and env_bool("BULOU_DB_POOL", default=True):  # no: a new connection each time
        options["pool"] = {
            "min_size": 1,
            "max_size": env_int("BULOU_DB_POOL_SIZE", 10, least=1, most=200),  # connections of one process
            "timeout": 10,
            "max_idle": 120,
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "ATOMIC_REQUESTS": False,
        "DISABLE_SERVER_SIDE_CURSORS": False,
        **parts,
    }


def _embedded(data: Path) -> dict[str, Any]:
    place = layout.Layout(data / "pg")
    user = layout.OWNER_ROLE if role() == "owner" else layout.APP_LOGIN
    return {
        "NAME": layout.DATABASE,
        "USER": user,
        "HOST": str(socket.folder(place)),
        "PORT": str(layout.PORT),
        "OPTIONS": {"passfile": str(place.passfile(user))},
    }


def _external(name: str, address: str) -> dict[str, Any]:
    try:
        parts = {key: str(value) for key, value in conninfo_to_dict(address).items() if value is not None}
    except ProgrammingError:
        raise SettingError(f"{name} is not a PostgreSQL address") from None
    return {
        "NAME": parts.pop("dbname", layout.DATABASE),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": dict(parts),
    }
