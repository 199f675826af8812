"""An office holder lets a deputy sign in a field, by a written decision; and takes it back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from citizens.models import Official
from dossiers.models import Delegation
from dossiers.selectors import holds_office
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError


def delegate(
    *,
    holder: Official,
    deputy: Official,
    domain_vi: str,
    first: date,
    last: date,
    ceiling_count: int | None,
    decision_number: str,
    now: datetime,
) -> Delegation:
    """Write down and return a delegation that holds from `first` to `last`, both included.

    It is always the holder's own. An empty field stands for all fields of the agency. RefusedError
    when the holder is no head of the agency today, the deputy is of another agency, the dates are
    past or turned round, the decision has no number, or the ceiling is nought.
    """
    faults = _faults(holder, deputy, first, last, ceiling_count, decision_number, now)
    if faults:
        raise RefusedError(*faults)
    return Delegation.objects.create(
        agency=holder.agency,
        holder=holder,
        deputy=deputy,
        domain_vi=domain_vi,
        valid=DateRange(first, last + timedelta(days=1)),
        ceiling_count=ceiling_count,
        decision_number=" ".join(decision_number.split()),
    )


@transaction.atomic
def revoke_delegation(
    *, delegation: Delegation, by: Official, version: int, now: datetime
) -> Delegation:
    """End a delegation at once; by its holder or another head of the same agency."""
    row = Delegation.objects.select_for_update(of=("self",)).get(pk=delegation.pk)
    if row.version != version:
        raise StaleVersionError(_("This delegation was changed meanwhile. Please look again."))
    day = clock.civil_date(now)
    may = by.pk == row.holder_id or (
        by.agency_id == row.agency_id and holds_office(official=by, day=day)
    )
    if not may:
        raise RefusedError(_("Only a head of this agency revokes a delegation."))
    if row.revoked_at is not None:
        raise RefusedError(_("This delegation was revoked already."))
    row.revoked_at, row.version = now, row.version + 1
    row.save(update_fields=["revoked_at", "version"])
    return row


def _faults(
    holder: Official,
    deputy: Official,
    first: date,
    last: date,
    ceiling_count: int | None,
    decision_number: str,
    now: datetime,
) -> list[str]:
    day = clock.civil_date(now)
    faults = {
        _("Only a head of unit delegates the signature."): not holds_office(
            official=holder, day=day
        ),
        _("Nobody delegates to themselves."): holder == deputy,
        _("The deputy has to be of the same agency."): deputy.agency_id != holder.agency_id,
        _("The last day is before the first."): last < first,
        _("The last day is past already."): last < day,
        _("Please give the number of the decision."): not decision_number.strip(),
        _("At least one decision has to be allowed."): ceiling_count is not None
        and ceiling_count < 1,
    }
    return [sentence for sentence, is_wrong in faults.items() if is_wrong]
