"""Ledgers of the one-stop shop are append-only; citizens' pages read what is of their dossiers."""

from __future__ import annotations

from django.db import migrations

from portal.common.db_roles import append_only, citizens_may_read, row_security
from portal.common.row_security import PARTIES, PERSON

_OF_A_DOSSIER = "dossier_id IN (SELECT id FROM dossiers_dossier)"
_CASES = "SELECT bundle_case_id FROM dossiers_dossier WHERE bundle_case_id IS NOT NULL"

ROWS = {
    "dossiers_bundlecase": (
        f"owner_id = {PARTIES} OR applicant_id = {PERSON} OR id IN ({_CASES})"
    ),
    "dossiers_bundlestep": "case_id IN (SELECT id FROM dossiers_bundlecase)",
    "dossiers_automaticdecision": _OF_A_DOSSIER,
    "dossiers_issuedform": _OF_A_DOSSIER,
    "dossiers_payment": _OF_A_DOSSIER,
    "dossiers_rating": _OF_A_DOSSIER,
    "dossiers_stage": _OF_A_DOSSIER,
    "dossiers_supplementrequest": _OF_A_DOSSIER,
}


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0007_one_stop")]
    operations = [
        append_only("dossiers_delaycause"),
        append_only("dossiers_modeswitch"),
        append_only("dossiers_riskmodel"),
        *(row_security(table, rows_of_the_person=rows) for table, rows in ROWS.items()),
        citizens_may_read(*ROWS),
    ]
