"""Who looked at a person's data: when, which office, why, and what was shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citizens.models import AccessLog

FIELDS = {
    "full_name": gettext_lazy("full name"),
    "name": gettext_lazy("name"),
    "personal_id": gettext_lazy("personal number"),
    "personal_id_masked": gettext_lazy("personal number, masked"),
    "birth_date": gettext_lazy("birth date"),
    "gender": gettext_lazy("gender"),
    "address": gettext_lazy("address"),
    "phone": gettext_lazy("phone number"),
    "papers": gettext_lazy("papers"),
    "paper": gettext_lazy("paper"),
    "issued_on": gettext_lazy("day of issue"),
    "expires_on": gettext_lazy("last day"),
    "status": gettext_lazy("state"),
    "state": gettext_lazy("state"),
    "suggestion": gettext_lazy("suggestion"),
    "due_on": gettext_lazy("date that counts"),
    "topic": gettext_lazy("subject of a message"),
    "text": gettext_lazy("text of a message"),
    "form": gettext_lazy("form of the dossier"),
    "dossier_code": gettext_lazy("dossier code"),
    "phone_masked": gettext_lazy("phone number, masked"),
    "unit": gettext_lazy("place of residence"),
    "procedure": gettext_lazy("procedure"),
    "tax_code": gettext_lazy("tax code"),
    "applicant": gettext_lazy("applicant"),
    "owner": gettext_lazy("owner of the dossier"),
}


@dataclass(frozen=True)
class Look:
    """One view of the person's data by an official; `shared` counts others on the same page."""

    at: datetime
    office: str
    purpose: str
    reference: str
    shown: str
    shared: int


def looks(rows: Iterable[AccessLog]) -> list[Look]:
    """Return the views in words; the office answers for its official, whose name is not told."""
    return [
        Look(
            at=row.recorded_at,
            office=row.office.name_vi if row.office else _("Administration of the portal"),
            purpose=row.get_purpose_display(),
            reference=row.reference,
            shown=", ".join(
                str(FIELDS.get(field, field.replace("_", " "))) for field in row.fields
            ),
            shared=len(row.subject_ids) - 1,
        )
        for row in rows
    ]
