# Begun by Django 5.2.19 on 2026-11-26 18:06

import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.db.models.deletion
import notifications.enums
import uuid
from django.conf import settings
from django.db import migrations, models

from portal.common.db_roles import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0010_news_of_dossiers'),
        ('notifications', '0006_round_brackets'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ActedMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state_before', models.CharField(choices=[(notifications.enums.MessageState['QUEUED'], 'Queued'), (notifications.enums.MessageState['SENDING'], 'Being sent'), (notifications.enums.MessageState['SENT'], 'Sent'), (notifications.enums.MessageState['DELIVERED'], 'Delivered'), (notifications.enums.MessageState['FAILED'], 'Failed'), (notifications.enums.MessageState['UNKNOWN'], 'Outcome unknown'), (notifications.enums.MessageState['SUPPRESSED'], 'Not sent'), (notifications.enums.MessageState['PARKED'], 'Set aside'), (notifications.enums.MessageState['WITHDRAWN'], 'Withdrawn')], max_length=10)),
            ],
            options={
                'verbose_name': 'message of an act',
                'verbose_name_plural': 'messages of acts',
            },
        ),
        migrations.CreateModel(
            name='OperatorAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[(notifications.enums.ActKind['PAUSE'], 'Channel paused'), (notifications.enums.ActKind['RESUME'], 'Channel put back into service'), (notifications.enums.ActKind['CLOSE_GATE'], 'All sending stopped'), (notifications.enums.ActKind['OPEN_GATE'], 'Sending opened again'), (notifications.enums.ActKind['SUPPRESS'], 'Waiting messages taken out'), (notifications.enums.ActKind['REQUEUE'], 'Taken out, put back'), (notifications.enums.ActKind['RESEND'], 'Sent again'), (notifications.enums.ActKind['HAS_IT'], 'Settled: the person has it'), (notifications.enums.ActKind['HAS_IT_NOT'], 'Settled: the person does not have it')], max_length=12, verbose_name='act')),
                ('channel', models.CharField(blank=True, choices=[(notifications.enums.Channel['INBOX'], 'Inbox'), (notifications.enums.Channel['APP'], 'Mobile app'), (notifications.enums.Channel['PUSH'], 'Browser notice'), (notifications.enums.Channel['ZALO'], 'Zalo'), (notifications.enums.Channel['EMAIL'], 'E-mail'), (notifications.enums.Channel['SMS'], 'SMS')], default='', max_length=8, verbose_name='channel')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('scope', models.JSONField(default=dict)),
                ('message_count', models.PositiveIntegerField(default=0, verbose_name='messages')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
            ],
            options={
                'verbose_name': 'act of an operator',
                'verbose_name_plural': 'acts of operators',
            },
        ),
        migrations.AddField(
            model_name='message',
            name='forgiven',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=['started_at'], name='attempt_by_time'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('state__in', (notifications.enums.MessageState['UNKNOWN'], notifications.enums.MessageState['PARKED'], notifications.enums.MessageState['FAILED']))), fields=['state', 'due_at'], name='message_for_a_person'),
        ),
        migrations.AddField(
            model_name='actedmessage',
            name='message',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='notifications.message'),
        ),
        migrations.AddField(
            model_name='operatoract',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='operatoract',
            name='undoes',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='notifications.operatoract'),
        ),
        migrations.AddField(
            model_name='actedmessage',
            name='act',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='notifications.operatoract'),
        ),
        migrations.AddConstraint(
            model_name='operatoract',
            constraint=models.UniqueConstraint(fields=('undoes',), name='act_undone_once'),
        ),
        migrations.AddConstraint(
            model_name='actedmessage',
            constraint=models.UniqueConstraint(fields=('act', 'message'), name='acted_message_once'),
        ),
        append_only("notifications_operatoract"),
        append_only("notifications_actedmessage"),
    ]
