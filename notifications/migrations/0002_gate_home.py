"""The gate knows where the database lives, so that a restored one is noticed."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="gate",
            name="home",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
    ]
