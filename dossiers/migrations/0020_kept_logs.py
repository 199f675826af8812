"""Logs of dossiers are kept as they were drawn up: rows are added, never changed or deleted."""

import django.contrib.postgres.functions
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from portal.common.db_roles import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0016_records_of_dossiers'),
        ('dossiers', '0019_tracking_tries'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LogBook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(verbose_name='from')),
                ('until', models.DateField(verbose_name='to')),
                ('row_count', models.PositiveIntegerField(verbose_name='dossiers')),
                ('left_count', models.PositiveIntegerField(default=0, verbose_name='left out')),
                ('form_version', models.CharField(max_length=40, verbose_name='form of')),
                ('size', models.PositiveIntegerField(verbose_name='size (bytes)')),
                ('sha256', models.CharField(max_length=64)),
                ('stored_name', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField(verbose_name='drawn up at')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='log_books', to='citizens.agency')),
                ('official', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'kept log of dossiers',
                'verbose_name_plural': 'kept logs of dossiers',
                'ordering': ['-pk'],
            },
        ),
        append_only("dossiers_logbook"),
    ]
