"""Who files for another sees the files that they laid ready, not only after filing."""

from __future__ import annotations

from django.db import migrations

from portal.common.row_security import PARTIES

_PAPERS = "SELECT document_id FROM dossiers_dossierpaper WHERE document_id IS NOT NULL"
_ISSUED = "SELECT document_id FROM dossiers_issuedform WHERE kind <> '06'"
# Rows of that table are themselves shown to the applicant and to the owner's side only.
_LAID_READY = "SELECT document_id FROM dossiers_preparedpaper"
_BEFORE = f"owner_id = {PARTIES} OR id IN ({_PAPERS}) OR id IN ({_ISSUED})"


def _seen(rows: str) -> str:
    return f"ALTER POLICY citizen ON dossiers_document USING ({rows})"


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0014_paper_orders")]
    operations = [
        migrations.RunSQL(_seen(f"{_BEFORE} OR id IN ({_LAID_READY})"), _seen(_BEFORE)),
    ]
