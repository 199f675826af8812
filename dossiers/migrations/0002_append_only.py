"""History that the application may add to and read, never change (house.md, decision 9)."""

from __future__ import annotations

from django.db import migrations

from portal.common.db_roles import append_only


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0001_initial")]
    operations = [
        append_only("dossiers_dossierevent"),
        append_only("dossiers_clockevent"),
    ]
