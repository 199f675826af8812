"""A case goes to the office that can settle it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from citizens.models import Agency, Discrepancy, User
from citizens.selectors import possible_owners
from citizens.services.settle_discrepancy import locked_case, read_reason
from portal.common import clock
from portal.common.errors import RefusedError


@transaction.atomic
def hand_over_discrepancy(
    *, case: Discrepancy, user: User, version: int, to: Agency, reason: str, now: datetime
) -> Discrepancy:
    """Make `to` the owner of an open case and return it; its due date stays.

    The reason is kept, sealed, with what the person wrote. StaleVersionError and RefusedError as
    when it is decided; also refused for an office that answers for no register where the subject
    is.
    """
    row = locked_case(case=case, user=user, version=version, now=now)
    why = read_reason(reason, is_needed=True)
    day = clock.civil_date(now)
    if not possible_owners(case=row, day=day).filter(pk=to.pk).exists():
        raise RefusedError(_("That office does not settle cases of this person."))
    line = _line(row.owner, to, why, f"{day:%d/%m/%Y}")
    row.note_enc = row.seal_note("\n".join(filter(None, (row.note, line))))
    row.owner = to
    row.version += 1
    row.save(update_fields=["note_enc", "owner", "version"])
    return row


def _line(old: Agency, new: Agency, why: str, day: str) -> str:
    """Return the hand-over in a sentence for officials."""
    with translation.override("vi"):
        sentence = _("%(day)s, %(old)s to %(new)s: %(why)s")
        return sentence % {"day": day, "old": old.name_vi, "new": new.name_vi, "why": why}
