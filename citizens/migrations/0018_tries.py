"""Whatever may be tried a few times only is counted in one table."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("citizens", "0017_indexes_that_hold_the_answer")]
    operations = [
        migrations.CreateModel(
            name="Tries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.BinaryField(max_length=32, unique=True)),
                ("try_count", models.PositiveIntegerField(db_default=0, default=0)),
                ("until", models.DateTimeField()),
            ],
            options={
                "verbose_name": "tries",
                "verbose_name_plural": "tries",
                "indexes": [models.Index(fields=["until"], name="tries_ended")],
            },
        )
    ]
