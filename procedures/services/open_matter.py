"""Write down that a dossier is open, so that the scan stays silent and nobody files twice."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from citizens.enums import FactKind
from citizens.models import FactChange, Party
from portal.common.errors import RefusedError
from procedures.models import OpenMatter, Procedure


def open_matter(
    *, procedure: Procedure, party: Party, anchor: int, reference: str, day: date
) -> OpenMatter:
    """Return the new matter; RefusedError when one of this procedure, party and anchor is open.

    It is news for the rules that offer the procedure or ask for such a dossier.
    `anchor` is the suggestion's (a credential, an event), or 0; `reference` the dossier's code.
    """
    try:
        with transaction.atomic():
            matter = OpenMatter.objects.create(
                procedure=procedure,
                party=party,
                anchor=anchor,
                reference=reference,
                opened_on=day,
            )
            note_matter(matter)
    except IntegrityError as error:
        if "matter_once_while_open" not in str(error):
            raise
        raise RefusedError(_("A dossier of this procedure is already open.")) from error
    return matter


def note_matter(matter: OpenMatter) -> None:
    """Put into the mailbox that something about a dossier changed, in the caller's transaction."""
    FactChange.objects.create(kind=FactKind.MATTER, object_id=matter.pk, subject_id=matter.party_id)
