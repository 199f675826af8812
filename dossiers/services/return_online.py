"""The result reached its owner as a file: the system says so, once."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from dossiers.enums import Action, Status
from dossiers.models import Dossier
from dossiers.services.advance import advance
from procedures.enums import FilingChannel


@transaction.atomic
def returned_online(*, dossier: Dossier, now: datetime) -> bool:
    """Note that whom the signed result is for has received it; False when it was handed over.

    Call it when its owner or applicant presses to receive it. Two at once write one step: the
    dossier's row is locked.
    """
    row = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    if row.status != Status.DONE:
        return False
    advance(
        dossier=row,
        action=Action.RETURN_RESULT,
        user=None,
        version=row.version,
        now=now,
        channel=FilingChannel.ONLINE,
    )
    return True
