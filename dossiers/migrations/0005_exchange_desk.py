"""Attempts, acts of officials and one comparison at a time, for the exchange desk."""

import django.contrib.postgres.functions
import django.db.models.deletion
import dossiers.enums
from django.conf import settings
from django.db import migrations, models

from portal.common.db_roles import append_only

# Comparisons that a killed process left open would break the rule that one runs at a time.
CLOSE_LEFT_OPEN = """
UPDATE dossiers_reconciliation SET ended_at = began_at, fault = 'not ended' WHERE ended_at IS NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0004_exchange'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(CLOSE_LEFT_OPEN, migrations.RunSQL.noop),
        migrations.CreateModel(
            name='ExchangeAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[(dossiers.enums.ExchangeActKind['RESEND'], 'Send again'), (dossiers.enums.ExchangeActKind['ARRIVED'], 'Settled: it arrived'), (dossiers.enums.ExchangeActKind['NOT_ARRIVED'], 'Settled: it did not arrive'), (dossiers.enums.ExchangeActKind['DROP'], 'Settled: need not be sent'), (dossiers.enums.ExchangeActKind['RECONCILE'], 'Compare the books now'), (dossiers.enums.ExchangeActKind['REPAIR'], 'Repair a difference'), (dossiers.enums.ExchangeActKind['DISMISS'], 'Leave a difference as it is')], max_length=12, verbose_name='act')),
                ('partner', models.CharField(max_length=30, verbose_name='partner')),
                ('state_before', models.CharField(blank=True, default='', max_length=12, verbose_name='state before')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
            ],
            options={
                'verbose_name': 'act at the exchange desk',
                'verbose_name_plural': 'acts at the exchange desk',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ExchangeAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='attempt')),
                ('began_at', models.DateTimeField(verbose_name='began at')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended at')),
                ('state', models.CharField(blank=True, choices=[(dossiers.enums.ExchangeState['WAITING'], 'To be sent'), (dossiers.enums.ExchangeState['SENDING'], 'Being sent'), (dossiers.enums.ExchangeState['ACKNOWLEDGED'], 'Acknowledged'), (dossiers.enums.ExchangeState['UNKNOWN'], 'Nobody knows whether it arrived'), (dossiers.enums.ExchangeState['PARKED'], 'Refused: somebody has to look'), (dossiers.enums.ExchangeState['DROPPED'], 'Need not be sent')], default='', max_length=12, verbose_name='afterwards')),
                ('reason', models.CharField(blank=True, default='', max_length=300, verbose_name='reason')),
            ],
            options={
                'verbose_name': 'attempt to tell a partner',
                'verbose_name_plural': 'attempts to tell partners',
                'ordering': ['number'],
            },
        ),
        migrations.AddIndex(
            model_name='exchangeinbox',
            index=models.Index(fields=['partner', 'verdict', '-id'], name='exchange_word_listed'),
        ),
        migrations.AddIndex(
            model_name='exchangerow',
            index=models.Index(fields=['partner', 'state', '-id'], name='exchange_row_listed'),
        ),
        migrations.AddIndex(
            model_name='exchangerow',
            index=models.Index(condition=models.Q(('answered_at__isnull', False)), fields=['partner', '-answered_at'], name='exchange_row_answered'),
        ),
        migrations.AddIndex(
            model_name='reconciliation',
            index=models.Index(fields=['partner', '-began_at'], name='reconciliation_last'),
        ),
        migrations.AddConstraint(
            model_name='reconciliation',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('partner',), name='reconciliation_runs_once'),
        ),
        migrations.AddField(
            model_name='exchangeact',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='exchangeact',
            name='difference',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='dossiers.difference'),
        ),
        migrations.AddField(
            model_name='exchangeact',
            name='row',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='dossiers.exchangerow'),
        ),
        migrations.AddField(
            model_name='exchangeattempt',
            name='row',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='dossiers.exchangerow'),
        ),
        migrations.AddIndex(
            model_name='exchangeact',
            index=models.Index(fields=['partner', 'kind', '-at'], name='exchange_act_last'),
        ),
        migrations.AddConstraint(
            model_name='exchangeact',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='exchange_act_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='exchangeattempt',
            constraint=models.UniqueConstraint(fields=('row', 'number'), name='exchange_attempt_once'),
        ),
        append_only('dossiers_exchangeact'),
    ]
