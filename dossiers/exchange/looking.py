"""Reads for the exchange desk: how each partner stands, what went, what came, what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from dossiers.enums import (
    ClockEventKind,
    DifferenceKind,
    DifferenceState,
    ExchangeKind,
    ExchangeState,
)
from dossiers.exchange import payloads
from dossiers.exchange.reconciling import asked_since, is_running, last_asked
from dossiers.models import (
    ClockEvent,
    Difference,
    Dossier,
    ExchangeAct,
    ExchangeInbox,
    ExchangeLink,
    ExchangeRow,
    Reconciliation,
)
from dossiers.models.dossiers import STATUSES
from dossiers.models.exchange import ON_THE_WAY, SETTLED
from dossiers.partners.address import partners
from dossiers.partners.mapping import MappingError, PartnerMapping, mapping_of
from dossiers.selectors import standing_clock_of
from dossiers.selectors.codes import by_code
from portal.common import clock
from portal.common.masking import HIDDEN

_MASKED = HIDDEN * 5
_MOST_MEANT = 1000  # dossiers, the newest of those that a part of a code may mean
_ENDS_A_WAIT = frozenset(
    {
        ClockEventKind.RESUME,
        ClockEventKind.PAUSE,
        ClockEventKind.STOP,
        ClockEventKind.FINISH,
    }
)
# What of a payload names somebody, in the partner's names.
_OF_PEOPLE = frozenset({"ChuHoSo"})


@dataclass(frozen=True)
class PartnerStanding:
    """How the exchange with one partner stands; `oldest` is the row that waits longest."""

    partner: str
    is_served: bool
    waiting: int
    parked: int
    unknown: int
    oldest: datetime | None
    clocks_waiting: int
    last_success: datetime | None
    last_run: Reconciliation | None
    last_good: Reconciliation | None
    open_differences: int
    asked_at: datetime | None

    @property
    def is_comparing(self) -> bool:
        """Whether a comparison runs, or will at the next bell."""
        runs = self.last_run is not None and is_running(self.last_run, clock.now())
        return runs or self.asked_at is not None


@dataclass(frozen=True)
class Wait:
    """A time in which a dossier's clock waited for the partner; without an end it still does."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class ClockWaits:
    """The waits for one partner, and the working days that the clock waited for systems in all."""

    waits: list[Wait]
    days: int


def known_partners() -> list[str]:
    """Return those with which dossiers are, or were once, exchanged."""
    compared = Reconciliation.objects.order_by("partner").values_list("partner", flat=True)
    return sorted({*partners(), *compared.distinct()})


def is_comparing(partner: str) -> bool:
    """Return whether a comparison runs, or will at the next bell."""
    runs = Reconciliation.objects.filter(partner=partner).order_by("-began_at")
    last, asked_at = runs.first(), last_asked(partner)
    if last is None:
        return asked_at is not None
    return is_running(last, clock.now()) or (asked_at is not None and asked_at > last.began_at)


def partner_named(partner: str, *, english: bool = False) -> str:
    """Return what people call a partner; its key where no mapping can be read."""
    try:
        mapping = mapping_of(partner)
    except MappingError:
        return partner
    return mapping.name_en if english else mapping.name_vi


def partner_standing(partner: str) -> PartnerStanding:
    """Return how the exchange with a partner stands."""
    open_rows = ExchangeRow.objects.filter(partner=partner).exclude(state__in=SETTLED)
    counted = open_rows.aggregate(
        waiting=Count("pk", filter=Q(state=ExchangeState.WAITING)),
        parked=Count("pk", filter=Q(state=ExchangeState.PARKED)),
        unknown=Count("pk", filter=Q(state=ExchangeState.UNKNOWN)),
        oldest=Min("noted_at", filter=Q(state__in=ON_THE_WAY)),
    )
    answered = ExchangeRow.objects.filter(partner=partner, answered_at__isnull=False)
    answered = answered.exclude(acknowledgement="")  # what a person settled is no word of theirs
    runs = Reconciliation.objects.filter(partner=partner).order_by("-began_at")
    return PartnerStanding(
        partner=partner,
        is_served=partner in partners(),
        clocks_waiting=ExchangeLink.objects.filter(partner=partner, waits=True).count(),
        last_success=answered.order_by("-answered_at")
        .values_list("answered_at", flat=True)
        .first(),
        last_run=runs.first(),
        last_good=runs.filter(fault="", ended_at__isnull=False).first(),
        open_differences=differences(partner, is_open=True).count(),
        asked_at=asked_since(partner),
        **counted,
    )


