from __future__ import annotations

from django.db import migrations, models
from django.db.models.fields.json import KT


class Migration(migrations.Migration):
    dependencies = [("citizens", "0015_lighter_indexes")]

    operations = [
        migrations.AddIndex(
            model_name="registerrecord",
            index=models.Index(
                KT("body__dossier"),
                condition=models.Q(("body__has_key", "dossier")),
                name="register_record_dossier",
            ),
        ),
    ]
