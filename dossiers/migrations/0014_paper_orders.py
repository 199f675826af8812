"""Papers that steps call for; who filed a dossier sees the papers that came out of it."""

from __future__ import annotations

import django.contrib.postgres.functions
import django.db.models.deletion
import dossiers.enums
import uuid
from django.conf import settings
from django.db import migrations, models

from portal.common.row_security import PARTIES

_PAPERS = "SELECT document_id FROM dossiers_dossierpaper WHERE document_id IS NOT NULL"
# A control slip is the office's own; policies of the table let only forms of seen dossiers through.
_ISSUED = "SELECT document_id FROM dossiers_issuedform WHERE kind <> '06'"
_BEFORE = f"owner_id = {PARTIES} OR id IN ({_PAPERS})"


def _seen(rows: str) -> str:
    return f"ALTER POLICY citizen ON dossiers_document USING ({rows})"

class Migration(migrations.Migration):

    dependencies = [
        ('dossiers', '0013_system_wait'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FormOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[(dossiers.enums.FormKind['RECEIPT'], 'Receipt and appointment'), (dossiers.enums.FormKind['SUPPLEMENT'], 'Request for papers'), (dossiers.enums.FormKind['REFUSAL'], 'Refusal to receive'), (dossiers.enums.FormKind['APOLOGY'], 'Apology and new date'), (dossiers.enums.FormKind['STOP'], 'Notice that processing stopped'), (dossiers.enums.FormKind['CONTROL'], 'Control slip'), (dossiers.enums.FormKind['LOG'], 'Log of dossiers'), (dossiers.enums.FormKind['RESULT'], 'Result'), (dossiers.enums.FormKind['CONGRATULATION'], 'Letter of congratulation'), (dossiers.enums.FormKind['CONDOLENCE'], 'Letter of condolence'), (dossiers.enums.FormKind['FEE_RECEIPT'], 'Receipt for a fee')], max_length=16, verbose_name='form')),
                ('state', models.CharField(choices=[(dossiers.enums.FormOrderState['WAITING'], 'To be made'), (dossiers.enums.FormOrderState['MAKING'], 'Being made'), (dossiers.enums.FormOrderState['MADE'], 'Made'), (dossiers.enums.FormOrderState['PARKED'], 'Cannot be made')], default=dossiers.enums.FormOrderState['WAITING'], max_length=10, verbose_name='state')),
                ('due_at', models.DateTimeField(verbose_name='due at')),
                ('lease_until', models.DateTimeField(null=True)),
                ('attempt', models.PositiveIntegerField(default=0, verbose_name='attempts')),
                ('reason', models.CharField(blank=True, default='', max_length=300, verbose_name='reason')),
                ('public_id', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='form_orders', to='dossiers.dossier')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='form_orders', to='dossiers.dossierevent')),
                ('form', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='order', to='dossiers.issuedform')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'paper to be made',
                'verbose_name_plural': 'papers to be made',
                'ordering': ['pk'],
                'indexes': [models.Index(condition=models.Q(('state', dossiers.enums.FormOrderState['MADE']), _negated=True), fields=['due_at'], name='form_order_open')],
                'constraints': [models.UniqueConstraint(fields=('event', 'kind'), name='form_order_once_a_step'), models.CheckConstraint(condition=models.Q(models.Q(('form__isnull', False), ('state', dossiers.enums.FormOrderState['MADE'])), models.Q(models.Q(('state', dossiers.enums.FormOrderState['MADE']), _negated=True), ('form__isnull', True)), _connector='OR'), name='form_order_made_with_form')],
            },
        ),
        migrations.RunSQL(_seen(f"{_BEFORE} OR id IN ({_ISSUED})"), _seen(_BEFORE)),
    ]
