"""Citizens' own pages read under row security, on the tables that hold people's matters."""

from __future__ import annotations

from django.db import migrations

from portal.common.db_roles import create_citizen_role, row_security
from portal.common.row_security import FAMILY, PARTIES, PERSON

# Sub-selects in a condition are themselves under the policies of the tables they read.
_PEOPLE_OF_DOSSIERS = "SELECT unnest(ARRAY[owner_id, applicant_id]) FROM dossiers_dossier"
_RECEIVED = f"SELECT suggestion_id FROM procedures_recipient WHERE citizen_id = {PERSON}"  # noqa: S608
_PAPERS = "SELECT document_id FROM dossiers_dossierpaper WHERE document_id IS NOT NULL"

ROWS = {
    "citizens_citizen": f"party_id = {FAMILY} OR party_id IN ({_PEOPLE_OF_DOSSIERS})",
    "citizens_citizensensitive": f"citizen_id = {FAMILY}",
    "citizens_contactpoint": f"party_id = {PARTIES}",
    "citizens_credential": f"holder_id = {FAMILY}",
    "dossiers_dossier": f"owner_id = {PARTIES} OR applicant_id = {PERSON}",
    "dossiers_dossierpaper": "dossier_id IN (SELECT id FROM dossiers_dossier)",
    "dossiers_document": f"owner_id = {PARTIES} OR id IN ({_PAPERS})",
    "procedures_suggestion": f"subject_id = {PARTIES} OR id IN ({_RECEIVED})",
    "notifications_message": f"recipient_id = {PARTIES}",
}


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0002_append_only"),
        ("procedures", "0002_closed_suggestions"),
        ("notifications", "0003_lease_and_neutral_texts"),
        ("citizens", "0004_log_is_sealed"),
    ]
    operations = [
        create_citizen_role(),
        *(row_security(table, rows_of_the_person=rows) for table, rows in ROWS.items()),
    ]
