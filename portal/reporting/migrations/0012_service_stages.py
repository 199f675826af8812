"""Stages of services, each kept as it was written, and the list of the national portal."""

import django.db.models.deletion
import portal.reporting.integration.enums
from django.conf import settings
from django.db import migrations, models

from portal.common.db_roles import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0003_training'),
        ('procedures', '0001_initial'),
        ('reporting', '0011_reports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='IntegratedService',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30, unique=True, verbose_name='national code')),
                ('name', models.CharField(blank=True, default='', max_length=300, verbose_name='name')),
                ('integrated_on', models.DateField(blank=True, null=True, verbose_name='integrated on')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='ended on')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
            ],
            options={
                'verbose_name': 'integrated service',
                'verbose_name_plural': 'integrated services',
                'ordering': ['code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('integrated_on', None), ('ended_on', None), ('integrated_on__lte', models.F('ended_on')), _connector='OR'), name='integrated_begins_before_it_ends')],
            },
        ),
        migrations.CreateModel(
            name='ServiceStage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[(portal.reporting.integration.enums.Stage['PLANNED'], 'Planned'), (portal.reporting.integration.enums.Stage['PILOT'], 'Pilot'), (portal.reporting.integration.enums.Stage['LIVE'], 'Live')], max_length=7, verbose_name='stage reached')),
                ('effective_on', models.DateField(verbose_name='takes effect on')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('note', models.CharField(blank=True, default='', max_length=500, verbose_name='note')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.agency', verbose_name='owner department')),
                ('procedure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stages', to='procedures.procedure', verbose_name='procedure')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
            ],
            options={
                'verbose_name': 'stage of a service',
                'verbose_name_plural': 'stages of services',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['procedure', '-id'], name='service_stage_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('stage__in', ['planned', 'pilot', 'live'])), name='service_stage_known')],
            },
        ),
        append_only('reporting_servicestage'),
    ]
