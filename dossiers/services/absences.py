"""Somebody is away and a colleague stands in; or is back sooner."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.translation import gettext as _

from citizens.models import Official
from dossiers.models import Absence
from dossiers.selectors import holds_office
from portal.common import clock
from portal.common.errors import RefusedError, StaleVersionError


@transaction.atomic
def enter_absence(
    *,
    official: Official,
    cover: Official,
    first: date,
    last: date,
    reason: str,
    by: Official,
    now: datetime,
) -> Absence:
    """Write down and return that somebody is away from `first` to `last`, both included.

    Entered by the official or a head of the agency. RefusedError when somebody else enters it, the
    cover is of another agency or away in these days too, or the days are past, turned round, or
    taken by another absence.
    """
    pair = Official.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    list(pair.filter(pk__in=(official.pk, cover.pk)))
    day, away = clock.civil_date(now), DateRange(first, last + timedelta(days=1))
    _refuse_strangers(official, by, day)
    if official == cover:
        raise RefusedError(_("Nobody covers for themselves."))
    if cover.agency_id != official.agency_id:
        raise RefusedError(_("Whoever stands in has to be of the same agency."))
    if last < first or last < day:
        raise RefusedError(_("The last day is past already, or before the first."))
    running = Absence.objects.filter(away__overlap=away, ended_at__isnull=True)
    taken = running.filter(Q(official=official) | Q(official=cover) | Q(cover=official))
    if taken.exists():
        raise RefusedError(_("One of the two is away, or stands in for somebody, in these days."))
    return Absence.objects.create(
        official=official, cover=cover, away=away, reason=" ".join(reason.split())[:120]
    )


@transaction.atomic
def finish_absence(*, absence: Absence, by: Official, version: int, now: datetime) -> Absence:
    """Note that somebody is back sooner: from now on nobody stands in."""
    row = Absence.objects.select_for_update(of=("self",)).get(pk=absence.pk)
    if row.version != version:
        raise StaleVersionError(_("This absence was changed meanwhile. Please look again."))
    _refuse_strangers(row.official, by, clock.civil_date(now))
    if row.ended_at is not None:
        raise RefusedError(_("This absence ended already."))
    row.ended_at, row.version = now, row.version + 1
    row.save(update_fields=["ended_at", "version"])
    return row


def _refuse_strangers(official: Official, by: Official, day: date) -> None:
    is_head = by.agency_id == official.agency_id and holds_office(official=by, day=day)
    if by != official and not is_head:
        raise RefusedError(_("An absence is entered by the official or a head of the agency."))
