"""A person says that a value which a register holds is wrong; the form then carries their own."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.enums import DiscrepancyKind
from citizens.models import Citizen, Discrepancy, Party
from citizens.selectors import Origin, StoredValue, ValueKind, may_act, stored_value
from citizens.services import open_discrepancy
from citizens.services.case_values import read_value
from portal.common.errors import RefusedError

LONGEST_NOTE = 1000


@transaction.atomic
def contest_field(
    *, citizen: Citizen, origin: Origin, stated: str, note: str, day: date
) -> Discrepancy:
    """Return the open case in which `citizen` says that the value at `origin` should be `stated`.

    From here on their forms are filled with the stated value (`FieldSource.CONTESTED`), nothing is
    blocked by the case, and what is held stays until an official decides. Who cannot tell the right
    value leaves it empty and says in `note` what is wrong. RefusedError when the value is not there
    or not about somebody the person may act for, is what is held, or cannot stand there.
    """
    stored = stored_value(origin=origin)
    if stored is None:
        raise RefusedError(_("The register no longer holds this value."))
    subject = Party.objects.get(pk=stored.subject_id)
    if not may_act(actor=citizen, party=subject, day=day):
        raise RefusedError(_("You cannot act for this person or organisation."))
    words = "\n".join(" ".join(line.split()) for line in note.splitlines()).strip()
    if len(words) > LONGEST_NOTE:
        raise RefusedError(_("This is longer than %(n)d characters.") % {"n": LONGEST_NOTE})
    return open_discrepancy(
        subject=subject,
        kind=DiscrepancyKind.CONTESTED,
        table=origin.table,
        object_id=origin.object_id,
        column=origin.column,
        register=stored.register,
        held_value=stored.value,
        stated_value=_stated(stored, stated, words, day),
        day=day,
        raised_by=citizen.user,
        note=words,
    )


def _stated(stored: StoredValue, text: str, note: str, day: date) -> str:
    """Return the stated value as forms write it; "" where the person only says that it is wrong."""
    if not text.strip() and note and stored.kind is not ValueKind.MAYBE_DATE:
        return ""
    value = read_value(stored=stored, text=text, day=day)
    if value == stored.value:
        raise RefusedError(_("This is what the register holds already."))
    return value
