"""Views of the queue that officials keep; no citizen's page reads them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0001_initial'),
        ('dossiers', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='QueueFilter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('query', models.CharField(max_length=120)),
                ('official', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='queue_filters', to='citizens.official')),
            ],
            options={
                'verbose_name': 'saved view of the queue',
                'verbose_name_plural': 'saved views of the queue',
                'ordering': ['official', 'name'],
                'constraints': [models.UniqueConstraint(fields=('official', 'name'), name='queuefilter_once'), models.CheckConstraint(condition=models.Q(('query__regex', '^where=(agency|unit)(&due=[a-z_]{1,20})?(&status=[0-9]{1,9})?(&procedure=[0-9]{1,9})?(&mine=1)?$')), name='queuefilter_chosen_only')],
            },
        ),
    ]
