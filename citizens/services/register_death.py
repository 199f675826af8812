"""A death was registered here: the day stands from the commit on, and all that it ends follows."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from citizens.enums import FactKind
from citizens.models import Citizen, FactChange, Register, RegisterRecord
from portal.common.crypto import keyed_index

_CIVIL, _KIND = "CIVIL", "death"


@transaction.atomic
def register_death(
    *, person: Citizen, died_on: date, number: str, reference: str, day: date, book: str = ""
) -> Citizen:
    """Return the person with the day of death that civil status has registered.

    The registration has the last word on the day, against a hospital's notice. The record is kept
    under the person's number, so that a later delivery of the register meets it. What a
    `reference` (the dossier's code) has registered already is left as it is.
    """
    row = Citizen.objects.select_for_update(of=("self",)).get(pk=person.pk)
    entered = RegisterRecord.objects.filter(register=_CIVIL, kind=_KIND, subject=row.party)
    if entered.filter(body__dossier=reference).exists():
        return row
    if row.died_on != died_on:
        row.died_on = died_on
        row.version += 1
        row.save(update_fields=["died_on", "version"])
    body = {
        "number": number,
        "book": book,
        "date": died_on.isoformat(),
        "registered_on": day.isoformat(),
        "dossier": reference,
    }
    RegisterRecord.objects.update_or_create(
        register=Register.objects.get(pk=_CIVIL),
        kind=_KIND,
        key_index=keyed_index(_CIVIL, _KIND, row.pin or reference),
        defaults={"subject": row.party, "body": body, "as_of": day},
    )
    FactChange.objects.create(kind=FactKind.CITIZEN, object_id=row.pk, subject_id=row.pk)
    return row
