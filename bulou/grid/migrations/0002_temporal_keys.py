from django.db import migrations

# A database-wide extension; trusted, so the owner of the database may create it.
EXTENSION = "CREATE EXTENSION IF NOT EXISTS btree_gist"

KEYS = (
    ("grid_area", "grid_area_identity", "district, area, valid WITHOUT OVERLAPS"),
    ("grid_area", "grid_area_place", "district, path, valid WITHOUT OVERLAPS"),
    ("grid_code", "grid_code_meaning", "district, scheme, code, valid WITHOUT OVERLAPS"),
    ("grid_code", "grid_code_one", "district, area, scheme, valid WITHOUT OVERLAPS"),
    ("grid_population", "grid_population_one", "district, path, kind, valid WITHOUT OVERLAPS"),
)


class Migration(migrations.Migration):
    dependencies = [("grid", "0001_tables")]

    operations = [
        migrations.RunSQL(EXTENSION, migrations.RunSQL.noop),
        *(
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE ({columns})",
                f"ALTER TABLE {table} DROP CONSTRAINT {name}",
            )
            for table, name, columns in KEYS
        ),
    ]
