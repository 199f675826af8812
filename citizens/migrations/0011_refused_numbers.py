# Begun by Django 5.2.19 on 2026-11-26 19:10

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0010_news_of_dossiers'),
    ]

    operations = [
        migrations.AddField(
            model_name='contactpoint',
            name='refused_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='refused at'),
        ),
    ]
