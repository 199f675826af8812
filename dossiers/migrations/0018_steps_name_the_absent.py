"""A step that was taken in the place of an absent colleague names them."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0017_chat_tries")]
    operations = [
        migrations.AddField(
            model_name="dossierevent",
            name="cover_for",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="citizens.official",
                verbose_name="in the place of",
            ),
        ),
    ]
