"""What leaders ask offices about overdue dossiers; every word of it stays."""

import django.contrib.postgres.functions
import django.db.models.deletion
import portal.reporting.overdue.enums
import uuid
from django.conf import settings
from django.db import migrations, models

from portal.common.db_roles import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0001_initial'),
        ('dossiers', '0001_initial'),
        ('reporting', '0003_kept_figures'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Directive',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(db_default=1, default=1, editable=False, verbose_name='version')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
                ('due_on', models.DateField(verbose_name='to be explained by')),
                ('state', models.CharField(choices=[(portal.reporting.overdue.enums.DirectiveState['OPEN'], 'Waits for the explanation'), (portal.reporting.overdue.enums.DirectiveState['EXPLAINED'], 'Explained, waits for the leader'), (portal.reporting.overdue.enums.DirectiveState['DONE'], 'Done')], default=portal.reporting.overdue.enums.DirectiveState['OPEN'], max_length=9, verbose_name='state')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='directives', to='citizens.agency', verbose_name='office')),
                ('dossiers', models.ManyToManyField(related_name='directives', to='dossiers.dossier', verbose_name='dossiers')),
            ],
            options={
                'verbose_name': 'directive',
                'verbose_name_plural': 'directives',
                'ordering': ['due_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='DirectiveStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[(portal.reporting.overdue.enums.DirectiveAct['GIVEN'], 'Directive'), (portal.reporting.overdue.enums.DirectiveAct['EXPLAINED'], 'Explanation'), (portal.reporting.overdue.enums.DirectiveAct['SENT_BACK'], 'Sent back'), (portal.reporting.overdue.enums.DirectiveAct['ACCEPTED'], 'Accepted as done')], max_length=9, verbose_name='step')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('words', models.CharField(blank=True, default='', max_length=2000, verbose_name='in words')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('directive', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='reporting.directive')),
            ],
            options={
                'verbose_name': 'step of a directive',
                'verbose_name_plural': 'steps of directives',
                'ordering': ['pk'],
            },
        ),
        migrations.AddIndex(
            model_name='directive',
            index=models.Index(condition=models.Q(('state', portal.reporting.overdue.enums.DirectiveState['DONE']), _negated=True), fields=['agency', 'due_on'], name='directive_open'),
        ),
        migrations.AddConstraint(
            model_name='directivestep',
            constraint=models.CheckConstraint(condition=models.Q(('act', portal.reporting.overdue.enums.DirectiveAct['ACCEPTED']), models.Q(('words', ''), _negated=True), _connector='OR'), name='directive_step_says_something', violation_error_message='Please write what you mean.'),
        ),
        append_only('reporting_directivestep'),
    ]
