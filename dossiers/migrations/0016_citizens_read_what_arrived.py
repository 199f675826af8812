"""Who paid a fee of their dossier sees what arrived for it, also what fits no fee."""

from __future__ import annotations

from django.db import migrations

from portal.common.db_roles import citizens_may_read, row_security

_OF_A_FEE = "payment_id IN (SELECT id FROM dossiers_payment)"


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0015_papers_of_another")]
    operations = [
        row_security("dossiers_paymentnotice", rows_of_the_person=_OF_A_FEE),
        citizens_may_read("dossiers_paymentnotice"),
    ]
