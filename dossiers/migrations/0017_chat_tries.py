"""Tries to link a chat account are counted in a row of the account, one after the other."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0016_citizens_read_what_arrived")]
    operations = [
        migrations.CreateModel(
            name="ChatTries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account_index", models.BinaryField(max_length=32, unique=True)),
                ("try_count", models.PositiveIntegerField(db_default=0, default=0)),
                ("until", models.DateTimeField()),
            ],
            options={
                "verbose_name": "tries to link a chat account",
                "verbose_name_plural": "tries to link chat accounts",
            },
        )
    ]
