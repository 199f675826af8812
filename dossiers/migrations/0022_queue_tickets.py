"""The queue at a counter: halls, groups, seats, appointments, tickets and what happened to them."""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.db.models.deletion
import dossiers.enums
import uuid
from django.db import migrations, models

from portal.common.db_roles import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0018_tries'),
        ('dossiers', '0021_tries_are_counted_once'),
    ]

    operations = [
        migrations.CreateModel(
            name='ServiceGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('prefix', models.CharField(max_length=1, verbose_name='letter')),
                ('name_vi', models.CharField(max_length=80, verbose_name='name')),
                ('name_en', models.CharField(max_length=80, verbose_name='English name')),
            ],
            options={
                'verbose_name': 'group of services',
                'verbose_name_plural': 'groups of services',
                'ordering': ['prefix'],
            },
        ),
        migrations.CreateModel(
            name='Appointment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('starts_at', models.DateTimeField(verbose_name='at')),
                ('code', models.CharField(max_length=6, verbose_name='code')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('official', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.official')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='dossiers.servicegroup')),
            ],
            options={
                'verbose_name': 'appointment at a counter',
                'verbose_name_plural': 'appointments at counters',
            },
        ),
        migrations.CreateModel(
            name='Ticket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('letter', models.CharField(max_length=1, verbose_name='letter')),
                ('has_priority', models.BooleanField(default=False, verbose_name='has priority')),
                ('reserved_at', models.DateTimeField(null=True, verbose_name='reserved time')),
                ('state', models.CharField(choices=[(dossiers.enums.TicketState['WAITING'], 'Waiting'), (dossiers.enums.TicketState['CALLED'], 'Called'), (dossiers.enums.TicketState['SERVING'], 'Being served'), (dossiers.enums.TicketState['DONE'], 'Served'), (dossiers.enums.TicketState['ABSENT'], 'Did not come')], default=dossiers.enums.TicketState['WAITING'], max_length=8, verbose_name='state')),
                ('taken_at', models.DateTimeField(verbose_name='taken at')),
                ('turn_at', models.DateTimeField(verbose_name='place in the line')),
                ('passed', models.PositiveSmallIntegerField(default=0)),
                ('behind', models.PositiveSmallIntegerField(default=0)),
                ('missed', models.PositiveSmallIntegerField(default=0)),
                ('counter', models.PositiveSmallIntegerField(null=True, verbose_name='counter')),
                ('for_counter', models.PositiveSmallIntegerField(null=True, verbose_name='for counter')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
                ('appointment', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ticket', to='dossiers.appointment')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='dossiers.servicegroup')),
                ('official', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='citizens.official')),
            ],
            options={
                'verbose_name': 'queue ticket',
                'verbose_name_plural': 'queue tickets',
            },
        ),
        migrations.AddField(
            model_name='countervisit',
            name='ticket',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='dossiers.ticket'),
        ),
        migrations.CreateModel(
            name='TicketEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[(dossiers.enums.TicketAct['TAKEN'], dossiers.enums.TicketAct['TAKEN']), (dossiers.enums.TicketAct['CALLED'], dossiers.enums.TicketAct['CALLED']), (dossiers.enums.TicketAct['RECALLED'], dossiers.enums.TicketAct['RECALLED']), (dossiers.enums.TicketAct['STARTED'], dossiers.enums.TicketAct['STARTED']), (dossiers.enums.TicketAct['MISSED'], dossiers.enums.TicketAct['MISSED']), (dossiers.enums.TicketAct['ENDED'], dossiers.enums.TicketAct['ENDED']), (dossiers.enums.TicketAct['TRANSFERRED'], dossiers.enums.TicketAct['TRANSFERRED']), (dossiers.enums.TicketAct['FINISHED'], dossiers.enums.TicketAct['FINISHED'])], max_length=12)),
                ('counter', models.PositiveSmallIntegerField(null=True, verbose_name='counter')),
                ('happened_at', models.DateTimeField(verbose_name='at')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='dossiers.servicegroup')),
                ('official', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.official')),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='dossiers.ticket')),
            ],
            options={
                'verbose_name': 'event of a ticket',
                'verbose_name_plural': 'events of tickets',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='TicketHall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False, verbose_name='version')),
                ('in_a_row', models.PositiveSmallIntegerField(default=3, verbose_name='with priority in a row, at most')),
                ('kiosk_sha256', models.BinaryField(max_length=32, null=True, unique=True)),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
                ('agency', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='ticket_hall', to='citizens.agency')),
            ],
            options={
                'verbose_name': 'waiting room',
                'verbose_name_plural': 'waiting rooms',
            },
        ),
        migrations.AddField(
            model_name='ticket',
            name='hall',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='dossiers.tickethall'),
        ),
        migrations.AddField(
            model_name='servicegroup',
            name='hall',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='groups', to='dossiers.tickethall'),
        ),
        migrations.CreateModel(
            name='CounterSeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('number', models.PositiveSmallIntegerField(verbose_name='counter')),
                ('letters', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=1), blank=True, default=list, size=None)),
                ('official', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='citizens.official')),
                ('hall', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='dossiers.tickethall')),
            ],
            options={
                'verbose_name': 'seat at a counter',
                'verbose_name_plural': 'seats at counters',
            },
        ),
        migrations.AddField(
            model_name='appointment',
            name='hall',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appointments', to='dossiers.tickethall'),
        ),
        migrations.AddConstraint(
            model_name='tickethall',
            constraint=models.CheckConstraint(condition=models.Q(('in_a_row__range', (1, 9))), name='hall_some_in_a_row', violation_error_message='From 1 to 9.'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.UniqueConstraint(fields=('hall', 'day', 'number'), name='ticket_number_once'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', (dossiers.enums.TicketState['CALLED'], dossiers.enums.TicketState['SERVING']))), fields=('hall', 'day', 'counter'), name='counter_has_one_ticket'),
        ),
        migrations.AddConstraint(
            model_name='ticket',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', (dossiers.enums.TicketState['CALLED'], dossiers.enums.TicketState['SERVING'])), _negated=True), models.Q(('counter__isnull', False), ('official__isnull', False)), _connector='OR'), name='called_to_a_counter'),
        ),
        migrations.AddConstraint(
            model_name='servicegroup',
            constraint=models.UniqueConstraint(fields=('hall', 'prefix'), name='group_letter_once'),
        ),
        migrations.AddConstraint(
            model_name='counterseat',
            constraint=models.UniqueConstraint(fields=('hall', 'day', 'number'), name='seat_of_one'),
        ),
        migrations.AddConstraint(
            model_name='counterseat',
            constraint=models.UniqueConstraint(fields=('day', 'official'), name='official_sits_once'),
        ),
        migrations.AddConstraint(
            model_name='counterseat',
            constraint=models.CheckConstraint(condition=models.Q(('number__range', (1, 99))), name='seat_has_number'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.UniqueConstraint(fields=('hall', 'day', 'code'), name='appointment_code_once'),
        ),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=models.UniqueConstraint(fields=('group', 'starts_at'), name='appointment_time_once'),
        ),
        append_only("dossiers_ticketevent"),
    ]
