"""Tries to link a chat and to follow a dossier are counted where all tries are."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("citizens", "0018_tries"), ("dossiers", "0020_kept_logs")]
    operations = [
        migrations.DeleteModel(name="ChatTries"),
        migrations.DeleteModel(name="TrackingTries"),
    ]
