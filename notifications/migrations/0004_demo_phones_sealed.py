"""The phones of a trial hold numbers and texts sealed; what lay on them in clear is taken off."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_lease_and_neutral_texts")]
    operations = [
        migrations.RunSQL("DELETE FROM notifications_demodelivery", migrations.RunSQL.noop),
        migrations.RemoveIndex("demodelivery", "demo_by_phone"),
        migrations.RemoveField("demodelivery", "address"),
        migrations.RemoveField("demodelivery", "body"),
        migrations.AddField(
            "demodelivery",
            "address_index",
            models.BinaryField(default=b"", max_length=32),
            preserve_default=False,
        ),
        migrations.AddField(
            "demodelivery", "address_enc", models.BinaryField(default=b""), preserve_default=False
        ),
        migrations.AddField(
            "demodelivery", "body_enc", models.BinaryField(default=b""), preserve_default=False
        ),
        migrations.AddIndex(
            "demodelivery",
            models.Index(fields=["address_index", "-recorded_at"], name="demo_by_phone"),
        ),
    ]
