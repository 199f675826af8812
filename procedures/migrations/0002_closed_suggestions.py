"""The index of withdrawn suggestions also holds those that expired: both may come back."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("procedures", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="suggestion", name="suggestion_withdrawn"),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(
                fields=["rule", "due_on"],
                name="suggestion_closed",
                condition=models.Q(state__in=("withdrawn", "expired")),
            ),
        ),
    ]
