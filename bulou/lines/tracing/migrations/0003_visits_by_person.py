from django.db import migrations

# The key by person holds all that the search reads of a visit, as the index by place does: no row is fetched
# from the table (ADR 0062). Django knows the key; what lies beside it in the index is PostgreSQL's alone.
KEY = (
    "ALTER TABLE tracing_visit DROP CONSTRAINT tracing_visit_pkey,"
    " ADD CONSTRAINT tracing_visit_pkey PRIMARY KEY (district, person, began_at, place)"
)


class Migration(migrations.Migration):
    dependencies = [("tracing", "0002_row_security")]

    operations = [migrations.RunSQL(f"{KEY} INCLUDE (ended_at, path)", KEY)]
