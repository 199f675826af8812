"""Whoever has an account chooses at which hours of the day messages come."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("citizens", "0018_tries")]
    operations = [
        migrations.AddField(
            "user",
            "heard_from",
            models.PositiveSmallIntegerField("messages from", default=7, db_default=7),
        ),
        migrations.AddField(
            "user",
            "heard_until",
            models.PositiveSmallIntegerField("messages until", default=21, db_default=21),
        ),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                name="user_heard_by_day",
                condition=Q(heard_from__gte=7, heard_until__lte=21)
                & Q(heard_from__lt=F("heard_until")),
                violation_error_message="Messages come between 7 and 21 o’clock only.",
            ),
        ),
    ]
