"""The unit says where the late days went; the latest statement counts, older ones stay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import User
from dossiers.enums import DelayKind
from dossiers.models import DelayCause, Dossier
from dossiers.selectors import STATED_KINDS, may_speak_for, standing_clock_of
from portal.common import clock
from portal.common.errors import RefusedError

LONGEST_NOTE = 500


@transaction.atomic
def state_causes(
    *, dossier: Dossier, user: User, days: Mapping[DelayKind, int], note: str, now: datetime
) -> list[DelayCause]:
    """Write down the causes of a lateness in working days, which add up to the days late today.

    RefusedError for a dossier in time, a sum that is another, a cause that the ledger knows by
    itself, no note, or an official who may not speak for the unit or is family.
    """
    row = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    day = clock.civil_date(now)
    if not may_speak_for(dossier=row, user=user, day=day):
        raise RefusedError(_("Only an official of the unit that decides may say this."))
    late = standing_clock_of(dossier=row, day=day).late.raw
    words = " ".join(note.split())
    _check(days, late, words)
    return DelayCause.objects.bulk_create(
        DelayCause(dossier=row, kind=kind, days=count, note=words, official=user, happened_at=now)
        for kind, count in days.items()
        if count
    )


def _check(days: Mapping[DelayKind, int], late: int, note: str) -> None:
    if not late:
        raise RefusedError(_("This dossier is not late: there is no cause to state."))
    if any(kind not in STATED_KINDS or count < 0 for kind, count in days.items()):
        raise RefusedError(_("Waiting for the citizen is taken from the ledger by itself."))
    total = sum(days.values())
    if total != late:
        told = {"late": late, "total": total}
        raise RefusedError(
            _("The dossier is %(late)d working days late, but the causes add up to %(total)d.")
            % told
        )
    if not note or len(note) > LONGEST_NOTE:
        raise RefusedError(_("Please explain in at most %(most)d characters.") % {"most": 500})
