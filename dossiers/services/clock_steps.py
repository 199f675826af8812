"""Steps that move only the clock: when they may be taken, and the apology that goes with one."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from dossiers import sla
from dossiers.models import Dossier, DossierEvent
from dossiers.selectors import clock_of
from dossiers.services.tell import tell_applicant
from portal.common import clock
from portal.common.errors import RefusedError

# Ours, unverified: the sources name no longest extension.
LONGEST_EXTENSION = 30


def check_extension(*, dossier: Dossier, days: int | None, now: datetime) -> None:
    """RefusedError unless the date may be extended now by so many working days.

    Once only, at the latest on the day before the due date, while the clock runs.
    """
    if days is None or not 1 <= days <= LONGEST_EXTENSION:
        asked = _("Please say by how many working days: from 1 to %(most)d.")
        raise RefusedError(asked % {"most": LONGEST_EXTENSION})
    fault = sla.extension_fault(clock_of(dossier=dossier), clock.civil_date(now))
    if fault is not None:
        raise RefusedError(_fault_in_words(fault))


def check_wait(*, dossier: Dossier) -> None:
    """RefusedError unless the clock runs: only then can it begin to wait for another system."""
    if clock_of(dossier=dossier).state is not sla.ClockState.RUNNING:
        raise RefusedError(_("The clock does not run now, so it cannot begin to wait."))


def check_answer(*, dossier: Dossier) -> None:
    """RefusedError unless the clock waits for another system."""
    if clock_of(dossier=dossier).state is not sla.ClockState.WAITING:
        raise RefusedError(_("This dossier does not wait for another system."))


def apologise(dossier: Dossier, event: DossierEvent, now: datetime) -> None:
    """Tell the applicant, with an apology, the reason and the new date."""
    due_on = None if dossier.due_on is None else dossier.due_on.isoformat()
    tell_applicant(
        dossier=dossier,
        event=event,
        topic="date_extended",
        now=now,
        due_on=due_on,
        reason=event.note,
    )


def _fault_in_words(fault: sla.ExtensionFault) -> str:
    return {
        sla.ExtensionFault.NOT_RUNNING: _("The clock does not run now: nothing can be extended."),
        sla.ExtensionFault.TWICE: _(
            "The date was extended once already. It cannot be extended again: what is late stays "
            "late; please decide as soon as possible."
        ),
        sla.ExtensionFault.TOO_LATE: _(
            "An extension with an apology is possible at the latest on the day before the due "
            "date. It is too late for that."
        ),
    }[fault]
