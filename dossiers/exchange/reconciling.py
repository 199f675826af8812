"""Each night our books beside a partner's: what stands otherwise, and what would mend it.

A dossier of which something is still to be told is under way: it is counted, not compared, unless
the partner refused something of it. What is told again goes through the outbox like all else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from citizens.models import User
from dossiers.enums import (
    DifferenceKind,
    DifferenceState,
    ExchangeActKind,
    ExchangeKind,
    ExchangeState,
    Repair,
)
from dossiers.exchange.http import ExchangeError
from dossiers.exchange.payloads import dates_of
from dossiers.exchange.portal import NationalPortal
from dossiers.exchange.sending import Lines, line_to
from dossiers.exchange.unnamed import names_of, without_people
from dossiers.models import (
    Difference,
    Dossier,
    ExchangeAct,
    ExchangeLink,
    ExchangeRow,
    Reconciliation,
)
from dossiers.models.exchange import ON_THE_WAY
from dossiers.partners.address import partners
from dossiers.partners.mapping import MappingError, Owner, PartnerMapping, mapping_of
from dossiers.services.note_for_partners import note
from portal.common import clock
from portal.common.errors import RefusedError

FIRST_HOUR = 1  # of a civil day, from which its comparison is made
WINDOW = timedelta(days=400)  # of filing, looked back over
AGAIN = timedelta(minutes=30)  # after a comparison that could not be made
LONGEST = timedelta(minutes=30)  # of a comparison; an older one was left by a dead process
_REFUSED = (ExchangeState.PARKED, ExchangeState.UNKNOWN)
There = Mapping[str, Any]
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Found:
    """One difference as it was found; `dossier` is None of what only the partner knows."""

    kind: DifferenceKind
    repair: Repair
    dossier: Dossier | None = None
    their_code: str = ""
    here: str = ""
    there: str = ""

    @property
    def key(self) -> tuple[str, int | None, str]:
        """By what it is the same matter on another night."""
        return str(self.kind), self.dossier.pk if self.dossier else None, self.their_code


def reconcile_nightly(*, now: datetime, lines: Lines = line_to) -> int:
    """Compare with every partner once a civil day; return how many comparisons were made.

    With a partner that did not answer it is tried again after half an hour, not at each bell.
    """
    if clock.civil_time(now).hour < FIRST_HOUR:
        return 0
    begin = clock.civil_time(now).replace(hour=0, minute=0, second=0, microsecond=0)
    made = 0
    for partner in partners():
        _close_left(partner, now)
        today = Reconciliation.objects.filter(partner=partner, began_at__gte=begin)
        if not today.filter(Q(fault="") | Q(began_at__gt=now - AGAIN)).exists():
            made += _made(partner, lines, now)
    return made


def reconcile_asked(*, now: datetime, lines: Lines = line_to) -> int:
    """Compare with each partner for which an official asked since the last comparison began."""
    made = 0
    for partner in partners():
        _close_left(partner, now)
        if asked_since(partner) is not None:
            made += _made(partner, lines, now)
    return made


def is_running(run: Reconciliation, now: datetime) -> bool:
    """Return whether a comparison runs; one that should long have ended has no process any more."""
    return run.ended_at is None and run.began_at >= now - LONGEST


def last_asked(partner: str) -> datetime | None:
    """Return when an official last asked for a comparison."""
    asked = ExchangeAct.objects.filter(partner=partner, kind=ExchangeActKind.RECONCILE)
    return asked.order_by("-at").values_list("at", flat=True).first()


def asked_since(partner: str) -> datetime | None:
    """Return since when a comparison is asked for, None where none is or it has begun."""
    at = last_asked(partner)
    if at is None:
        return None
    begun = Reconciliation.objects.filter(partner=partner, began_at__gte=at)
    return None if begun.exists() else at


def reconcile(*, partner: str, line: NationalPortal, now: datetime) -> Reconciliation:
    """Compare our books with the partner's and keep what differs; a fault is kept as one, ours too.

    RefusedError while another comparison with this partner runs: never two at once.
    """
    run = _begin(partner, now)
    until = clock.civil_date(now)
    try:
        rows = line.dossiers(until - WINDOW, until)
        there: dict[str, There] = {str(row.get("MaHoSo") or ""): row for row in rows}
        mapping = mapping_of(partner)
        with transaction.atomic():
            held = Reconciliation.objects.select_for_update().get(pk=run.pk)
            if held.ended_at is None:  # else it took so long that another one has begun
                _compare(held, there, mapping, now)
    except (ExchangeError, MappingError) as error:
        return _failed(run, str(error))
    except Exception as error:
        name = type(error).__name__
        log.warning("a comparison with a partner failed here", error=name, exc_info=True)
        return _failed(run, f"failed here: {name}")
    return held


def _failed(run: Reconciliation, fault: str) -> Reconciliation:
    """Write why a comparison could not be made, unless the next one has closed it already."""
    ended = {"fault": fault[:300], "ended_at": clock.now()}
    Reconciliation.objects.filter(pk=run.pk, ended_at=None).update(**ended)
    run.refresh_from_db()
    return run


def _close_left(partner: str, now: datetime) -> None:
    """Close what a dead process left open, so that the books are compared again."""
    left = Reconciliation.objects.filter(partner=partner, ended_at=None)
    gone = {"fault": "not ended", "ended_at": now}
    left.filter(began_at__lt=now - LONGEST).update(**gone)


def _begin(partner: str, now: datetime) -> Reconciliation:
    """Write the row that keeps others out; what a dead process left behind is closed before."""
    _close_left(partner, now)
    try:
        with transaction.atomic():
            return Reconciliation.objects.create(partner=partner, began_at=now)
    except IntegrityError:
        raise RefusedError(_("A comparison with this partner is under way.")) from None


def _made(partner: str, lines: Lines, now: datetime) -> int:
    """Return 1 for a comparison that was made, 0 where it failed or another one runs."""
    try:
        return int(not reconcile(partner=partner, line=lines(partner), now=now).fault)
    except RefusedError:
        return 0


def apply_repair(*, difference: Difference, by: User, now: datetime) -> None:
    """Let the proposed repair be made; RefusedError where a person has to look into it."""
    _refuse_decided(difference)
    repairs: Mapping[str, Callable[[Difference, User, datetime], None]] = {
        Repair.TELL_AGAIN: _tell_again,
        Repair.TELL_STATUS: _tell(ExchangeKind.STEP),
        Repair.TELL_DATES: _tell(ExchangeKind.DATES),
        Repair.REMOVE_THERE: _remove,
    }
    repair = repairs.get(difference.repair)
    if repair is None:
        raise RefusedError(_("Nothing mends this by itself: look into it, then set it aside."))
    with transaction.atomic():
        repair(difference, by, now)
        _decide(difference, DifferenceState.APPLIED, by, now)


def dismiss_difference(*, difference: Difference, by: User, now: datetime) -> None:
    """Leave it as it is; it is found again on the next night if it still differs."""
    _refuse_decided(difference)
    _decide(difference, DifferenceState.DISMISSED, by, now)


def _compare(
    run: Reconciliation, there: dict[str, There], mapping: PartnerMapping, now: datetime
) -> None:
    filed_after = clock.civil_date(now) - WINDOW
    links = list(
        ExchangeLink.objects.filter(
            partner=run.partner, dossier__submitted_at__date__gte=filed_after
        )
        .select_related("dossier__procedure_version__procedure")
        .order_by("pk")
    )
    moving = _moving(run.partner, now)
    found = [
        one
        for link in links
        if link.dossier_id not in moving
        for one in _of_link(link, there.get(link.their_code), mapping)
    ]
    found += _strangers(links, there)
    _keep(run, found, moving)
    run.here_count, run.there_count = len(links), len(there)
    run.under_way_count = sum(link.dossier_id in moving for link in links)
    run.difference_count, run.ended_at = len(found), clock.now()
    run.save()


def _moving(partner: str, now: datetime) -> set[int]:
    """Return the dossiers of which something is still to be told, or moved while we read.

    What waits behind something that was refused goes nowhere by itself: that is compared.
    """
    rows = ExchangeRow.objects.filter(partner=partner, dossier__isnull=False)
    open_ones = rows.filter(state__in=ON_THE_WAY).values_list("dossier", flat=True)
    just_told = rows.filter(answered_at__gt=now).values_list("dossier", flat=True)
    stuck = set(rows.filter(state__in=_REFUSED).values_list("dossier", flat=True))
    return {key for key in (*open_ones, *just_told) if key is not None} - stuck


def _of_link(link: ExchangeLink, row: There | None, mapping: PartnerMapping) -> Iterator[Found]:
    dossier, code = link.dossier, link.their_code
    if row is None:
        yield Found(DifferenceKind.ONLY_HERE, Repair.TELL_AGAIN, dossier, code)
        return
    day = clock.civil_date(dossier.submitted_at)
    ours, theirs = mapping.status_there(dossier.status, day), str(row.get("TrangThai", ""))
    if ours != theirs:
        owner = mapping.matter(dossier.procedure_version.procedure.key, day).owner
        repair = Repair.TAKE_THEIRS if owner is Owner.PARTNER else Repair.TELL_STATUS
        known = mapping.status_here(theirs, day) is not None
        shown = theirs if known else without_people(theirs, names_of(dossier))
        yield Found(DifferenceKind.STATUS, repair, dossier, code, ours, shown[:20])
    held = dates_of(dossier)
    other = {name: row.get(name) for name in held if row.get(name) != held[name]}
    if other:
        theirs_told = {name: _day_or_hidden(value, dossier) for name, value in other.items()}
        told = _told({name: held[name] for name in other}), _told(theirs_told)
        yield Found(DifferenceKind.DATE, Repair.TELL_DATES, dossier, code, *told)


def _strangers(links: Iterable[ExchangeLink], there: Mapping[str, There]) -> Iterator[Found]:
    """Find what the partner has and no number of ours names: a second copy, or nothing of ours."""
    known = {link.their_code for link in links}
    ours = {link.dossier.code: link.dossier for link in links}
    for code, row in sorted(there.items()):
        if code in known or not code:
            continue
        dossier = ours.get(str(row.get("MaHoSoDiaPhuong") or ""))
        if dossier is None:
            yield Found(DifferenceKind.ONLY_THERE, Repair.BY_HAND, None, code[:60])
        else:
            yield Found(DifferenceKind.DOUBLE, Repair.REMOVE_THERE, dossier, code[:60])


def _keep(run: Reconciliation, found: Iterable[Found], moving: set[int]) -> None:
    """Write what is new, leave what stands open, and close what is gone by itself."""
    held = Difference.objects.filter(partner=run.partner, state=DifferenceState.OPEN)
    known = {(row.kind, row.dossier_id, row.their_code): row for row in held}
    for one in found:
        row = known.pop(one.key, None) or Difference(
            kind=one.kind,
            dossier=one.dossier,
            their_code=one.their_code,
            partner=run.partner,
        )
        row.reconciliation, row.repair = run, one.repair
        row.here, row.there = one.here, one.there
        row.save()
    for row in known.values():
        if row.dossier_id not in moving:
            row.state = DifferenceState.GONE
            row.save(update_fields=["state"])


def _day_or_hidden(value: object, dossier: Dossier) -> str:
    """Return a day or an instant as it came; anything else without what may be of people."""
    said = "" if value is None else str(value)
    with suppress(ValueError):
        datetime.fromisoformat(said)
        return said
    return without_people(said, names_of(dossier))


def _told(dates: Mapping[str, Any]) -> str:
    return " ".join(f"{name}={value or '–'}" for name, value in dates.items())[:120]


def _tell_again(difference: Difference, by: User, now: datetime) -> None:
    """Tell the whole dossier as it is; the steps before need not be told any more."""
    _drop(difference, by, (*_REFUSED, ExchangeState.WAITING))
    _note(difference, ExchangeKind.DOSSIER, now)


def _tell(kind: ExchangeKind) -> Callable[[Difference, User, datetime], None]:
    """Tell what is so now; what was refused need not be told any more."""

    def tell(difference: Difference, by: User, now: datetime) -> None:
        _drop(difference, by, _REFUSED)
        _note(difference, kind, now)

    return tell


def _drop(difference: Difference, by: User, states: Iterable[ExchangeState]) -> None:
    rows = ExchangeRow.objects.filter(partner=difference.partner, dossier=_dossier(difference))
    rows.filter(state__in=list(states)).update(state=ExchangeState.DROPPED, decided_by=by)


def _note(difference: Difference, kind: ExchangeKind, now: datetime) -> None:
    dossier = _dossier(difference)
    note(partner=difference.partner, dossier=dossier, kind=kind, event=None, now=now)


def _remove(difference: Difference, _by: User, now: datetime) -> None:
    ExchangeRow.objects.create(
        partner=difference.partner,
        kind=ExchangeKind.REMOVAL,
        their_code=difference.their_code,
        due_at=now,
        noted_at=now,
    )


def _dossier(difference: Difference) -> Dossier:
    if difference.dossier is None:
        raise RefusedError(_("This difference is of no dossier of ours."))
    return difference.dossier


def _refuse_decided(difference: Difference) -> None:
    if difference.state != DifferenceState.OPEN:
        raise RefusedError(_("This difference was decided already."))


def _decide(difference: Difference, state: DifferenceState, by: User, now: datetime) -> None:
    difference.state, difference.decided_by, difference.decided_at = state, by, now
    difference.save(update_fields=["state", "decided_by", "decided_at"])
