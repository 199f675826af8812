# Begun by Django 5.2.19 on 2026-11-26 17:53

import django.contrib.postgres.functions
import django.db.models.deletion
import notifications.enums
import uuid
from django.conf import settings
from django.db import migrations, models

from portal.common.db_roles import APP_ROLE, append_only


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0010_news_of_dossiers'),
        ('notifications', '0004_demo_phones_sealed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CallBack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=40, verbose_name='reason')),
                ('done_at', models.DateTimeField(null=True, verbose_name='done at')),
                ('note', models.CharField(blank=True, db_default='', default='', max_length=400, verbose_name='note')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
            ],
            options={
                'verbose_name': 'call-back',
                'verbose_name_plural': 'call-backs',
            },
        ),
        migrations.CreateModel(
            name='DailyCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address_index', models.BinaryField(max_length=32)),
                ('day', models.DateField(verbose_name='day')),
                ('sent_count', models.PositiveSmallIntegerField(db_default=0, default=0)),
            ],
            options={
                'verbose_name': 'SMS to a number on a day',
                'verbose_name_plural': 'SMS to numbers by day',
            },
        ),
        migrations.CreateModel(
            name='GatewayState',
            fields=[
                ('channel', models.CharField(choices=[(notifications.enums.Channel['INBOX'], 'Inbox'), (notifications.enums.Channel['APP'], 'Mobile app'), (notifications.enums.Channel['PUSH'], 'Browser notice'), (notifications.enums.Channel['ZALO'], 'Zalo'), (notifications.enums.Channel['EMAIL'], 'E-mail'), (notifications.enums.Channel['SMS'], 'SMS')], max_length=8, primary_key=True, serialize=False)),
                ('is_paused', models.BooleanField(db_default=False, default=False, verbose_name='paused')),
                ('pause_reason', models.CharField(blank=True, default='', max_length=200, verbose_name='reason')),
                ('paused_at', models.DateTimeField(null=True, verbose_name='paused at')),
                ('broken_until', models.DateTimeField(null=True, verbose_name='broken until')),
                ('failure_count', models.PositiveIntegerField(db_default=0, default=0, verbose_name='failures in a row')),
                ('last_error', models.CharField(blank=True, default='', max_length=200, verbose_name='last error')),
                ('last_error_at', models.DateTimeField(null=True, verbose_name='last error at')),
                ('last_success_at', models.DateTimeField(null=True, verbose_name='last success at')),
                ('free_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'gateway',
                'verbose_name_plural': 'gateways',
            },
        ),
        migrations.CreateModel(
            name='InboundMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[(notifications.enums.Channel['INBOX'], 'Inbox'), (notifications.enums.Channel['APP'], 'Mobile app'), (notifications.enums.Channel['PUSH'], 'Browser notice'), (notifications.enums.Channel['ZALO'], 'Zalo'), (notifications.enums.Channel['EMAIL'], 'E-mail'), (notifications.enums.Channel['SMS'], 'SMS')], max_length=8)),
                ('key', models.CharField(max_length=80)),
                ('sender_index', models.BinaryField(max_length=32)),
                ('sender_enc', models.BinaryField()),
                ('body_enc', models.BinaryField()),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
            ],
            options={
                'verbose_name': 'inbound message',
                'verbose_name_plural': 'inbound messages',
            },
        ),
        migrations.AddField(
            model_name='demodelivery',
            name='channel',
            field=models.CharField(db_default='sms', default='sms', max_length=8),
        ),
        migrations.AddField(
            model_name='message',
            name='address_index',
            field=models.BinaryField(max_length=32, null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='delivered_at',
            field=models.DateTimeField(null=True, verbose_name='delivered at'),
        ),
        migrations.AddField(
            model_name='message',
            name='digest',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='notifications.message'),
        ),
        migrations.AddField(
            model_name='message',
            name='follows',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followers', to='notifications.message'),
        ),
        migrations.AddField(
            model_name='message',
            name='next_channel_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='part_count',
            field=models.PositiveSmallIntegerField(null=True, verbose_name='SMS parts'),
        ),
        migrations.AddField(
            model_name='message',
            name='price_vnd',
            field=models.PositiveIntegerField(null=True, verbose_name='price (VND)'),
        ),
        migrations.AddField(
            model_name='receiptinbox',
            name='key',
            field=models.BinaryField(max_length=32, null=True, unique=True),
        ),
        migrations.AddField(
            model_name='reply',
            name='code',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
        migrations.AddField(
            model_name='topic',
            name='next_channel_after_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='unread: next channel after days'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('next_channel_at__isnull', False)), fields=['next_channel_at'], name='message_next_channel'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('follows__isnull', False)), fields=['follows'], name='message_followers'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('digest__isnull', False)), fields=['digest'], name='message_members'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('gateway_reference', ''), _negated=True), fields=['gateway_reference'], name='message_at_gateway'),
        ),
        migrations.AddIndex(
            model_name='receiptinbox',
            index=models.Index(fields=['reference'], name='receipt_by_reference'),
        ),
        migrations.AddField(
            model_name='callback',
            name='done_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='callback',
            name='message',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notifications.message'),
        ),
        migrations.AddField(
            model_name='callback',
            name='party',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.party'),
        ),
        migrations.AddField(
            model_name='callback',
            name='unit',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.unit'),
        ),
        migrations.AddConstraint(
            model_name='dailycount',
            constraint=models.UniqueConstraint(fields=('address_index', 'day'), name='daily_count_once'),
        ),
        migrations.AddField(
            model_name='gatewaystate',
            name='paused_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='inboundmessage',
            index=models.Index(fields=['sender_index', '-recorded_at'], name='inbound_by_sender'),
        ),
        migrations.AddConstraint(
            model_name='inboundmessage',
            constraint=models.UniqueConstraint(fields=('channel', 'key'), name='inbound_once'),
        ),
        migrations.AddField(
            model_name='callback',
            name='inbound',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notifications.inboundmessage'),
        ),
        migrations.AddField(
            model_name='reply',
            name='inbound',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='notifications.inboundmessage'),
        ),
        migrations.AddIndex(
            model_name='callback',
            index=models.Index(condition=models.Q(('done_at__isnull', True)), fields=['unit', 'recorded_at'], name='call_back_open'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('short_code', ''), _negated=True), fields=['short_code'], name='message_by_code'),
        ),
        append_only("notifications_inboundmessage"),
        # Sealed anew when keys change (rotate_keys); nothing else of it.
        migrations.RunSQL(
            f"GRANT UPDATE (sender_enc, body_enc) ON notifications_inboundmessage TO {APP_ROLE}",
            f"REVOKE UPDATE (sender_enc, body_enc) ON notifications_inboundmessage FROM {APP_ROLE}",
        ),
        # Keys that are not checked row by row name messages: those stay.
        migrations.RunSQL(
            f"REVOKE DELETE ON notifications_message FROM {APP_ROLE}",
            f"GRANT DELETE ON notifications_message TO {APP_ROLE}",
        ),
    ]
