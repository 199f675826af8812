"""Write a simplification down, or withdraw one that was written by mistake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from citizens.models import User
from dossiers.enums import Status
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError
from portal.reporting.simplifying.enums import Change
from portal.reporting.simplifying.models import LONGEST, MEASURED, NAMED, Simplification
from procedures.enums import VersionStatus
from procedures.models import Procedure, ProcedureVersion

# The processing is the work itself: no step to leave out.
STEPS = {
    one.name.lower(): one
    for one in (
        Status.REGISTERED,
        Status.RECEIVED,
        Status.SUPPLEMENT_REQUESTED,
        Status.PAYMENT_REQUESTED,
    )
}
_LAST_YEARS = 10  # a day further away is a slip of the key
_MOST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Wish:
    """A simplification as somebody typed it."""

    change: str
    subject: str
    amount: int | None
    effective_on: date | None
    source: str


def papers_of(*, procedure: Procedure) -> Mapping[str, str]:
    """Return code and name of every paper that a released version of a procedure asked for."""
    rows = ProcedureVersion.objects.filter(procedure=procedure, status=VersionStatus.RELEASED)
    found: dict[str, str] = {}
    for definition in rows.order_by("number").values_list("definition", flat=True):
        for one in definition.get("components", ()):
            found[one["code"]] = one["name_vi"]
    return found


def record_simplification(
    *, procedure: Procedure, wish: Wish, user: User, now: datetime
) -> Simplification:
    """Write it down; RefusedError for what says nothing. Whoever calls asks for the role."""
    change = wish.change
    subject = wish.subject if change in NAMED else ""
    amount = wish.amount if change in MEASURED else None
    problems = [*_problems(procedure, wish, clock.civil_date(now))]
    if problems or wish.effective_on is None:
        raise RefusedError(*problems)
    return Simplification.objects.create(
        procedure=procedure,
        change=change,
        subject=subject,
        amount=amount,
        effective_on=wish.effective_on,
        source=wish.source.strip(),
        written_by=user,
        at=now,
    )


@transaction.atomic
def withdraw_simplification(
    *, simplification: Simplification, because: str, user: User, now: datetime
) -> None:
    """Withdraw it: it stays in the house and is published no more."""
    row = Simplification.objects.select_for_update().get(pk=simplification.pk)
    if row.withdrawn_at is not None:
        raise StaleVersionError(_("A colleague changed this meanwhile. Please look again."))
    if not because.strip() or len(because.strip()) > LONGEST:
        raise RefusedError(_("Please say why it is withdrawn."))
    row.withdrawn_by, row.withdrawn_at, row.withdrawn_because = user, now, because.strip()
    row.save()


def _problems(procedure: Procedure, wish: Wish, today: date) -> list[str]:
    found = []
    if wish.change not in tuple(Change):
        found.append(_("Please choose what is simpler."))
    if wish.change == Change.PAPER and wish.subject not in papers_of(procedure=procedure):
        found.append(_("Please choose a paper of this procedure."))
    if wish.change == Change.STEP and wish.subject not in STEPS:
        found.append(_("Please choose a step."))
    if wish.change in MEASURED and (wish.amount is None or not 0 <= wish.amount <= _MOST):
        found.append(_("Please say how many days, or how high a fee, there are from then on."))
    if wish.effective_on is None or abs(wish.effective_on.year - today.year) > _LAST_YEARS:
        found.append(_("Please name a day."))
    if not wish.source.strip() or len(wish.source.strip()) > LONGEST:
        found.append(_("Please name the text that says so."))
    return found
