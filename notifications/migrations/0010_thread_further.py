"""What was said in a thread, and may still go to a further channel, is found by an index."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("notifications", "0009_text_versions")]
    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                fields=["thread_key"],
                name="message_thread_further",
                condition=(Q(next_channel_at__isnull=False) | Q(digest__isnull=False))
                & ~Q(thread_key=""),
            ),
        )
    ]
