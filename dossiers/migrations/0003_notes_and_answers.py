"""Notes among officials, only ever added, and words for answers; no citizen's page reads them."""

import django.contrib.postgres.functions
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from portal.common.db_roles import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0001_initial'),
        ('dossiers', '0002_queue_filters'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DossierNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=1000, verbose_name='note')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='desk_notes', to='dossiers.dossier')),
                ('official', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'internal note',
                'verbose_name_plural': 'internal notes',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='AnswerText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=60, verbose_name='title')),
                ('body', models.CharField(max_length=500, verbose_name='text')),
                ('written_at', models.DateTimeField(verbose_name='written at')),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answer_texts', to='citizens.agency')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'answer text',
                'verbose_name_plural': 'answer texts',
                'ordering': ['agency', 'title'],
                'constraints': [models.UniqueConstraint(fields=('agency', 'title'), name='answertext_once')],
            },
        ),
        append_only('dossiers_dossiernote'),
    ]
