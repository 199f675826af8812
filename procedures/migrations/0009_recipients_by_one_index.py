"""Recipients are found by their unique key, which begins with the suggestion."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("procedures", "0008_catalogue_searched")]
    operations = [
        migrations.AlterField(
            model_name="recipient",
            name="suggestion",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="recipients",
                to="procedures.suggestion",
            ),
        )
    ]
