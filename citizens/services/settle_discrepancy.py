"""An official decides a case: the value is put right, with a trace, or stands as it is."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from citizens.enums import DiscrepancyState, FactKind, FactTable
from citizens.models import Citizen, Correction, Discrepancy, FactChange, User
from citizens.selectors import is_self_or_family, may_settle
from citizens.selectors.stored_values import (
    Origin,
    Row,
    StoredValue,
    ValueKind,
    database_text,
    fact_row,
    value_in,
)
from citizens.services.case_values import read_value, write_value
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError

LONGEST_REASON = 300
# Of these the register alone can say what is right; lists and groups have no single value.
NOT_WRITTEN_HERE = (ValueKind.IDENTIFIER, ValueKind.WHOLE)
_TOLD_AS = {FactTable.CITIZEN: FactKind.CITIZEN, FactTable.CREDENTIAL: FactKind.CREDENTIAL}


@transaction.atomic
def settle_discrepancy(
    *,
    case: Discrepancy,
    user: User,
    version: int,
    right_value: str | None,
    reason: str,
    now: datetime,
) -> Discrepancy:
    """Decide an open case and return it: `right_value` is written, None leaves what is held.

    `version` is the one that the page showed; StaleVersionError when somebody changed the case
    since. RefusedError when the official has no role over the owner's unit, is the person or their
    family, gives no reason for leaving it, or when the value is none that can stand there. The
    person reads the reason. A correction wins over what the register goes on delivering until it
    delivers the same; a later case may replace it, nothing is deleted. The fact, the trace, the
    news for the scan and for the person are one transaction.
    """
    row = locked_case(case=case, user=user, version=version, now=now)
    row.decision = read_reason(reason, is_needed=right_value is None)
    if right_value is None:
        row.state = DiscrepancyState.UPHELD
    else:
        _correct(row, right_value, user, now)
        row.state = DiscrepancyState.CORRECTED
    row.decided_by, row.decided_at = user, now
    row.version += 1
    row.save()
    FactChange.objects.create(
        kind=FactKind.DISCREPANCY, object_id=row.pk, subject_id=row.subject_id
    )
    return row


def locked_case(*, case: Discrepancy, user: User, version: int, now: datetime) -> Discrepancy:
    """Return the case locked, checked that it is as the official saw it and theirs to decide."""
    rows = Discrepancy.objects.select_for_update(of=("self",))
    row = rows.select_related("owner__unit__parent__parent", "subject").get(pk=case.pk)
    if row.version != version or row.state != DiscrepancyState.OPEN:
        raise StaleVersionError(_("This case was changed meanwhile. Please look at it again."))
    day = clock.civil_date(now)
    if is_self_or_family(user=user, party=row.subject, day=day):
        raise RefusedError(_("Nobody decides for themselves or their family."))
    if not may_settle(case=row, user=user, day=day):
        raise RefusedError(_("This case belongs to another office."))
    return row


def read_reason(reason: str, *, is_needed: bool) -> str:
    """Return a reason on one line; RefusedError where it is needed and missing, or too long."""
    plain = " ".join(reason.split())
    if is_needed and not plain:
        raise RefusedError(_("Please give the reason; the citizen will read it."))
    if len(plain) > LONGEST_REASON:
        raise RefusedError(_("This is longer than %(n)d characters.") % {"n": LONGEST_REASON})
    return plain


def _correct(case: Discrepancy, right_value: str, user: User, now: datetime) -> None:
    """Write the right value where the case's stands, and the trace of it."""
    day = clock.civil_date(now)
    origin = Origin(FactTable(case.table), case.object_id, case.column)
    fact = fact_row(origin=origin, locked=True)
    stored = None if fact is None else value_in(row=fact, origin=origin)
    if fact is None or stored is None:
        raise RefusedError(_("The register no longer holds this value."))
    if stored.kind in NOT_WRITTEN_HERE:
        raise RefusedError(_("This can be put right in the register itself only."))
    value = read_value(stored=stored, text=right_value, day=day)
    if value == stored.value:
        raise RefusedError(_("This is what is held already. To leave it, say why."))
    for column, old, new in _write(fact, case.column, value):
        _trace(case, stored, (column, old, new), user, now)
    FactChange.objects.create(
        kind=_TOLD_AS.get(origin.table, FactKind.RECORD),
        object_id=fact.pk,
        subject_id=stored.subject_id,
    )


def _write(fact: Row, column: str, value: str) -> list[tuple[str, str, str]]:
    """Save what follows from the value; return (column, old, new), as the database writes them.

    RefusedError in the words of the rule that the value breaks.
    """
    traced = (column, "birth_precision") if column == "birth_date" else (column,)
    old = [database_text(row=fact, column=name) for name in traced]
    changed = write_value(row=fact, column=column, value=value)
    others = {field.name for field in fact._meta.fields} - set(changed)
    empty = {name for name in changed if getattr(fact, name) in ("", None)}
    try:
        fact.clean_fields(exclude=others | empty)
        fact.validate_constraints()
    except ValidationError as error:
        raise RefusedError(*error.messages) from error
    if isinstance(fact, Citizen):
        fact.version += 1
        changed = [*changed, "version"]
    fact.save(update_fields=changed)
    new = [database_text(row=fact, column=name) for name in traced]
    return [found for found in zip(traced, old, new, strict=True) if found[1] != found[2]]


def _trace(
    case: Discrepancy, stored: StoredValue, moved: tuple[str, str, str], user: User, now: datetime
) -> None:
    """Write the correction. One that stands is replaced: the register still says what it did then.

    Where the register says the right value already, nothing stands against it any more.
    """
    column, old, new = moved
    same = Correction.objects.select_for_update().filter(
        table=case.table, object_id=case.object_id, column=column
    )
    before = same.filter(settled_at__isnull=True).first()
    delivered = old if before is None else before.replaced
    if before is not None:
        before.settled_at = now
        before.save(update_fields=["settled_at"])
    is_delivered = new == delivered
    Correction.objects.create(
        subject_id=stored.subject_id,
        register=stored.register,
        discrepancy=case,
        table=case.table,
        object_id=case.object_id,
        column=column,
        value=new,
        replaced=old if is_delivered else delivered,
        as_of=clock.civil_date(now),
        decided_by=user,
        settled_at=now if is_delivered else None,
    )
