"""What tells whether papers can be made: the seal, and those that wait or cannot be made."""

from __future__ import annotations

from datetime import timedelta

from dossiers.documents.signing import SealUnusableError, current_seal
from dossiers.selectors.issued_forms import oldest_waiting_form_at, parked_orders
from portal.common import clock

_SOON = timedelta(days=30)
_LONGEST = timedelta(minutes=10)


def seal_of_papers() -> tuple[bool, str]:
    """Look whether the seal opens, and whether its certificate holds for another month."""
    now = clock.now()
    try:
        seal = current_seal()
    except SealUnusableError as error:
        return False, str(error)
    if complaint := seal.complaint(now):
        return False, complaint
    ends = seal.certificate.not_valid_after
    trial = "trial's, of no legal worth; " if seal.is_trial else ""
    return ends - now > _SOON, f"{trial}valid until {ends:%d/%m/%Y}"


def papers_to_make() -> tuple[bool, str]:
    """Look how long the oldest paper waits, and whether some cannot be made."""
    now = clock.now()
    parked, since = parked_orders().count(), oldest_waiting_form_at(now)
    waiting = now - since if since else timedelta()
    seen = f"the oldest waits {int(waiting.total_seconds() // 60)} min" if since else "none waits"
    seen += f", {parked} cannot be made" if parked else ""
    return not parked and waiting <= _LONGEST, seen
