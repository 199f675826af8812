# Begun by Django 5.2.19 on 2026-11-26 21:22

import django.contrib.postgres.fields.ranges
import django.contrib.postgres.functions
import django.db.models.deletion
import dossiers.enums
import procedures.enums
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0011_refused_numbers'),
        ('dossiers', '0006_chat_accounts'),
        ('procedures', '0007_replaced_on_its_first_day'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='bundlecase',
            name='applicant',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bundle_cases_filed', to='citizens.citizen'),
        ),
        migrations.AddField(
            model_name='bundlecase',
            name='form_enc',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='bundlecase',
            name='public_id',
            field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='public id'),
        ),
        migrations.AddField(
            model_name='bundlecase',
            name='suggestion',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bundle_cases', to='procedures.suggestion'),
        ),
        migrations.AddField(
            model_name='bundlecase',
            name='version',
            field=models.PositiveIntegerField(db_default=1, default=1, editable=False, verbose_name='version'),
        ),
        migrations.AddField(
            model_name='document',
            name='component_code',
            field=models.CharField(blank=True, db_default='', default='', max_length=20),
        ),
        migrations.AddField(
            model_name='document',
            name='digitised_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='digitised_documents', to='citizens.official'),
        ),
        migrations.AddField(
            model_name='document',
            name='is_signed',
            field=models.BooleanField(db_default=False, default=False, verbose_name='signed'),
        ),
        migrations.AddField(
            model_name='document',
            name='issued_on',
            field=models.DateField(null=True, verbose_name='issued on'),
        ),
        migrations.AddField(
            model_name='document',
            name='issuer',
            field=models.CharField(blank=True, db_default='', default='', max_length=250, verbose_name='issued by'),
        ),
        migrations.AddField(
            model_name='document',
            name='number',
            field=models.CharField(blank=True, db_default='', default='', max_length=60, verbose_name='number'),
        ),
        migrations.AddField(
            model_name='document',
            name='removed_at',
            field=models.DateTimeField(null=True, verbose_name='taken out of the repository at'),
        ),
        migrations.AddField(
            model_name='document',
            name='title_vi',
            field=models.CharField(blank=True, db_default='', default='', max_length=400, verbose_name='paper'),
        ),
        migrations.AddField(
            model_name='dossier',
            name='channel',
            field=models.CharField(choices=[(procedures.enums.FilingChannel['DIRECT'], 'At an office'), (procedures.enums.FilingChannel['ONLINE'], 'Online'), (procedures.enums.FilingChannel['POSTAL'], 'By post')], db_default=procedures.enums.FilingChannel['ONLINE'], default=procedures.enums.FilingChannel['ONLINE'], max_length=10, verbose_name='filed by way of'),
        ),
        migrations.AddField(
            model_name='dossier',
            name='decision_mode',
            field=models.CharField(choices=[(dossiers.enums.DecisionMode['MANUAL'], 'By an official'), (dossiers.enums.DecisionMode['AUTOMATIC'], 'Automatically, with a look afterwards')], db_default=dossiers.enums.DecisionMode['MANUAL'], default=dossiers.enums.DecisionMode['MANUAL'], max_length=10, verbose_name='decided'),
        ),
        migrations.AddField(
            model_name='dossier',
            name='returned_by',
            field=models.CharField(blank=True, choices=[(procedures.enums.FilingChannel['DIRECT'], 'At an office'), (procedures.enums.FilingChannel['ONLINE'], 'Online'), (procedures.enums.FilingChannel['POSTAL'], 'By post')], db_default='', default='', max_length=10, verbose_name='returned by way of'),
        ),
        migrations.AddField(
            model_name='dossier',
            name='returned_from',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.agency', verbose_name='returned at'),
        ),
        migrations.AddField(
            model_name='dossierpaper',
            name='asked_at',
            field=models.DateTimeField(null=True, verbose_name='asked for at'),
        ),
        migrations.AddField(
            model_name='dossierpaper',
            name='digitised_at',
            field=models.DateTimeField(null=True, verbose_name='digitised at'),
        ),
        migrations.AddField(
            model_name='dossierpaper',
            name='digitised_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='digitised_papers', to='citizens.official'),
        ),
        migrations.AlterField(
            model_name='dossierevent',
            name='action',
            field=models.CharField(choices=[(dossiers.enums.Action['SUBMIT'], 'Submit'), (dossiers.enums.Action['RECEIVE'], 'Receive'), (dossiers.enums.Action['REFUSE_RECEPTION'], 'Refuse reception'), (dossiers.enums.Action['START_PROCESSING'], 'Start processing'), (dossiers.enums.Action['REQUEST_SUPPLEMENT'], 'Ask for papers'), (dossiers.enums.Action['SUPPLEMENT'], 'Add papers'), (dossiers.enums.Action['REQUEST_PAYMENT'], 'Ask for payment'), (dossiers.enums.Action['CONFIRM_PAYMENT'], 'Confirm payment'), (dossiers.enums.Action['WITHDRAW'], 'Withdraw'), (dossiers.enums.Action['STOP'], 'Stop processing'), (dossiers.enums.Action['APPROVE'], 'Approve'), (dossiers.enums.Action['RETURN_RESULT'], 'Return the result'), (dossiers.enums.Action['FORWARD'], 'Pass on to the competent agency'), (dossiers.enums.Action['REASSIGN'], 'Hand over to a colleague'), (dossiers.enums.Action['EXTEND'], 'Extend the time, with an apology'), (dossiers.enums.Action['WAIT_FOR_SYSTEM'], 'Wait for another system'), (dossiers.enums.Action['SYSTEM_ANSWERED'], 'The other system answered')], max_length=20, verbose_name='action'),
        ),
        migrations.CreateModel(
            name='AutomaticDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False, verbose_name='version')),
                ('grounds', models.JSONField(default=list, verbose_name='grounds')),
                ('features', models.JSONField(default=dict, verbose_name='features')),
                ('risk', models.FloatField(verbose_name='risk weight')),
                ('sample_share', models.FloatField(verbose_name='chance of a look')),
                ('is_sampled', models.BooleanField(verbose_name='to be looked at')),
                ('verdict', models.CharField(blank=True, choices=[(dossiers.enums.SampleVerdict['UPHELD'], 'Rightly decided'), (dossiers.enums.SampleVerdict['WRONG'], 'Wrongly decided')], default='', max_length=10, verbose_name='verdict')),
                ('note', models.CharField(blank=True, default='', max_length=500, verbose_name='note')),
                ('reviewed_at', models.DateTimeField(null=True, verbose_name='looked at')),
                ('revoked_at', models.DateTimeField(null=True, verbose_name='revoked at')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('dossier', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='automatic_decision', to='dossiers.dossier')),
                ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'automatic decision',
                'verbose_name_plural': 'automatic decisions',
            },
        ),
        migrations.CreateModel(
            name='CounterVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_at', models.DateTimeField(verbose_name='opened at')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended at')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='counter_visits', to='citizens.agency')),
                ('applicant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='counter_visits', to='citizens.citizen')),
                ('dossier', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='counter_visit', to='dossiers.dossier')),
                ('official', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='counter_visits', to='citizens.official')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.party')),
                ('procedure_version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procedures.procedureversion')),
            ],
            options={
                'verbose_name': 'visit at a counter',
                'verbose_name_plural': 'visits at counters',
            },
        ),
        migrations.CreateModel(
            name='CounterStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(max_length=20, verbose_name='step')),
                ('began_at', models.DateTimeField(verbose_name='began at')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended at')),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='dossiers.countervisit')),
            ],
            options={
                'verbose_name': 'step at a counter',
                'verbose_name_plural': 'steps at counters',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='DelayCause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[(dossiers.enums.DelayKind['INSIDE'], 'Inside the agency'), (dossiers.enums.DelayKind['CITIZEN'], 'Waiting for the citizen'), (dossiers.enums.DelayKind['OTHER_AGENCY'], 'Another agency'), (dossiers.enums.DelayKind['SYSTEM'], 'A system or the connection between systems')], max_length=16, verbose_name='cause')),
                ('days', models.PositiveSmallIntegerField(verbose_name='working days')),
                ('note', models.CharField(max_length=500, verbose_name='note')),
                ('happened_at', models.DateTimeField(verbose_name='at')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delay_causes', to='dossiers.dossier')),
                ('official', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'cause of delay',
                'verbose_name_plural': 'causes of delay',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False, verbose_name='version')),
                ('domain_vi', models.CharField(blank=True, default='', max_length=200, verbose_name='field')),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='valid')),
                ('ceiling_count', models.PositiveIntegerField(blank=True, null=True, verbose_name='at most (decisions)')),
                ('decision_number', models.CharField(max_length=60, verbose_name='by decision')),
                ('revoked_at', models.DateTimeField(null=True, verbose_name='revoked at')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations', to='citizens.agency')),
                ('deputy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations_held', to='citizens.official', verbose_name='deputy')),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations_given', to='citizens.official', verbose_name='office holder')),
            ],
            options={
                'verbose_name': 'delegation of signature',
                'verbose_name_plural': 'delegations of signature',
            },
        ),
        migrations.AddField(
            model_name='dossierevent',
            name='delegation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='dossiers.delegation', verbose_name='delegation'),
        ),
        migrations.CreateModel(
            name='DigitisingBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False, verbose_name='version')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='closed at')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='digitising_batches', to='citizens.agency')),
                ('official', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='digitising_batches', to='citizens.official')),
            ],
            options={
                'verbose_name': 'batch of old papers',
                'verbose_name_plural': 'batches of old papers',
            },
        ),
        migrations.AddField(
            model_name='document',
            name='batch',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='dossiers.digitisingbatch'),
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False, verbose_name='version')),
                ('kind', models.CharField(choices=[(dossiers.enums.DelayKind['INSIDE'], 'Inside the agency'), (dossiers.enums.DelayKind['CITIZEN'], 'Waiting for the citizen'), (dossiers.enums.DelayKind['OTHER_AGENCY'], 'Another agency'), (dossiers.enums.DelayKind['SYSTEM'], 'A system or the connection between systems')], max_length=16, verbose_name='cause')),
                ('claimed_days', models.PositiveSmallIntegerField(verbose_name='working days claimed')),
                ('grounds', models.CharField(max_length=1000, verbose_name='grounds')),
                ('evidence_note', models.CharField(blank=True, default='', max_length=500, verbose_name='evidence')),
                ('state', models.CharField(choices=[(dossiers.enums.DisputeState['OPEN'], 'Open'), (dossiers.enums.DisputeState['UPHELD'], 'Upheld'), (dossiers.enums.DisputeState['REJECTED'], 'Rejected')], default=dossiers.enums.DisputeState['OPEN'], max_length=10, verbose_name='state')),
                ('excused_days', models.PositiveSmallIntegerField(default=0, verbose_name='working days granted')),
                ('raised_at', models.DateTimeField(verbose_name='raised at')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                ('answer', models.CharField(blank=True, default='', max_length=1000, verbose_name='answer')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='disputes_decided', to=settings.AUTH_USER_MODEL)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='dossiers.dossier')),
                ('evidence', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.document')),
                ('raised_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes_raised', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'dispute',
                'verbose_name_plural': 'disputes',
                'ordering': ['raised_at'],
            },
        ),
        migrations.CreateModel(
            name='IssuedForm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[(dossiers.enums.FormKind['RECEIPT'], 'Receipt and appointment'), (dossiers.enums.FormKind['SUPPLEMENT'], 'Request for papers'), (dossiers.enums.FormKind['REFUSAL'], 'Refusal to receive'), (dossiers.enums.FormKind['APOLOGY'], 'Apology and new date'), (dossiers.enums.FormKind['STOP'], 'Notice that processing stopped'), (dossiers.enums.FormKind['CONTROL'], 'Control slip'), (dossiers.enums.FormKind['LOG'], 'Log of dossiers'), (dossiers.enums.FormKind['RESULT'], 'Result'), (dossiers.enums.FormKind['CONGRATULATION'], 'Letter of congratulation'), (dossiers.enums.FormKind['CONDOLENCE'], 'Letter of condolence'), (dossiers.enums.FormKind['FEE_RECEIPT'], 'Receipt for a fee')], max_length=16, verbose_name='form')),
                ('form_version', models.CharField(max_length=40, verbose_name='form of')),
                ('verify_code', models.CharField(max_length=20, unique=True)),
                ('issued_at', models.DateTimeField(verbose_name='issued at')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issued_as', to='dossiers.document')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issued_forms', to='dossiers.dossier')),
                ('official', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'issued form',
                'verbose_name_plural': 'issued forms',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='ModeSwitch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_on', models.BooleanField(verbose_name='automatic')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('happened_at', models.DateTimeField(verbose_name='at')),
                ('official', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('procedure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mode_switches', to='procedures.procedure')),
            ],
            options={
                'verbose_name': 'switch of the decision mode',
                'verbose_name_plural': 'switches of the decision mode',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False, verbose_name='version')),
                ('amount_vnd', models.PositiveIntegerField(verbose_name='amount (đ)')),
                ('basis', models.CharField(blank=True, default='', max_length=60, verbose_name='by')),
                ('reference', models.CharField(max_length=24, unique=True, verbose_name='reference')),
                ('state', models.CharField(choices=[(dossiers.enums.PaymentState['DUE'], 'To be paid'), (dossiers.enums.PaymentState['PAID'], 'Paid'), (dossiers.enums.PaymentState['REFUNDED'], 'Refunded'), (dossiers.enums.PaymentState['CANCELLED'], 'No longer to be paid')], default=dossiers.enums.PaymentState['DUE'], max_length=10, verbose_name='state')),
                ('way', models.CharField(blank=True, choices=[(dossiers.enums.PaymentWay['BANK_TRANSFER'], 'By transfer'), (dossiers.enums.PaymentWay['COUNTER'], 'At the counter')], default='', max_length=16, verbose_name='way')),
                ('gateway', models.CharField(blank=True, default='', max_length=40, verbose_name='gateway')),
                ('transaction', models.CharField(blank=True, default='', max_length=80, verbose_name='transaction')),
                ('receipt_number', models.CharField(blank=True, default='', max_length=40, verbose_name='receipt')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('paid_at', models.DateTimeField(null=True, verbose_name='paid at')),
                ('refund_note', models.CharField(blank=True, default='', max_length=500, verbose_name='refund note')),
                ('refunded_at', models.DateTimeField(null=True, verbose_name='refunded at')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='dossiers.dossier')),
                ('official', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'payment',
                'verbose_name_plural': 'payments',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='PaymentNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('gateway', models.CharField(max_length=40, verbose_name='gateway')),
                ('transaction', models.CharField(max_length=80, verbose_name='transaction')),
                ('reference', models.CharField(max_length=24, verbose_name='reference')),
                ('amount_vnd', models.PositiveIntegerField(verbose_name='amount (đ)')),
                ('verdict', models.CharField(max_length=20, verbose_name='outcome')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='settled at')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('payment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='dossiers.payment')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'call of a payment gateway',
                'verbose_name_plural': 'calls of payment gateways',
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.CharField(choices=[(dossiers.enums.Satisfaction['SATISFIED'], 'Satisfied'), (dossiers.enums.Satisfaction['NEUTRAL'], 'So so'), (dossiers.enums.Satisfaction['DISSATISFIED'], 'Not satisfied')], max_length=14, verbose_name='answer')),
                ('words', models.CharField(blank=True, default='', max_length=1000, verbose_name='in words')),
                ('rated_at', models.DateTimeField(verbose_name='at')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('citizen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ratings', to='citizens.citizen')),
                ('dossier', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='rating', to='dossiers.dossier')),
            ],
            options={
                'verbose_name': 'rating',
                'verbose_name_plural': 'ratings',
            },
        ),
        migrations.CreateModel(
            name='RiskModel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_on', models.BooleanField(verbose_name='in use')),
                ('weights', models.JSONField(default=dict, verbose_name='weights')),
                ('baseline', models.FloatField(verbose_name='baseline')),
                ('measured', models.JSONField(default=dict, verbose_name='measured')),
                ('happened_at', models.DateTimeField(verbose_name='at')),
                ('official', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'risk weight',
                'verbose_name_plural': 'risk weights',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Stage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('name_vi', models.CharField(max_length=200, verbose_name='step')),
                ('limit_days', models.PositiveSmallIntegerField(null=True, verbose_name='limit')),
                ('limit_unit', models.CharField(choices=[(procedures.enums.TimeUnit['WORKING_DAY'], 'working days'), (procedures.enums.TimeUnit['CALENDAR_DAY'], 'calendar days')], default=procedures.enums.TimeUnit['WORKING_DAY'], max_length=20)),
                ('entered_at', models.DateTimeField(null=True, verbose_name='entered at')),
                ('due_on', models.DateField(null=True, verbose_name='due on')),
                ('left_at', models.DateTimeField(null=True, verbose_name='left at')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.agency', verbose_name='agency')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stages', to='dossiers.dossier')),
                ('official', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stages', to='citizens.official', verbose_name='with')),
            ],
            options={
                'verbose_name': 'step inside the agency',
                'verbose_name_plural': 'steps inside the agency',
                'ordering': ['dossier', 'position'],
            },
        ),
        migrations.CreateModel(
            name='SupplementRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('components', models.JSONField(default=list, verbose_name='components')),
                ('note', models.CharField(max_length=500, verbose_name='reason')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='answered at')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supplement_requests', to='dossiers.dossier')),
                ('official', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'request for papers',
                'verbose_name_plural': 'requests for papers',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False, verbose_name='version')),
                ('away', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='valid')),
                ('reason', models.CharField(blank=True, default='', max_length=120, verbose_name='reason')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended early at')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('cover', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='covers', to='citizens.official', verbose_name='covered by')),
                ('official', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to='citizens.official', verbose_name='absent')),
            ],
            options={
                'verbose_name': 'absence',
                'verbose_name_plural': 'absences',
                'constraints': [models.CheckConstraint(condition=models.Q(('official', models.F('cover')), _negated=True), name='absence_covered_by_another', violation_error_message='Nobody covers for themselves.')],
            },
        ),
        migrations.CreateModel(
            name='BundleStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False, verbose_name='version')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('after', models.JSONField(default=list, verbose_name='after')),
                ('is_optional', models.BooleanField(default=False, verbose_name='optional')),
                ('state', models.CharField(choices=[(dossiers.enums.BundleStepState['WAITING'], 'Waits for another'), (dossiers.enums.BundleStepState['READY'], 'May be filed'), (dossiers.enums.BundleStepState['FILED'], 'Filed'), (dossiers.enums.BundleStepState['DONE'], 'Done'), (dossiers.enums.BundleStepState['FAILED'], 'Came to no result'), (dossiers.enums.BundleStepState['REPLACED'], 'Replaced'), (dossiers.enums.BundleStepState['DROPPED'], 'Left out')], default=dossiers.enums.BundleStepState['WAITING'], max_length=10, verbose_name='state')),
                ('reason', models.CharField(blank=True, default='', max_length=500, verbose_name='reason')),
                ('changed_at', models.DateTimeField(verbose_name='changed at')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='dossiers.bundlecase')),
                ('dossier', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bundle_step', to='dossiers.dossier')),
                ('procedure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bundle_steps', to='procedures.procedure')),
            ],
            options={
                'verbose_name': 'step of a bundle case',
                'verbose_name_plural': 'steps of a bundle case',
                'ordering': ['case', 'position'],
                'constraints': [models.UniqueConstraint(fields=('case', 'position'), name='bundle_step_once')],
            },
        ),
        migrations.CreateModel(
            name='ClockAlert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(choices=[(dossiers.enums.AlertStage['HALF'], 'Half of the time is used'), (dossiers.enums.AlertStage['TWO_DAYS'], 'Two working days left'), (dossiers.enums.AlertStage['ONE_DAY'], 'One working day left'), (dossiers.enums.AlertStage['TODAY'], 'Due today')], max_length=10, verbose_name='stage')),
                ('due_on', models.DateField(verbose_name='due on')),
                ('seen_at', models.DateTimeField(null=True, verbose_name='seen at')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clock_alerts', to='dossiers.dossier')),
                ('official', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='clock_alerts', to='citizens.official')),
            ],
            options={
                'verbose_name': 'warning before a limit',
                'verbose_name_plural': 'warnings before limits',
                'constraints': [models.UniqueConstraint(fields=('dossier', 'stage', 'due_on'), name='clock_alert_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(('holder', models.F('deputy')), _negated=True), name='delegation_not_to_self', violation_error_message='Nobody delegates to themselves.'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.UniqueConstraint(condition=models.Q(('state', dossiers.enums.DisputeState['OPEN'])), fields=('dossier',), name='dispute_once_open', violation_error_message='A dispute of this dossier is open already.'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('raised_by')), _negated=True), _connector='OR'), name='dispute_decided_by_another', violation_error_message='Another official must decide this dispute.'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(condition=models.Q(('transaction', ''), _negated=True), fields=('gateway', 'transaction'), name='payment_once_a_transaction'),
        ),
        migrations.AddConstraint(
            model_name='payment',
            constraint=models.UniqueConstraint(condition=models.Q(('state', dossiers.enums.PaymentState['DUE'])), fields=('dossier',), name='payment_one_due'),
        ),
        migrations.AddConstraint(
            model_name='paymentnotice',
            constraint=models.UniqueConstraint(fields=('gateway', 'transaction'), name='payment_notice_once'),
        ),
        migrations.AddConstraint(
            model_name='stage',
            constraint=models.UniqueConstraint(fields=('dossier', 'position'), name='stage_once'),
        ),
        migrations.AddConstraint(
            model_name='stage',
            constraint=models.UniqueConstraint(condition=models.Q(('entered_at__isnull', False), ('left_at__isnull', True)), fields=('dossier',), name='stage_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='supplementrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('answered_at__isnull', True)), fields=('dossier',), name='supplement_once_open'),
        ),
    ]