def outbox(partner: str, *, state: str = "", code: str = "") -> QuerySet[ExchangeRow]:
    """Return what a partner is told, newest first: of a state, of dossiers by a code."""
    rows = ExchangeRow.objects.filter(partner=partner).select_related("dossier", "event")
    rows = rows.filter(state=state) if state else rows
    return _of_dossier(rows, code).order_by("-pk")


def inbox(partner: str, *, verdict: str = "", code: str = "") -> QuerySet[ExchangeInbox]:
    """Return what a partner said, newest first: with an outcome, of dossiers by a code."""
    rows = ExchangeInbox.objects.filter(partner=partner).select_related("dossier")
    rows = rows.filter(verdict=verdict) if verdict else rows
    return _of_dossier(rows, code).order_by("-pk")


def differences(partner: str, *, is_open: bool) -> QuerySet[Difference]:
    """Return what differs, or what once did, newest first, each with what was done with it."""
    rows = Difference.objects.filter(partner=partner).select_related(
        "dossier", "decided_by", "reconciliation"
    )
    chosen = Q(state=DifferenceState.OPEN)
    return rows.filter(chosen if is_open else ~chosen).prefetch_related("acts").order_by("-pk")


def sides_of(difference: Difference) -> tuple[str, str]:
    """Return what each side holds, a status in our words beside the partner's code."""
    sides = difference.here, difference.there
    if difference.kind != DifferenceKind.STATUS:
        return sides
    day = clock.civil_date(difference.recorded_at)
    here, there = (status_named(difference.partner, code, day) for code in sides)
    return here, there


def status_named(partner: str, code: str, day: date) -> str:
    """Return a partner's code of a status with our word for it; alone where there is none."""
    try:
        status = mapping_of(partner).status_here(code, day)
    except MappingError:
        return code
    return code if status is None else f"{dict(STATUSES)[status]} ({code})"


def acts_of(partner: str) -> QuerySet[ExchangeAct]:
    """Return what officials did by hand, newest first."""
    acts = ExchangeAct.objects.filter(partner=partner)
    return acts.select_related("by", "row__dossier", "difference__dossier").order_by("-at", "-pk")


def clock_waits(*, dossier: Dossier, partner: str, day: date) -> ClockWaits:
    """Return how long the dossier's clock waited for the partner, from its own ledger."""
    entries = ClockEvent.objects.filter(dossier=dossier).order_by("pk")
    name, since = partner_named(partner), None
    waits: list[Wait] = []
    for entry in entries:
        if since is not None and entry.kind in _ENDS_A_WAIT:
            waits.append(Wait(since, entry.happened_at))
            since = None
        if entry.kind == ClockEventKind.SYNC_WAIT and entry.reason == name:
            since = entry.happened_at
    if since is not None:
        waits.append(Wait(since, None))
    return ClockWaits(waits, standing_clock_of(dossier=dossier, day=day).spent.system)


def told_of(row: ExchangeRow) -> list[tuple[str, str]]:
    """Return what a row tells, by the partner's names, as it would be told now, people masked.

    Nothing that was told is kept. MappingError where it could not be told.
    """
    return list(_flat(_document(row, mapping_of(row.partner))))


def _document(row: ExchangeRow, mapping: PartnerMapping) -> Mapping[str, Any]:
    dossier = row.dossier
    if dossier is None:
        return {"MaHoSo": row.their_code}
    link = ExchangeLink.objects.get(partner=row.partner, dossier=dossier)
    event = row.event
    if row.kind == ExchangeKind.DATES:
        return {"MaHoSo": link.their_code, **payloads.dates_of(dossier)}
    if row.kind == ExchangeKind.DOSSIER:
        status = event.status_after if event else dossier.status
        return payloads.whole(dossier=dossier, link=link, mapping=mapping, status=status)
    at, now_there = row.noted_at, dossier.status
    steps: Mapping[str, Any] = {}
    if event is not None:
        at, now_there = event.happened_at, event.status_after
        steps = payloads.progress(dossier=dossier, event=event, link=link, mapping=mapping)
    told = payloads.status(dossier=dossier, status_now=now_there, at=at, link=link, mapping=mapping)
    return {**steps, **told}


def _flat(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in document.items():
        if name in _OF_PEOPLE:
            yield name, _MASKED
        elif isinstance(value, list):
            yield name, " · ".join(str(one.get("MaThanhPhan", "")) for one in value) or "–"
        else:
            yield name, str(value) if value else "–"


def _of_dossier(rows: QuerySet[Any], code: str) -> QuerySet[Any]:
    if not code:
        return rows
    meant = Dossier.objects.filter(by_code(code)).order_by("-pk").values_list("pk", flat=True)
    return rows.filter(dossier__in=list(meant[:_MOST_MEANT]))
