"""Messages, their texts, what came back, and what operators did."""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.db.models.deletion
import notifications.enums
import uuid
from django.conf import settings
from django.db import migrations, models

from notifications.migrations._kept import KEPT


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('citizens', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='key')),
                ('name_vi', models.CharField(max_length=120, verbose_name='name')),
                ('name_en', models.CharField(max_length=120, verbose_name='name (English)')),
                ('params', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None, verbose_name='parameters')),
                ('channels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=8), size=None, verbose_name='channels, first wins')),
                ('priority', models.PositiveSmallIntegerField(choices=[(notifications.enums.Priority['CODE'], 'Sign-in code'), (notifications.enums.Priority['DOSSIER'], 'Dossier'), (notifications.enums.Priority['REMINDER'], 'Reminder')], verbose_name='priority')),
                ('is_optional', models.BooleanField(default=True, verbose_name='may be opted out of')),
                ('is_quiet', models.BooleanField(db_default=False, default=False, verbose_name='tells of poverty or health')),
                ('has_quiet_hours', models.BooleanField(default=True, verbose_name='keeps quiet hours')),
                ('about_may_be_deceased', models.BooleanField(default=False, verbose_name='may speak of the deceased')),
                ('next_channel_after_days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='unread: next channel after days')),
            ],
            options={
                'verbose_name': 'topic',
                'verbose_name_plural': 'topics',
                'ordering': ['key'],
            },
        ),
        migrations.CreateModel(
            name='ZaloToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('app_id', models.CharField(max_length=40, unique=True)),
                ('access_enc', models.BinaryField(null=True)),
                ('refresh_enc', models.BinaryField()),
                ('expires_at', models.DateTimeField(null=True)),
                ('renewing_until', models.DateTimeField(null=True)),
                ('refused_at', models.DateTimeField(null=True)),
                ('generation', models.PositiveIntegerField(db_default=1, default=1)),
                ('begun_with', models.BinaryField(max_length=32)),
            ],
            options={
                'verbose_name': 'Zalo token',
                'verbose_name_plural': 'Zalo tokens',
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
                'constraints': [models.UniqueConstraint(fields=('address_index', 'day'), name='daily_count_once')],
            },
        ),
        migrations.CreateModel(
            name='DemoDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=50, unique=True)),
                ('channel', models.CharField(db_default='sms', default='sms', max_length=8)),
                ('address_index', models.BinaryField(max_length=32)),
                ('address_enc', models.BinaryField()),
                ('body_enc', models.BinaryField()),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
            ],
            options={
                'verbose_name': 'demo phone message',
                'verbose_name_plural': 'demo phone messages',
                'indexes': [models.Index(fields=['address_index', '-recorded_at'], name='demo_by_phone')],
            },
        ),
        migrations.CreateModel(
            name='Gate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('generation', models.PositiveIntegerField(default=1)),
                ('paused', models.BooleanField(default=False)),
                ('reason', models.CharField(blank=True, default='', max_length=200)),
            ],
            options={
                'verbose_name': 'gate',
                'verbose_name_plural': 'gate',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='gate_one_row')],
            },
        ),
        migrations.CreateModel(
            name='GatewayState',
            fields=[
                ('channel', models.CharField(choices=[(notifications.enums.Channel['INBOX'], 'Inbox'), (notifications.enums.Channel['APP'], 'Mobile app'), (notifications.enums.Channel['PUSH'], 'Browser notice'), (notifications.enums.Channel['ZALO'], 'Zalo'), (notifications.enums.Channel['EMAIL'], 'E-mail'), (notifications.enums.Channel['SMS'], 'SMS')], max_length=8, primary_key=True, serialize=False)),
                ('is_paused', models.BooleanField(db_default=False, default=False, verbose_name='paused')),
                ('pause_reason', models.CharField(blank=True, default='', max_length=200, verbose_name='reason')),
                ('paused_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
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
                'indexes': [models.Index(fields=['sender_index', '-recorded_at'], name='inbound_by_sender')],
                'constraints': [models.UniqueConstraint(fields=('channel', 'key'), name='inbound_once')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dedupe_key', models.CharField(max_length=120)),
                ('recipient', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='citizens.party')),
                ('user', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to=settings.AUTH_USER_MODEL)),
                ('contact_point', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='citizens.contactpoint')),
                ('about', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.party')),
                ('topic', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='notifications.topic')),
                ('text_version', models.PositiveIntegerField(null=True)),
                ('params', models.JSONField(db_default={}, default=dict)),
                ('secret_params_enc', models.BinaryField(null=True)),
                ('thread_key', models.CharField(blank=True, db_default='', default='', max_length=60)),
                ('short_code', models.CharField(blank=True, db_default='', default='', max_length=8)),
                ('channel', models.CharField(choices=[(notifications.enums.Channel['INBOX'], 'Inbox'), (notifications.enums.Channel['APP'], 'Mobile app'), (notifications.enums.Channel['PUSH'], 'Browser notice'), (notifications.enums.Channel['ZALO'], 'Zalo'), (notifications.enums.Channel['EMAIL'], 'E-mail'), (notifications.enums.Channel['SMS'], 'SMS')], max_length=8, null=True, verbose_name='channel')),
                ('priority', models.PositiveSmallIntegerField(choices=[(notifications.enums.Priority['CODE'], 'Sign-in code'), (notifications.enums.Priority['DOSSIER'], 'Dossier'), (notifications.enums.Priority['REMINDER'], 'Reminder')], verbose_name='priority')),
                ('due_at', models.DateTimeField(verbose_name='due at')),
                ('not_after', models.DateTimeField(null=True, verbose_name='not after')),
                ('lease_until', models.DateTimeField(null=True)),
                ('attempt', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('forgiven', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('handed_at', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[(notifications.enums.MessageState['QUEUED'], 'Queued'), (notifications.enums.MessageState['SENDING'], 'Being sent'), (notifications.enums.MessageState['SENT'], 'Sent'), (notifications.enums.MessageState['DELIVERED'], 'Delivered'), (notifications.enums.MessageState['FAILED'], 'Failed'), (notifications.enums.MessageState['UNKNOWN'], 'Outcome unknown'), (notifications.enums.MessageState['SUPPRESSED'], 'Not sent'), (notifications.enums.MessageState['PARKED'], 'Set aside'), (notifications.enums.MessageState['WITHDRAWN'], 'Withdrawn')], db_default=notifications.enums.MessageState['QUEUED'], default=notifications.enums.MessageState['QUEUED'], max_length=10, verbose_name='state')),
                ('reason', models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='reason')),
                ('gateway_reference', models.CharField(blank=True, db_default='', default='', max_length=80)),
                ('rendered', models.TextField(blank=True, db_default='', default='', verbose_name='text as sent')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent at')),
                ('delivered_at', models.DateTimeField(null=True, verbose_name='delivered at')),
                ('read_at', models.DateTimeField(null=True, verbose_name='read at')),
                ('address_index', models.BinaryField(max_length=32, null=True)),
                ('part_count', models.PositiveSmallIntegerField(null=True, verbose_name='SMS parts')),
                ('price_vnd', models.PositiveIntegerField(null=True, verbose_name='price (VND)')),
                ('follows', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followers', to='notifications.message')),
                ('next_channel_at', models.DateTimeField(null=True)),
                ('digest', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='notifications.message')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
            ],
            options={
                'verbose_name': 'message',
                'verbose_name_plural': 'messages',
                'indexes': [models.Index(condition=models.Q(('state', notifications.enums.MessageState['QUEUED'])), fields=['priority', 'due_at'], name='message_due'), models.Index(condition=models.Q(('state', notifications.enums.MessageState['SENDING'])), fields=['lease_until'], name='message_leased'), models.Index(condition=models.Q(('state__in', (notifications.enums.MessageState['QUEUED'], notifications.enums.MessageState['SENDING'])), models.Q(('thread_key', ''), _negated=True)), fields=['thread_key'], name='message_thread_open'), models.Index(condition=models.Q(models.Q(('next_channel_at__isnull', False), ('digest__isnull', False), _connector='OR'), models.Q(('thread_key', ''), _negated=True)), fields=['thread_key'], name='message_thread_further'), models.Index(condition=models.Q(('next_channel_at__isnull', False)), fields=['next_channel_at'], name='message_next_channel'), models.Index(condition=models.Q(('follows__isnull', False)), fields=['follows'], name='message_followers'), models.Index(condition=models.Q(('digest__isnull', False)), fields=['digest'], name='message_members'), models.Index(condition=models.Q(('gateway_reference', ''), _negated=True), fields=['gateway_reference'], name='message_at_gateway'), models.Index(condition=models.Q(('state__in', (notifications.enums.MessageState['UNKNOWN'], notifications.enums.MessageState['PARKED'], notifications.enums.MessageState['FAILED']))), fields=['state', 'due_at'], name='message_for_a_person'), models.Index(condition=models.Q(('short_code', ''), _negated=True), fields=['short_code'], name='message_by_code')],
                'constraints': [models.UniqueConstraint(fields=('dedupe_key',), name='message_once'), models.CheckConstraint(condition=models.Q(('recipient__isnull', False), ('user__isnull', False), _connector='OR'), name='message_to_one')],
            },
        ),
        migrations.CreateModel(
            name='NumberCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contact_point', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='citizens.contactpoint')),
                ('code_hash', models.BinaryField(max_length=32)),
                ('try_count', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('asked_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'code for a number',
                'verbose_name_plural': 'codes for numbers',
            },
        ),
        migrations.CreateModel(
            name='OperatorAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[(notifications.enums.ActKind['PAUSE'], 'Channel paused'), (notifications.enums.ActKind['RESUME'], 'Channel put back into service'), (notifications.enums.ActKind['CLOSE_GATE'], 'All sending stopped'), (notifications.enums.ActKind['OPEN_GATE'], 'Sending opened again'), (notifications.enums.ActKind['SUPPRESS'], 'Waiting messages taken out'), (notifications.enums.ActKind['REQUEUE'], 'Taken out, put back'), (notifications.enums.ActKind['RESEND'], 'Sent again'), (notifications.enums.ActKind['HAS_IT'], 'Settled: the person has it'), (notifications.enums.ActKind['HAS_IT_NOT'], 'Settled: the person does not have it')], max_length=12, verbose_name='act')),
                ('channel', models.CharField(blank=True, choices=[(notifications.enums.Channel['INBOX'], 'Inbox'), (notifications.enums.Channel['APP'], 'Mobile app'), (notifications.enums.Channel['PUSH'], 'Browser notice'), (notifications.enums.Channel['ZALO'], 'Zalo'), (notifications.enums.Channel['EMAIL'], 'E-mail'), (notifications.enums.Channel['SMS'], 'SMS')], default='', max_length=8, verbose_name='channel')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('scope', models.JSONField(default=dict)),
                ('message_count', models.PositiveIntegerField(default=0, verbose_name='messages')),
                ('undoes', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='notifications.operatoract')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
            ],
            options={
                'verbose_name': 'act of an operator',
                'verbose_name_plural': 'acts of operators',
                'constraints': [models.UniqueConstraint(fields=('undoes',), name='act_undone_once')],
            },
        ),
        migrations.CreateModel(
            name='ActedMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='notifications.operatoract')),
                ('message', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='notifications.message')),
                ('state_before', models.CharField(choices=[(notifications.enums.MessageState['QUEUED'], 'Queued'), (notifications.enums.MessageState['SENDING'], 'Being sent'), (notifications.enums.MessageState['SENT'], 'Sent'), (notifications.enums.MessageState['DELIVERED'], 'Delivered'), (notifications.enums.MessageState['FAILED'], 'Failed'), (notifications.enums.MessageState['UNKNOWN'], 'Outcome unknown'), (notifications.enums.MessageState['SUPPRESSED'], 'Not sent'), (notifications.enums.MessageState['PARKED'], 'Set aside'), (notifications.enums.MessageState['WITHDRAWN'], 'Withdrawn')], max_length=10)),
            ],
            options={
                'verbose_name': 'message of an act',
                'verbose_name_plural': 'messages of acts',
                'constraints': [models.UniqueConstraint(fields=('act', 'message'), name='acted_message_once')],
            },
        ),
        migrations.CreateModel(
            name='ReceiptInbox',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[(notifications.enums.Channel['INBOX'], 'Inbox'), (notifications.enums.Channel['APP'], 'Mobile app'), (notifications.enums.Channel['PUSH'], 'Browser notice'), (notifications.enums.Channel['ZALO'], 'Zalo'), (notifications.enums.Channel['EMAIL'], 'E-mail'), (notifications.enums.Channel['SMS'], 'SMS')], max_length=8)),
                ('reference', models.CharField(max_length=80)),
                ('status', models.CharField(max_length=40)),
                ('body', models.JSONField(default=dict)),
                ('key', models.BinaryField(max_length=32, null=True, unique=True)),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
            ],
            options={
                'verbose_name': 'receipt',
                'verbose_name_plural': 'receipts',
                'indexes': [models.Index(fields=['reference'], name='receipt_by_reference')],
            },
        ),
        migrations.CreateModel(
            name='Reply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='notifications.message')),
                ('party', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='citizens.party')),
                ('inbound', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='notifications.inboundmessage')),
                ('channel', models.CharField(choices=[(notifications.enums.Channel['INBOX'], 'Inbox'), (notifications.enums.Channel['APP'], 'Mobile app'), (notifications.enums.Channel['PUSH'], 'Browser notice'), (notifications.enums.Channel['ZALO'], 'Zalo'), (notifications.enums.Channel['EMAIL'], 'E-mail'), (notifications.enums.Channel['SMS'], 'SMS')], max_length=8)),
                ('word', models.CharField(max_length=40)),
                ('code', models.CharField(blank=True, db_default='', default='', max_length=40)),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
            ],
            options={
                'verbose_name': 'reply',
                'verbose_name_plural': 'replies',
            },
        ),
        migrations.CreateModel(
            name='TextVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='notifications.topic', verbose_name='topic')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('state', models.CharField(choices=[(notifications.enums.TextState['DRAFT'], 'Draft'), (notifications.enums.TextState['RELEASED'], 'Released'), (notifications.enums.TextState['DISCARDED'], 'Discarded')], default=notifications.enums.TextState['DRAFT'], max_length=10, verbose_name='state')),
                ('base', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notifications.textversion')),
                ('note', models.CharField(blank=True, default='', max_length=200, verbose_name='what changes and why')),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                ('released_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='released by')),
                ('released_at', models.DateTimeField(null=True, verbose_name='released at')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
            ],
            options={
                'verbose_name': 'version of texts',
                'verbose_name_plural': 'versions of texts',
                'ordering': ['topic', '-number'],
                'constraints': [models.UniqueConstraint(fields=('topic', 'number'), name='text_version_number_once'), models.UniqueConstraint(condition=models.Q(('state', notifications.enums.TextState['DRAFT']), ('written_by__isnull', False)), fields=('topic',), name='text_version_one_draft'), models.CheckConstraint(condition=models.Q(('released_by__isnull', True), models.Q(('released_by', models.F('written_by')), _negated=True), _connector='OR'), name='text_version_second_official', violation_error_message='Whoever wrote a version cannot also release it.')],
            },
        ),
        migrations.CreateModel(
            name='Text',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='texts', to='notifications.topic', verbose_name='topic')),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('channel', models.CharField(choices=[(notifications.enums.Channel['INBOX'], 'Inbox'), (notifications.enums.Channel['APP'], 'Mobile app'), (notifications.enums.Channel['PUSH'], 'Browser notice'), (notifications.enums.Channel['ZALO'], 'Zalo'), (notifications.enums.Channel['EMAIL'], 'E-mail'), (notifications.enums.Channel['SMS'], 'SMS')], max_length=8, verbose_name='channel')),
                ('language', models.CharField(max_length=5, verbose_name='language')),
                ('is_neutral', models.BooleanField(db_default=False, default=False, verbose_name='for shared phones')),
                ('subject', models.CharField(blank=True, default='', max_length=160, verbose_name='subject')),
                ('body', models.TextField(verbose_name='text')),
            ],
            options={
                'verbose_name': 'text',
                'verbose_name_plural': 'texts',
                'ordering': ['topic', '-version', 'channel', 'language'],
                'constraints': [models.UniqueConstraint(fields=('topic', 'version', 'channel', 'language', 'is_neutral'), name='text_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='preferences', to='citizens.party')),
                ('topic', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='notifications.topic')),
                ('channel', models.CharField(blank=True, choices=[(notifications.enums.Channel['INBOX'], 'Inbox'), (notifications.enums.Channel['APP'], 'Mobile app'), (notifications.enums.Channel['PUSH'], 'Browser notice'), (notifications.enums.Channel['ZALO'], 'Zalo'), (notifications.enums.Channel['EMAIL'], 'E-mail'), (notifications.enums.Channel['SMS'], 'SMS')], default='', max_length=8)),
                ('is_allowed', models.BooleanField(default=False)),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
            ],
            options={
                'verbose_name': 'preference',
                'verbose_name_plural': 'preferences',
                'constraints': [models.UniqueConstraint(fields=('party', 'topic', 'channel'), name='preference_once', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='ZaloTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='zalo_templates', to='notifications.topic', verbose_name='topic')),
                ('language', models.CharField(choices=[('vi', 'Vietnamese'), ('en', 'English')], default='vi', max_length=5, verbose_name='language')),
                ('template_id', models.CharField(max_length=40, verbose_name='number of the template')),
                ('state', models.CharField(choices=[(notifications.enums.ZaloApproval['PENDING'], 'Waiting for approval'), (notifications.enums.ZaloApproval['APPROVED'], 'Approved'), (notifications.enums.ZaloApproval['REFUSED'], 'Refused or stopped')], default=notifications.enums.ZaloApproval['PENDING'], max_length=10, verbose_name='state')),
                ('parameters', models.JSONField(default=dict, verbose_name='parameters')),
                ('note', models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='note')),
            ],
            options={
                'verbose_name': 'Zalo template',
                'verbose_name_plural': 'Zalo templates',
                'ordering': ['topic', 'language'],
                'constraints': [models.UniqueConstraint(fields=('topic', 'language'), name='zalo_template_once', violation_error_message='This topic has a template in this language already.')],
            },
        ),
        migrations.CreateModel(
            name='CallBack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('party', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.party')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.unit')),
                ('inbound', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notifications.inboundmessage')),
                ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notifications.message')),
                ('reason', models.CharField(max_length=40, verbose_name='reason')),
                ('done_at', models.DateTimeField(null=True, verbose_name='done at')),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('note', models.CharField(blank=True, db_default='', default='', max_length=400, verbose_name='note')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
            ],
            options={
                'verbose_name': 'call-back',
                'verbose_name_plural': 'call-backs',
                'indexes': [models.Index(condition=models.Q(('done_at__isnull', True)), fields=['unit', 'recorded_at'], name='call_back_open')],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='notifications.message')),
                ('number', models.PositiveSmallIntegerField(verbose_name='attempt')),
                ('channel', models.CharField(choices=[(notifications.enums.Channel['INBOX'], 'Inbox'), (notifications.enums.Channel['APP'], 'Mobile app'), (notifications.enums.Channel['PUSH'], 'Browser notice'), (notifications.enums.Channel['ZALO'], 'Zalo'), (notifications.enums.Channel['EMAIL'], 'E-mail'), (notifications.enums.Channel['SMS'], 'SMS')], max_length=8, verbose_name='channel')),
                ('outcome', models.CharField(choices=[(notifications.enums.AttemptOutcome['ACCEPTED'], 'Accepted'), (notifications.enums.AttemptOutcome['REFUSED'], 'Refused'), (notifications.enums.AttemptOutcome['FAILED'], 'Failed'), (notifications.enums.AttemptOutcome['UNKNOWN'], 'Unknown')], max_length=10, verbose_name='outcome')),
                ('detail', models.CharField(blank=True, default='', max_length=200, verbose_name='detail')),
                ('started_at', models.DateTimeField(verbose_name='started at')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
            ],
            options={
                'verbose_name': 'attempt',
                'verbose_name_plural': 'attempts',
                'indexes': [django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=['started_at'], name='attempt_by_time')],
                'constraints': [models.UniqueConstraint(fields=('message', 'number'), name='attempt_number_once')],
            },
        ),
        *KEPT,
    ]
