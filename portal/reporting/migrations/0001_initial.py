"""Weeks counted and forecast."""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.db.models.deletion
import portal.reporting.enums
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('citizens', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CountedWeek',
            fields=[
                ('week', models.DateField(primary_key=True, serialize=False)),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
            ],
            options={
                'verbose_name': 'counted week',
                'verbose_name_plural': 'counted weeks',
            },
        ),
        migrations.CreateModel(
            name='ForecastModel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.JSONField()),
                ('trained_on', models.DateField(verbose_name='trained on')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('stopped_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='stopped by')),
                ('stopped_at', models.DateTimeField(blank=True, null=True, verbose_name='stopped at')),
            ],
            options={
                'verbose_name': 'forecast model',
                'verbose_name_plural': 'forecast models',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='ForecastSnapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_on', models.DateField()),
                ('kind', models.CharField(choices=[(portal.reporting.enums.CountKind['DUE'], portal.reporting.enums.CountKind['DUE']), (portal.reporting.enums.CountKind['EVENT'], portal.reporting.enums.CountKind['EVENT']), (portal.reporting.enums.CountKind['FILED'], portal.reporting.enums.CountKind['FILED'])], max_length=5)),
                ('key', models.CharField(max_length=60)),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.unit')),
                ('first_week', models.DateField()),
                ('basis', models.CharField(choices=[(portal.reporting.enums.Basis['KNOWN'], portal.reporting.enums.Basis['KNOWN']), (portal.reporting.enums.Basis['MODEL'], portal.reporting.enums.Basis['MODEL']), (portal.reporting.enums.Basis['LAST_YEAR'], portal.reporting.enums.Basis['LAST_YEAR']), (portal.reporting.enums.Basis['LAST_WEEKS'], portal.reporting.enums.Basis['LAST_WEEKS'])], max_length=10)),
                ('expected', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                ('low', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None)),
                ('high', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None)),
            ],
            options={
                'verbose_name': 'forecast of a day',
                'verbose_name_plural': 'forecasts of days',
                'indexes': [models.Index(fields=['unit', 'made_on'], name='forecast_of_unit')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'key', 'unit', 'made_on'), name='forecast_snapshot_once')],
            },
        ),
        migrations.CreateModel(
            name='WeekCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[(portal.reporting.enums.CountKind['DUE'], portal.reporting.enums.CountKind['DUE']), (portal.reporting.enums.CountKind['EVENT'], portal.reporting.enums.CountKind['EVENT']), (portal.reporting.enums.CountKind['FILED'], portal.reporting.enums.CountKind['FILED'])], max_length=5)),
                ('key', models.CharField(max_length=60)),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.unit')),
                ('week', models.DateField()),
                ('count', models.PositiveIntegerField()),
                ('most', models.PositiveIntegerField(db_default=0)),
                ('counted_on', models.DateField()),
            ],
            options={
                'verbose_name': 'count of a week',
                'verbose_name_plural': 'counts of weeks',
                'constraints': [models.UniqueConstraint(fields=('kind', 'key', 'week', 'unit'), name='week_count_once'), models.CheckConstraint(condition=models.Q(('week__iso_week_day', 1)), name='week_count_monday')],
            },
        ),
    ]
