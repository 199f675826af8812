"""What tells whether papers can be made: the seal, and those that wait or cannot be made."""

from __future__ import annotations

from datetime import timedelta

from dossiers.documents.signing import ENDS_SOON, SealUnusableError, seals_in_use
from dossiers.selectors.issued_forms import oldest_waiting_form_at, parked_orders
from portal.common import clock

_LONGEST = timedelta(minutes=10)


def seal_of_papers() -> tuple[bool, str]:
    """Look whether the seals open, and whether their certificates hold for another month.

    Where each agency has its own, those of all that receive or decide dossiers are looked at.
    """
    now = clock.now()
    try:
        seals = seals_in_use()
    except SealUnusableError as error:
        return False, str(error)
    if not seals:
        return True, "no agency has a dossier yet"
    first = seals[0]
    if complaint := first.complaint(now):
        return False, complaint
    ends = first.certificate.not_valid_after
    trial = "trial's, of no legal worth; " if first.is_trial else ""
    count = f"{len(seals)} seals, the first " if len(seals) > 1 else ""
    return ends - now > ENDS_SOON, f"{trial}{count}valid until {ends:%d/%m/%Y}"


def papers_to_make() -> tuple[bool, str]:
    """Look how long the oldest paper waits, and whether some cannot be made."""
    now = clock.now()
    parked, since = parked_orders().count(), oldest_waiting_form_at(now)
    waiting = now - since if since else timedelta()
    seen = f"the oldest waits {int(waiting.total_seconds() // 60)} min" if since else "none waits"
    seen += f", {parked} cannot be made" if parked else ""
    return not parked and waiting <= _LONGEST, seen
