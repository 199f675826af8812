"""The way along a queue: from a dossier to the next of what the official asked the queue for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from dossiers.models import Dossier
from portal.office.clock_colours import Day
from portal.office.queue import in_turn, wished
from portal.office.queue_wish import AT, URGENT_ON, WAY, Wish
from portal.office.standing import standing_of

# A dossier and the day under which it stands in the order.
Place = tuple[UUID, date | None]
_LONGEST = 2000


@dataclass(frozen=True)
class Way:
    """The queue that a dossier was opened from; the dossiers around it are read together."""

    wish: Wish
    before: QuerySet[Dossier, Place]
    after: QuerySet[Dossier, Place]

    @property
    def parts(self) -> Sequence[QuerySet[Dossier, Place]]:
        """What `ask_together` may read with other things."""
        return self.before, self.after

    @property
    def previous(self) -> str:
        """The address of the dossier before this one, "" without one."""
        return self._address_in(self.before)

    @property
    def next(self) -> str:
        """The address of the dossier behind this one, "" without one."""
        return self._address_in(self.after)

    def _address_in(self, found: QuerySet[Dossier, Place]) -> str:
        for public_id, day in found:
            return f"{_address(public_id)}?{self.wish.way_at(day)}"
        return ""


def way_from(request: HttpRequest, dossier: Dossier, day: Day) -> Way | None:
    """Return the way along the queue that the address carries; None without one.

    No query yet, but for the words of a search.

    A dossier keeps the place that it had when it was opened, also when a step takes it elsewhere.
    """
    wish = _carried(request)
    if wish is None:
        return None
    listed = wished(request, standing_of(request), wish, day).annotate(urgent_on=URGENT_ON)
    others = listed.exclude(pk=dossier.pk)
    place = _place(request, dossier)
    before, behind = _ended_around(dossier) if wish.is_ended else _around(dossier, place)
    return Way(
        wish,
        before=_first(in_turn(others.filter(before), wish).reverse()),
        after=_first(in_turn(others.filter(behind), wish)),
    )


def way_along(request: HttpRequest) -> str:
    """Return "?queue=…" for the next address, if this one carries a queue; "" otherwise.

    It is put together anew of what a queue can be asked for, whatever was given.
    """
    wish = _carried(request)
    return f"?{wish.way_at(_place(request))}" if wish else ""


def to_dossier(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Lead back to the dossier after a press, on the same way along the queue."""
    return HttpResponseRedirect(_address(public_id) + way_along(request))


def _address(public_id: UUID) -> str:
    return reverse("admin:office_dossier", args=[public_id])


def _carried(request: HttpRequest) -> Wish | None:
    given = request.GET.get(WAY, "")
    if not given or len(given) > _LONGEST:
        return None
    return Wish.of(QueryDict(given), standing_of(request))


def _place(request: HttpRequest, dossier: Dossier | None = None) -> date | None:
    """Return the day under which the dossier stood in the list, its own without a word."""
    try:
        return date.fromisoformat(request.GET[AT]) if request.GET[AT] else None
    except (KeyError, ValueError):
        return (dossier.due_on or dossier.expected_on) if dossier else None


def _around(dossier: Dossier, day: date | None) -> tuple[Q, Q]:
    """Return what stands before a dossier in the order of the queue, and what behind it."""
    earlier, later = _filed("lt", dossier), _filed("gt", dossier)
    undated = Q(urgent_on__isnull=True)
    if day is None:
        return ~undated | earlier, undated & later
    same = Q(urgent_on=day)
    return Q(urgent_on__lt=day) | same & earlier, Q(urgent_on__gt=day) | undated | same & later


def _first(found: QuerySet[Dossier]) -> QuerySet[Dossier, Place]:
    return found.values_list("public_id", URGENT_ON)[:1]


def _ended_around(dossier: Dossier) -> tuple[Q, Q]:
    """Return the same of a list of finished dossiers, the newest first."""
    at, younger, older = dossier.finished_at, Q(pk__gt=dossier.pk), Q(pk__lt=dossier.pk)
    endless = Q(finished_at__isnull=True)
    if at is None:
        return ~endless | younger, endless & older
    same = Q(finished_at=at)
    return Q(finished_at__gt=at) | same & younger, Q(finished_at__lt=at) | endless | same & older


def _filed(side: str, dossier: Dossier) -> Q:
    """Return what was filed before (lt) or after (gt) a dossier."""
    at = dossier.submitted_at
    return Q((f"submitted_at__{side}", at)) | Q(("submitted_at", at), (f"pk__{side}", dossier.pk))
