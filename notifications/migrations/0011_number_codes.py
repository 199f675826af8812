"""Codes by which whoever holds a number takes back that nothing should come to it."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("citizens", "0014_helpers_look"),
        ("notifications", "0010_thread_further"),
    ]
    operations = [
        migrations.CreateModel(
            name="NumberCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code_hash", models.BinaryField(max_length=32)),
                ("try_count", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "contact_point",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="citizens.contactpoint",
                    ),
                ),
            ],
            options={
                "verbose_name": "code for a number",
                "verbose_name_plural": "codes for numbers",
            },
        )
    ]
