"""The official points and ranks, kept beside ours."""

import django.contrib.postgres.functions
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0001_initial'),
        ('reporting', '0005_counted_unit'),
    ]

    operations = [
        migrations.CreateModel(
            name='OfficialScore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(verbose_name='as of')),
                ('group', models.CharField(blank=True, default='', max_length=30, verbose_name='group')),
                ('points', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='points')),
                ('max_points', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='points at most')),
                ('share', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='share (%)')),
                ('rank', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='rank')),
                ('ranked', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='of so many')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.unit', verbose_name='unit')),
            ],
            options={
                'verbose_name': 'official score',
                'verbose_name_plural': 'official scores',
                'ordering': ['-on', 'unit__code', 'group'],
                'constraints': [models.UniqueConstraint(fields=('unit', 'on', 'group'), name='official_score_once'), models.CheckConstraint(condition=models.Q(('points__isnull', False), ('share__isnull', False), _connector='OR'), name='official_score_says_something'), models.CheckConstraint(condition=models.Q(('points', None), ('points__lte', models.F('max_points')), _connector='OR'), name='official_score_within'), models.CheckConstraint(condition=models.Q(models.Q(('rank', None), ('ranked', None)), models.Q(('rank__gte', 1), ('rank__lte', models.F('ranked'))), _connector='OR'), name='official_rank_within')],
            },
        ),
    ]
