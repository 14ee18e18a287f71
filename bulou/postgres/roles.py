"""Roles and database: the owner changes the schema; the application works, and owns nothing."""

import secrets

import psycopg
from psycopg import sql

from bulou.postgres import cluster, socket
from bulou.postgres.layout import APP_GROUP, APP_LOGIN, DATABASE, OWNER_ROLE, PORT, SUPERUSER, Layout


def connect(layout: Layout, role: str, database: str = DATABASE) -> psycopg.Connection:
    """Return a connection of one login role, each statement its own transaction."""
    return psycopg.connect(
        host=str(socket.folder(layout)),
        port=PORT,
        user=role,
        dbname=database,
        passfile=str(layout.passfile(role)),
        autocommit=True,
    )


def complete(layout: Layout) -> bool:
    """Say whether roles and database were made to the end."""
    return (layout.base / "roles.made").exists()


def make(layout: Layout) -> None:
    """Make roles and database; repeatable after a crash in the middle (passwords are then made anew)."""
    with connect(layout, SUPERUSER, "postgres") as superuser:
        _role(superuser, APP_GROUP, "NOLOGIN")
        for name in (OWNER_ROLE, APP_LOGIN):
            password = secrets.token_urlsafe(32)
            cluster.write_passfile(layout, name, password)
            _role(superuser, name, "LOGIN", password)
        superuser.execute(
            sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP_GROUP), sql.Identifier(APP_LOGIN))
        )
        make_database(superuser, DATABASE)
    with connect(layout, SUPERUSER) as superuser:
        grant(superuser)
    (layout.base / "roles.made").touch(mode=0o600)


def make_database(superuser: psycopg.Connection, name: str, template: str = "template0") -> None:
    """Make a database of the owner, unless it exists; only the two roles may connect."""
    found = superuser.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
    if found is None:
        superuser.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(OWNER_ROLE), sql.Identifier(template)
            )
        )
    for statement in (
        "REVOKE ALL ON DATABASE {} FROM PUBLIC",
        "GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}",
    ):
        superuser.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(APP_GROUP)))


def grant(superuser: psycopg.Connection) -> None:
    """Let the application work on every table that the owner will make in this database."""
    for what, rights in (("TABLES", "SELECT, INSERT, UPDATE, DELETE"), ("SEQUENCES", "USAGE, SELECT")):
        superuser.execute(
            sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} GRANT {} ON {} TO {}").format(
                sql.Identifier(OWNER_ROLE), sql.SQL(rights), sql.SQL(what), sql.Identifier(APP_GROUP)
            )
        )


def _role(superuser: psycopg.Connection, name: str, login: str, password: str | None = None) -> None:
    found = superuser.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    superuser.execute(
        sql.SQL(
            "{} ROLE {} {} NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION PASSWORD {}"
        ).format(
            sql.SQL("CREATE" if found is None else "ALTER"),
            sql.Identifier(name),
            sql.SQL(login),
            sql.Literal(password),
        )
    )
