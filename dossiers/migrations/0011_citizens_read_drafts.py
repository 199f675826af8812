"""Who has begun something finds it again: citizens' pages read the drafts of the person."""

from __future__ import annotations

from django.db import migrations

from portal.common.db_roles import citizens_may_read, row_security
from portal.common.row_security import PERSON

DRAFTS = "dossiers_draft"


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0010_automatic_decisions")]
    operations = [
        row_security(DRAFTS, rows_of_the_person=f"applicant_id = {PERSON}"),
        citizens_may_read(DRAFTS),
    ]
