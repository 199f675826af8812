"""Reports of weeks and months, kept as they were made."""

import django.contrib.postgres.functions
import django.db.models.deletion
import portal.reporting.reports.enums
import uuid
from django.db import migrations, models

from portal.common.db_roles import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0003_training'),
        ('reporting', '0010_publications'),
    ]

    operations = [
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
                ('span', models.CharField(choices=[(portal.reporting.reports.enums.Span['WEEK'], 'Week'), (portal.reporting.reports.enums.Span['MONTH'], 'Month')], max_length=5, verbose_name='kind')),
                ('first', models.DateField(verbose_name='first day')),
                ('last', models.DateField(verbose_name='last day of the period')),
                ('figures', models.JSONField(verbose_name='figures')),
                ('pdf', models.BinaryField(verbose_name='PDF')),
                ('pdf_digest', models.CharField(max_length=64, verbose_name='SHA-256 of the PDF')),
                ('xlsx', models.BinaryField(verbose_name='XLSX')),
                ('xlsx_digest', models.CharField(max_length=64, verbose_name='SHA-256 of the XLSX')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.agency', verbose_name='office')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'report',
                'verbose_name_plural': 'reports',
                'ordering': ['-last', 'span', 'pk'],
                'indexes': [models.Index(fields=['unit', '-last'], name='report_of_unit')],
                'constraints': [models.UniqueConstraint(fields=('span', 'first', 'unit', 'agency'), name='report_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('agency', None), ('span', portal.reporting.reports.enums.Span['WEEK'])), models.Q(('agency__isnull', False), ('span', portal.reporting.reports.enums.Span['MONTH'])), _connector='OR'), name='report_office_of_a_month'), models.CheckConstraint(condition=models.Q(('first__lte', models.F('last'))), name='report_begins_before_it_ends')],
            },
        ),
        append_only('reporting_report'),
    ]
