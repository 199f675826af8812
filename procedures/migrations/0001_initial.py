"""The catalogue and its rules, suggestions, rehearsals, audio programmes."""

import citizens.models.parties
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.fields.json
import django.db.models.functions.comparison
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
import procedures.enums
import uuid
from django.conf import settings
from django.db import migrations, models

from portal.common.db_roles import append_only


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('citizens', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Bundle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60, unique=True, verbose_name='key')),
                ('event', models.CharField(max_length=40, verbose_name='event')),
            ],
            options={
                'verbose_name': 'bundle',
                'verbose_name_plural': 'bundles',
                'ordering': ['key'],
            },
        ),
        migrations.CreateModel(
            name='Procedure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60, unique=True, verbose_name='key')),
                ('code', models.CharField(max_length=30, unique=True, verbose_name='code')),
            ],
            options={
                'verbose_name': 'procedure',
                'verbose_name_plural': 'procedures',
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='OpenMatter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('procedure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matters', to='procedures.procedure')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='matters', to='citizens.party')),
                ('anchor', models.BigIntegerField(default=0)),
                ('reference', models.CharField(max_length=60, verbose_name='reference')),
                ('opened_on', models.DateField(verbose_name='opened on')),
                ('closed_on', models.DateField(null=True, verbose_name='closed on')),
                ('outcome', models.CharField(blank=True, choices=[(procedures.enums.MatterOutcome['GRANTED'], 'Granted'), (procedures.enums.MatterOutcome['REFUSED'], 'Refused'), (procedures.enums.MatterOutcome['WITHDRAWN'], 'Withdrawn')], default='', max_length=10, verbose_name='outcome')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
            ],
            options={
                'verbose_name': 'open matter',
                'verbose_name_plural': 'open matters',
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_on__isnull', True)), fields=('procedure', 'party', 'anchor'), name='matter_once_while_open', violation_error_message='A dossier of this procedure is already open.')],
            },
        ),
        migrations.CreateModel(
            name='ProcedureVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('definition', models.JSONField(verbose_name='definition')),
                ('source_sha256', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='valid')),
                ('status', models.CharField(choices=[(procedures.enums.VersionStatus['DRAFT'], 'Draft'), (procedures.enums.VersionStatus['RELEASED'], 'Released')], default=procedures.enums.VersionStatus['DRAFT'], max_length=8, verbose_name='status')),
                ('written_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                ('released_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='released by')),
                ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='released at')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('procedure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='procedures.procedure')),
                ('name_vi', models.CharField(max_length=250, verbose_name='name')),
                ('name_en', models.CharField(blank=True, default='', max_length=250, verbose_name='name (English)')),
                ('searched', models.GeneratedField(db_persist=True, expression=citizens.models.parties.Fold(django.db.models.functions.text.Concat(models.Value(' '), models.F('name_vi'), models.Value(' '), models.F('name_en'), models.Value(' '), django.db.models.fields.json.KeyTextTransform('code', 'definition'), models.Value(' '), django.db.models.fields.json.KeyTextTransform('domain_vi', 'definition'), models.Value(' '), django.db.models.fields.json.KeyTextTransform('name_vi', django.db.models.fields.json.KeyTextTransform('result', 'definition')), models.Value(' '), django.db.models.functions.text.Replace(django.db.models.functions.comparison.Coalesce(django.db.models.fields.json.KeyTextTransform('event', django.db.models.fields.json.KeyTextTransform('trigger', 'definition')), models.Value(''), output_field=models.TextField()), models.Value('_'), models.Value(' '), output_field=models.TextField()), output_field=models.TextField())), output_field=models.TextField())),
            ],
            options={
                'verbose_name': 'procedure version',
                'verbose_name_plural': 'procedure versions',
                'ordering': ['procedure', '-number'],
                'constraints': [models.UniqueConstraint(fields=('procedure', 'number'), name='procedure_version_once'), models.CheckConstraint(condition=models.Q(('released_by__isnull', True), models.Q(('released_by', models.F('written_by')), _negated=True), _connector='OR'), name='procedure_version_four_eyes', violation_error_message='Whoever wrote a version cannot also release it.'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('status', procedures.enums.VersionStatus['RELEASED'])), expressions=[('procedure', '='), ('valid', '&&')], name='procedure_version_one_in_force', violation_error_message='Another released version already holds in that period.')],
            },
        ),
        migrations.CreateModel(
            name='Recording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('media_type', models.CharField(max_length=20, verbose_name='kind')),
                ('size', models.PositiveIntegerField(verbose_name='bytes')),
                ('seconds', models.PositiveIntegerField(verbose_name='seconds')),
                ('sha256', models.CharField(editable=False, max_length=64)),
                ('kept_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sent by')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
            ],
            options={
                'verbose_name': 'recording',
                'verbose_name_plural': 'recordings',
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('media_type__in', ['audio/mpeg', 'audio/ogg', 'audio/mp4']), ('seconds__gt', 0), ('size__gt', 0)), name='recording_kind')],
            },
        ),
        migrations.CreateModel(
            name='Programme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False, verbose_name='version')),
                ('key', models.SlugField(max_length=80, unique=True, verbose_name='address')),
                ('title_vi', models.CharField(max_length=120, verbose_name='title')),
                ('title_en', models.CharField(max_length=120, verbose_name='title (English)')),
                ('summary_vi', models.CharField(max_length=400, verbose_name='summary')),
                ('summary_en', models.CharField(max_length=400, verbose_name='summary (English)')),
                ('transcript_vi', models.TextField(blank=True, default='', verbose_name='transcript')),
                ('transcript_en', models.TextField(blank=True, default='', verbose_name='transcript (English)')),
                ('events', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None, verbose_name='life events')),
                ('from_on', models.DateField(verbose_name='heard from')),
                ('until_on', models.DateField(blank=True, null=True, verbose_name='last day on air')),
                ('recording', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procedures.recording', verbose_name='sound')),
                ('state', models.CharField(choices=[(procedures.enums.ProgrammeState['DRAFT'], 'Draft'), (procedures.enums.ProgrammeState['REVIEWED'], 'Reviewed'), (procedures.enums.ProgrammeState['RELEASED'], 'Released'), (procedures.enums.ProgrammeState['WITHDRAWN'], 'Withdrawn')], default=procedures.enums.ProgrammeState['DRAFT'], max_length=10, verbose_name='state')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reviewed by')),
                ('released_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='released by')),
                ('released_at', models.DateTimeField(null=True, verbose_name='released at')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('searched', models.GeneratedField(db_persist=True, expression=citizens.models.parties.Fold(django.db.models.functions.text.Concat(models.Value(' '), models.F('title_vi'), models.Value(' '), models.F('title_en'), models.Value(' '), models.F('summary_vi'), models.Value(' '), models.F('summary_en'), models.Value(' '), models.F('transcript_vi'), output_field=models.TextField())), output_field=models.TextField())),
                ('procedures', models.ManyToManyField(blank=True, related_name='programmes', to='procedures.procedure', verbose_name='procedures')),
            ],
            options={
                'verbose_name': 'audio programme',
                'verbose_name_plural': 'audio programmes',
                'ordering': ['-from_on', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('released_by__isnull', True), models.Q(('released_by', models.F('written_by')), _negated=True), _connector='OR'), models.Q(('reviewed_by__isnull', True), models.Q(('reviewed_by', models.F('written_by')), _negated=True), _connector='OR')), name='programme_four_eyes', violation_error_message='Whoever wrote a programme cannot also release it.'), models.CheckConstraint(condition=models.Q(models.Q(('state', procedures.enums.ProgrammeState['RELEASED']), _negated=True), models.Q(('recording__isnull', False), ('released_by__isnull', False), ('reviewed_by__isnull', False), models.Q(('transcript_vi', ''), _negated=True)), _connector='OR'), name='programme_heard_and_read', violation_error_message='A programme without sound or transcript stays a draft.'), models.CheckConstraint(condition=models.Q(('until_on__isnull', True), ('until_on__gte', models.F('from_on')), _connector='OR'), name='programme_period', violation_error_message='The period ends before it begins.')],
            },
        ),
        migrations.CreateModel(
            name='ProgrammeStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='procedures.programme', verbose_name='audio programme')),
                ('act', models.CharField(choices=[(procedures.enums.ProgrammeAct['WRITE'], 'Draft written'), (procedures.enums.ProgrammeAct['REVIEW'], 'Reviewed'), (procedures.enums.ProgrammeAct['RELEASE'], 'Released'), (procedures.enums.ProgrammeAct['WITHDRAW'], 'Withdrawn')], max_length=10, verbose_name='what was done')),
                ('said_sha256', models.CharField(editable=False, max_length=64)),
                ('recording', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procedures.recording')),
                ('reason', models.CharField(blank=True, default='', max_length=200, verbose_name='reason')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
            ],
            options={
                'verbose_name': 'step of an audio programme',
                'verbose_name_plural': 'steps of audio programmes',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='RecordingPiece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recording', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='pieces', to='procedures.recording', verbose_name='+')),
                ('number', models.PositiveIntegerField()),
                ('content', models.BinaryField()),
            ],
            options={
                'verbose_name': 'piece of a recording',
                'verbose_name_plural': 'pieces of recordings',
                'ordering': ['recording', 'number'],
                'constraints': [models.UniqueConstraint(fields=('recording', 'number'), name='recording_piece_once')],
            },
        ),
        migrations.CreateModel(
            name='Rule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60, unique=True, verbose_name='key')),
                ('kind', models.CharField(choices=[(procedures.enums.TriggerKind['CREDENTIAL_EXPIRY'], 'A paper expires'), (procedures.enums.TriggerKind['AGE_MILESTONE'], 'An age is reached'), (procedures.enums.TriggerKind['LIFE_EVENT'], 'A life event'), (procedures.enums.TriggerKind['CALENDAR'], 'A yearly campaign'), (procedures.enums.TriggerKind['CITIZEN_INTENT'], "The citizen's own wish")], max_length=20, verbose_name='kind')),
                ('procedure', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rules', to='procedures.procedure', verbose_name='procedure')),
                ('bundle', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rules', to='procedures.bundle', verbose_name='bundle')),
                ('is_active', models.BooleanField(default=True, help_text='Switched off, it opens and tells nothing at once.', verbose_name='active')),
                ('daily_quota', models.PositiveIntegerField(blank=True, help_text='Empty: no limit. The most urgent come first, the others on later days.', null=True, verbose_name='new matters a day at most')),
                ('stopped_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='stopped by')),
                ('stopped_at', models.DateTimeField(blank=True, null=True, verbose_name='stopped at')),
                ('stop_reason', models.CharField(blank=True, default='', max_length=200, verbose_name='why it was stopped')),
            ],
            options={
                'verbose_name': 'rule',
                'verbose_name_plural': 'rules',
                'ordering': ['key'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('bundle__isnull', True), ('procedure__isnull', False)), models.Q(('bundle__isnull', False), ('procedure__isnull', True)), _connector='OR'), name='rule_offers_one', violation_error_message='A rule offers either a procedure or a bundle.')],
            },
        ),
        migrations.CreateModel(
            name='RuleVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('definition', models.JSONField(verbose_name='definition')),
                ('source_sha256', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='valid')),
                ('status', models.CharField(choices=[(procedures.enums.VersionStatus['DRAFT'], 'Draft'), (procedures.enums.VersionStatus['RELEASED'], 'Released')], default=procedures.enums.VersionStatus['DRAFT'], max_length=8, verbose_name='status')),
                ('written_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                ('released_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='released by')),
                ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='released at')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='procedures.rule')),
                ('audience_percent', models.PositiveSmallIntegerField(db_default=100, default=100, help_text='A new version may begin with 1 % of those it concerns.', verbose_name='share of the audience (%)')),
            ],
            options={
                'verbose_name': 'rule version',
                'verbose_name_plural': 'rule versions',
                'ordering': ['rule', '-number'],
                'constraints': [models.UniqueConstraint(fields=('rule', 'number'), name='rule_version_once'), models.CheckConstraint(condition=models.Q(('audience_percent__gte', 1), ('audience_percent__lte', 100)), name='rule_version_audience', violation_error_message='The share is a whole number from 1 to 100.'), models.CheckConstraint(condition=models.Q(('released_by__isnull', True), models.Q(('released_by', models.F('written_by')), _negated=True), _connector='OR'), name='rule_version_four_eyes', violation_error_message='Whoever wrote a version cannot also release it.'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('status', procedures.enums.VersionStatus['RELEASED'])), expressions=[('rule', '='), ('valid', '&&')], name='rule_version_one_in_force', violation_error_message='Another released version already holds in that period.')],
            },
        ),
        migrations.CreateModel(
            name='RuleStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='procedures.rule', verbose_name='rule')),
                ('rule_version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procedures.ruleversion', verbose_name='rule version')),
                ('action', models.CharField(choices=[(procedures.enums.RuleAction['RELEASE'], 'Released'), (procedures.enums.RuleAction['WIDEN'], 'Extended to all'), (procedures.enums.RuleAction['STOP'], 'Stopped'), (procedures.enums.RuleAction['RESUME'], 'Resumed'), (procedures.enums.RuleAction['QUOTA'], 'Daily limit set')], max_length=10, verbose_name='what was done')),
                ('before', models.PositiveIntegerField(null=True, verbose_name='before')),
                ('after', models.PositiveIntegerField(null=True, verbose_name='after')),
                ('withdrawn_count', models.PositiveIntegerField(default=0, verbose_name='suggestions withdrawn')),
                ('reason', models.CharField(blank=True, default='', max_length=200, verbose_name='reason')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
            ],
            options={
                'verbose_name': 'step of a rule',
                'verbose_name_plural': 'steps of rules',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='RehearsalRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule_version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rehearsals', to='procedures.ruleversion', verbose_name='rule version')),
                ('definition_sha256', models.CharField(editable=False, max_length=64)),
                ('first_on', models.DateField(verbose_name='from')),
                ('last_on', models.DateField(verbose_name='to')),
                ('state', models.CharField(choices=[(procedures.enums.RunState['RUNNING'], 'Running'), (procedures.enums.RunState['FINISHED'], 'Finished'), (procedures.enums.RunState['FAILED'], 'Failed')], default=procedures.enums.RunState['RUNNING'], max_length=10, verbose_name='state')),
                ('lease_until', models.DateTimeField(null=True)),
                ('attempt', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='rehearsed by')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished at')),
                ('figures', models.JSONField(default=dict, verbose_name='figures')),
                ('error', models.CharField(blank=True, default='', max_length=200, verbose_name='error')),
            ],
            options={
                'verbose_name': 'rehearsal',
                'verbose_name_plural': 'rehearsals',
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('state', procedures.enums.RunState['RUNNING'])), fields=['asked_at'], name='rehearsal_run_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_on__gte', models.F('first_on'))), name='rehearsal_run_period', violation_error_message='The period ends before it begins.')],
            },
        ),
        migrations.CreateModel(
            name='ScanRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[(procedures.enums.ScanKind['NIGHTLY'], 'Nightly'), (procedures.enums.ScanKind['CHANGES'], 'Changed facts')], max_length=10, verbose_name='kind')),
                ('on_date', models.DateField(verbose_name='for date')),
                ('scope', models.CharField(blank=True, default='', max_length=80, verbose_name='scope')),
                ('state', models.CharField(choices=[(procedures.enums.RunState['RUNNING'], 'Running'), (procedures.enums.RunState['FINISHED'], 'Finished'), (procedures.enums.RunState['FAILED'], 'Failed')], default=procedures.enums.RunState['RUNNING'], max_length=10, verbose_name='state')),
                ('resumed_count', models.PositiveSmallIntegerField(default=0, verbose_name='resumed')),
                ('lease_until', models.DateTimeField(null=True)),
                ('started_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished at')),
            ],
            options={
                'verbose_name': 'scan run',
                'verbose_name_plural': 'scan runs',
                'ordering': ['-started_at'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'on_date', 'scope'), name='scan_run_once')],
            },
        ),
        migrations.CreateModel(
            name='ScanRunRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='procedures.scanrun')),
                ('rule_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procedures.ruleversion')),
                ('cursor', models.DateField(null=True)),
                ('opened_count', models.PositiveIntegerField(default=0, verbose_name='opened')),
                ('message_count', models.PositiveIntegerField(default=0, verbose_name='messages')),
                ('reminded_count', models.PositiveIntegerField(default=0, verbose_name='reminded')),
                ('retired_count', models.PositiveIntegerField(default=0, verbose_name='retired')),
                ('duration_ms', models.PositiveIntegerField(default=0, verbose_name='duration (ms)')),
                ('error', models.CharField(blank=True, default='', max_length=200, verbose_name='error')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished at')),
            ],
            options={
                'verbose_name': 'scan run of a rule',
                'verbose_name_plural': 'scan runs by rule',
                'constraints': [models.UniqueConstraint(fields=('run', 'rule_version'), name='scan_run_rule_once')],
            },
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='suggestions', to='procedures.rule')),
                ('anchor', models.BigIntegerField()),
                ('cycle', models.IntegerField()),
                ('subject', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='suggestions', to='citizens.party', verbose_name='about')),
                ('rule_version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procedures.ruleversion')),
                ('due_on', models.DateField(verbose_name='due on')),
                ('stage_sent', models.SmallIntegerField(null=True, verbose_name='last stage told (days before)')),
                ('next_remind_on', models.DateField(null=True, verbose_name='next reminder')),
                ('state', models.CharField(choices=[(procedures.enums.SuggestionState['OPEN'], 'Open'), (procedures.enums.SuggestionState['SNOOZED'], 'Snoozed'), (procedures.enums.SuggestionState['ACCEPTED'], 'Accepted'), (procedures.enums.SuggestionState['DISMISSED'], 'Dismissed'), (procedures.enums.SuggestionState['WITHDRAWN'], 'Withdrawn'), (procedures.enums.SuggestionState['EXPIRED'], 'Expired'), (procedures.enums.SuggestionState['FULFILLED'], 'Fulfilled')], db_default=procedures.enums.SuggestionState['OPEN'], default=procedures.enums.SuggestionState['OPEN'], max_length=10, verbose_name='state')),
                ('reason', models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='reason')),
                ('answer', models.CharField(choices=[(procedures.enums.Answer['YES'], 'Yes'), (procedures.enums.Answer['LIKELY'], 'Likely: one fact is missing')], db_default=procedures.enums.Answer['YES'], default=procedures.enums.Answer['YES'], max_length=6, verbose_name='does it concern the person')),
                ('stated', models.JSONField(editable=False, null=True, verbose_name='stated by the person')),
                ('opened_on', models.DateField(verbose_name='opened on')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='closed at')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
            ],
            options={
                'verbose_name': 'suggestion',
                'verbose_name_plural': 'suggestions',
                'indexes': [models.Index(condition=models.Q(('state__in', (procedures.enums.SuggestionState['OPEN'], procedures.enums.SuggestionState['SNOOZED']))), fields=['rule', 'next_remind_on'], name='suggestion_waiting'), models.Index(condition=models.Q(('state__in', (procedures.enums.SuggestionState['WITHDRAWN'], procedures.enums.SuggestionState['EXPIRED']))), fields=['rule', 'due_on'], name='suggestion_closed')],
                'constraints': [models.UniqueConstraint(fields=('rule', 'anchor', 'cycle'), name='suggestion_once_a_cycle')],
            },
        ),
        migrations.CreateModel(
            name='Recipient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('suggestion', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='recipients', to='procedures.suggestion')),
                ('citizen', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='suggestions_received', to='citizens.citizen')),
                ('state', models.CharField(choices=[(procedures.enums.RecipientState['ACTIVE'], 'Active'), (procedures.enums.RecipientState['DISMISSED'], 'Dismissed')], db_default=procedures.enums.RecipientState['ACTIVE'], default=procedures.enums.RecipientState['ACTIVE'], max_length=10)),
                ('seen_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'recipient',
                'verbose_name_plural': 'recipients',
                'constraints': [models.UniqueConstraint(fields=('suggestion', 'citizen'), name='recipient_once')],
            },
        ),
        migrations.CreateModel(
            name='BundleVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('definition', models.JSONField(verbose_name='definition')),
                ('source_sha256', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='valid')),
                ('status', models.CharField(choices=[(procedures.enums.VersionStatus['DRAFT'], 'Draft'), (procedures.enums.VersionStatus['RELEASED'], 'Released')], default=procedures.enums.VersionStatus['DRAFT'], max_length=8, verbose_name='status')),
                ('written_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                ('released_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='released by')),
                ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='released at')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('bundle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='procedures.bundle')),
                ('name_vi', models.CharField(max_length=200, verbose_name='name')),
                ('name_en', models.CharField(blank=True, default='', max_length=200, verbose_name='name (English)')),
            ],
            options={
                'verbose_name': 'bundle version',
                'verbose_name_plural': 'bundle versions',
                'ordering': ['bundle', '-number'],
                'constraints': [models.UniqueConstraint(fields=('bundle', 'number'), name='bundle_version_once'), models.CheckConstraint(condition=models.Q(('released_by__isnull', True), models.Q(('released_by', models.F('written_by')), _negated=True), _connector='OR'), name='bundle_version_four_eyes', violation_error_message='Whoever wrote a version cannot also release it.'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('status', procedures.enums.VersionStatus['RELEASED'])), expressions=[('bundle', '='), ('valid', '&&')], name='bundle_version_one_in_force', violation_error_message='Another released version already holds in that period.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bundleversion',
            trigger=pgtrigger.compiler.Trigger(name='released_is_immutable', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status = 'released' AND (OLD.bundle_id IS DISTINCT FROM NEW.bundle_id OR OLD.number IS DISTINCT FROM NEW.number OR OLD.definition IS DISTINCT FROM NEW.definition OR OLD.name_vi IS DISTINCT FROM NEW.name_vi OR OLD.name_en IS DISTINCT FROM NEW.name_en OR OLD.status IS DISTINCT FROM NEW.status OR OLD.written_by_id IS DISTINCT FROM NEW.written_by_id OR OLD.released_by_id IS DISTINCT FROM NEW.released_by_id OR OLD.released_at IS DISTINCT FROM NEW.released_at OR OLD.source_sha256 IS DISTINCT FROM NEW.source_sha256 OR lower(OLD.valid) IS DISTINCT FROM lower(NEW.valid) AND NOT isempty(NEW.valid)))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='6b29eb99a2b19cac3bcde843e809c792853d73b2', operation='UPDATE', pgid='pgtrigger_released_is_immutable_48fe3', table='procedures_bundleversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='bundleversion',
            trigger=pgtrigger.compiler.Trigger(name='released_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status = 'released')", func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='208b5b5d061bbac10fd7770cfed6288fffed900b', operation='DELETE', pgid='pgtrigger_released_is_kept_a5666', table='procedures_bundleversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='procedureversion',
            trigger=pgtrigger.compiler.Trigger(name='released_is_immutable', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status = 'released' AND (OLD.procedure_id IS DISTINCT FROM NEW.procedure_id OR OLD.number IS DISTINCT FROM NEW.number OR OLD.definition IS DISTINCT FROM NEW.definition OR OLD.name_vi IS DISTINCT FROM NEW.name_vi OR OLD.name_en IS DISTINCT FROM NEW.name_en OR OLD.status IS DISTINCT FROM NEW.status OR OLD.written_by_id IS DISTINCT FROM NEW.written_by_id OR OLD.released_by_id IS DISTINCT FROM NEW.released_by_id OR OLD.released_at IS DISTINCT FROM NEW.released_at OR OLD.source_sha256 IS DISTINCT FROM NEW.source_sha256 OR lower(OLD.valid) IS DISTINCT FROM lower(NEW.valid) AND NOT isempty(NEW.valid)))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='e4201f106ac689ad48485c489bbc3fd32cc1ee76', operation='UPDATE', pgid='pgtrigger_released_is_immutable_32578', table='procedures_procedureversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='procedureversion',
            trigger=pgtrigger.compiler.Trigger(name='released_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status = 'released')", func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='f66b3f433f0d8e5089f7738d924994da6e8d7591', operation='DELETE', pgid='pgtrigger_released_is_kept_d5a6f', table='procedures_procedureversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='programme',
            trigger=pgtrigger.compiler.Trigger(name='heard_is_not_changed', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.state = 'released' AND (OLD.key IS DISTINCT FROM NEW.key OR OLD.title_vi IS DISTINCT FROM NEW.title_vi OR OLD.title_en IS DISTINCT FROM NEW.title_en OR OLD.summary_vi IS DISTINCT FROM NEW.summary_vi OR OLD.summary_en IS DISTINCT FROM NEW.summary_en OR OLD.transcript_vi IS DISTINCT FROM NEW.transcript_vi OR OLD.transcript_en IS DISTINCT FROM NEW.transcript_en OR OLD.events IS DISTINCT FROM NEW.events OR OLD.from_on IS DISTINCT FROM NEW.from_on OR OLD.until_on IS DISTINCT FROM NEW.until_on OR OLD.recording_id IS DISTINCT FROM NEW.recording_id OR OLD.written_by_id IS DISTINCT FROM NEW.written_by_id OR OLD.reviewed_by_id IS DISTINCT FROM NEW.reviewed_by_id OR OLD.released_by_id IS DISTINCT FROM NEW.released_by_id OR OLD.released_at IS DISTINCT FROM NEW.released_at))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='46a8ca894c0e0ef36f010536346275d1a1f31ee3', operation='UPDATE', pgid='pgtrigger_heard_is_not_changed_cdc18', table='procedures_programme', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='programme',
            trigger=pgtrigger.compiler.Trigger(name='programme_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='7da008a9c8b050dd84fab9b29d3096fda18104db', operation='DELETE', pgid='pgtrigger_programme_is_kept_0a033', table='procedures_programme', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ruleversion',
            trigger=pgtrigger.compiler.Trigger(name='released_is_immutable', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status = 'released' AND (OLD.rule_id IS DISTINCT FROM NEW.rule_id OR OLD.number IS DISTINCT FROM NEW.number OR OLD.definition IS DISTINCT FROM NEW.definition OR OLD.status IS DISTINCT FROM NEW.status OR OLD.written_by_id IS DISTINCT FROM NEW.written_by_id OR OLD.released_by_id IS DISTINCT FROM NEW.released_by_id OR OLD.released_at IS DISTINCT FROM NEW.released_at OR OLD.source_sha256 IS DISTINCT FROM NEW.source_sha256 OR lower(OLD.valid) IS DISTINCT FROM lower(NEW.valid) AND NOT isempty(NEW.valid)))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='cbb22feb3879ee2151a9f682c1886f22c2cd5af4', operation='UPDATE', pgid='pgtrigger_released_is_immutable_341d4', table='procedures_ruleversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ruleversion',
            trigger=pgtrigger.compiler.Trigger(name='released_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.status = 'released')", func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='518dc302fca0defe707dc304d5a060d4fbefded8', operation='DELETE', pgid='pgtrigger_released_is_kept_2535d', table='procedures_ruleversion', when='BEFORE')),
        ),
        # History that the application may add to and read, never change (house.md, decision 9).
        append_only('procedures_programmestep'),
        append_only('procedures_recording'),
        append_only('procedures_recordingpiece'),
    ]
