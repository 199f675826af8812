"""Placeholders are written ((name)) where they were {name}: what officials wrote is rewritten."""

from __future__ import annotations

from django.db import migrations

_REWRITE = r"""
UPDATE notifications_text SET
    subject = regexp_replace(subject, '{old}', '{new}', 'g'),
    body = regexp_replace(body, '{old}', '{new}', 'g')
"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0005_delivery")]
    operations = [
        migrations.RunSQL(
            _REWRITE.format(old=r"\{([a-z][a-z0-9_]*)\}", new=r"((\1))"),
            _REWRITE.format(old=r"\(\(([a-z][a-z0-9_]*)\)\)", new=r"{\1}"),
        )
    ]
