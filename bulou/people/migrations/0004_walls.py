from pathlib import Path

from django.db import migrations

from bulou.kernel.reach import rls_sql

SCHEMA = Path(__file__).parent.parent / "sql" / "schema"
TABLES: tuple[tuple[str, str | None], ...] = (
    ("people_identity", "path"),
    ("people_token", "path"),
    ("people_read", "path"),
    ("people_dispute", "path"),
    ("people_duty_end", None),
    ("people_certificate", None),
)


def undo(table: str) -> str:
    return f"DROP POLICY {table}_scope ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"


class Migration(migrations.Migration):
    dependencies = [("people", "0003_vault")]

    operations = [
        *(migrations.RunSQL(rls_sql(table, column), undo(table)) for table, column in TABLES),
        migrations.RunSQL(
            (SCHEMA / "0004_log_stays.up.sql").read_text(), (SCHEMA / "0004_log_stays.down.sql").read_text()
        ),
    ]
