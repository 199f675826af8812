"""Write down how an open dossier ended."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import Party
from portal.common.errors import RefusedError
from procedures.enums import MatterOutcome
from procedures.models import OpenMatter, Procedure
from procedures.services.open_matter import note_matter


@transaction.atomic
def close_matter(
    *, procedure: Procedure, party: Party, anchor: int, outcome: MatterOutcome, day: date
) -> OpenMatter:
    """Close the open matter and return it; RefusedError when none is open.

    It is news for the rules that offer the procedure or ask for such a dossier.
    """
    matter = (
        OpenMatter.objects.select_for_update(of=("self",))
        .filter(procedure=procedure, party=party, anchor=anchor, closed_on__isnull=True)
        .first()
    )
    if matter is None:
        raise RefusedError(_("No dossier of this procedure is open."))
    matter.closed_on, matter.outcome = day, outcome
    matter.save(update_fields=["closed_on", "outcome"])
    note_matter(matter)
    return matter
