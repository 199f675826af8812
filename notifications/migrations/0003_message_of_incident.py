"""An index of what was told of incidents, which are few among many messages."""
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0003_training'),
        ('notifications', '0002_gate_home'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('topic', 'data_incident')), fields=['thread_key'], name='message_of_incident'),
        ),
    ]
