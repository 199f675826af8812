"""Write down that a dossier is open, so that the scan stays silent and nobody files twice."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from citizens.models import Party
from portal.common.errors import RefusedError
from procedures.models import OpenMatter, Procedure


def open_matter(
    *, procedure: Procedure, party: Party, anchor: int, reference: str, day: date
) -> OpenMatter:
    """Return the new matter; RefusedError when one of this procedure, party and anchor is open.

    `anchor` is the suggestion's (a credential, an event), or 0; `reference` the dossier's code.
    """
    try:
        with transaction.atomic():
            return OpenMatter.objects.create(
                procedure=procedure,
                party=party,
                anchor=anchor,
                reference=reference,
                opened_on=day,
            )
    except IntegrityError as error:
        if "matter_once_while_open" not in str(error):
            raise
        raise RefusedError(_("A dossier of this procedure is already open.")) from error
