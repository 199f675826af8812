"""What a scan asks of people and papers stands in their indexes: it fetches neither."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("citizens", "0016_records_of_dossiers")]
    operations = [
        migrations.RemoveIndex(model_name="citizen", name="citizen_alive_birth"),
        migrations.RemoveIndex(model_name="credential", name="credential_kind_expiry"),
        migrations.AlterField(
            model_name="credential",
            name="holder",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credentials",
                to="citizens.party",
            ),
        ),
        migrations.AddIndex(
            model_name="citizen",
            index=models.Index(
                fields=["birth_date"],
                include=["party", "unit", "emigrated_on"],
                name="citizen_alive_birth",
                condition=Q(died_on__isnull=True, survivor__isnull=True),
            ),
        ),
        migrations.AddIndex(
            model_name="citizen",
            index=models.Index(
                fields=["party"],
                include=["unit", "birth_date", "birth_precision"],
                name="citizen_here",
                condition=Q(
                    died_on__isnull=True, survivor__isnull=True, emigrated_on__isnull=True
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="credential",
            index=models.Index(
                fields=["kind", "expires_on"],
                include=["id", "holder", "term", "category", "status"],
                name="credential_kind_expiry",
            ),
        ),
        migrations.AddIndex(
            model_name="credential",
            index=models.Index(
                fields=["holder", "kind"],
                include=["status", "issued_on"],
                name="credential_holder_kind",
            ),
        ),
    ]
