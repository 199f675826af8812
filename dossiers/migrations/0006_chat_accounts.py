# Begun by Django 5.2.19 on 2026-11-26 18:54

import django.contrib.postgres.functions
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0010_news_of_dossiers'),
        ('dossiers', '0005_citizens_read_why'),
    ]

    operations = [
        migrations.CreateModel(
            name='ChatAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('platform', models.CharField(max_length=10, verbose_name='platform')),
                ('account_index', models.BinaryField(max_length=32)),
                ('linked_at', models.DateTimeField(verbose_name='linked at')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
                ('citizen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='chat_accounts', to='citizens.citizen')),
            ],
            options={
                'verbose_name': 'chat account',
                'verbose_name_plural': 'chat accounts',
                'constraints': [models.UniqueConstraint(fields=('platform', 'account_index'), name='chat_account_once')],
            },
        ),
    ]
