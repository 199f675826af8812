"""What a delivery ties by the million is not checked key by key, and what keys name stays.

See 0006: the keys come from the statement that wrote the row, or one that stands.
"""

import django.db.models.deletion
from django.db import migrations, models

from portal.common.db_roles import APP_ROLE

_TABLES = (
    "citizens_unit, citizens_register, citizens_batch, citizens_user, citizens_contactpoint"
)
_KEEP = f"REVOKE DELETE ON {_TABLES} FROM {APP_ROLE}"
_LET_GO = f"GRANT DELETE ON {_TABLES} TO {APP_ROLE}"


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0008_calendar_addresses'),
    ]

    operations = [
        migrations.RunSQL(_KEEP, _LET_GO),
        migrations.AlterField(
            model_name='citizen',
            name='party',
            field=models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='citizen', serialize=False, to='citizens.party'),
        ),
        migrations.AlterField(
            model_name='citizen',
            name='unit',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='residents', to='citizens.unit', verbose_name='unit'),
        ),
        migrations.AlterField(
            model_name='household',
            name='party',
            field=models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='household', serialize=False, to='citizens.party'),
        ),
        migrations.AlterField(
            model_name='household',
            name='unit',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='households', to='citizens.unit', verbose_name='unit'),
        ),
        migrations.AlterField(
            model_name='relation',
            name='person',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='relatives', to='citizens.citizen'),
        ),
        migrations.AlterField(
            model_name='relation',
            name='relative',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='related_by', to='citizens.citizen'),
        ),
    ]
