from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("watches", "0003_card")]

    operations = [
        migrations.AddIndex(
            model_name="slot",
            index=models.Index(
                condition=models.Q(("state", 3)), fields=["district", "watch"], name="watches_slot_reported"
            ),
        ),
    ]
