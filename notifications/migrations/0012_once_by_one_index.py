"""A message's key is unique by one index; a second one, for beginnings of keys, served nobody."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0011_number_codes")]
    operations = [
        migrations.AlterField(
            model_name="message",
            name="dedupe_key",
            field=models.CharField(max_length=120),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(fields=["dedupe_key"], name="message_once"),
        ),
    ]
