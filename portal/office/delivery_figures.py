"""Figures of messages by unit, channel or topic, each with what it is of; and as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from citizens.models import Unit
from notifications.enums import Channel
from notifications.models import Topic
from portal.common import clock
from portal.office.delivery_words import CHANNEL_WORDS, channel_name
from portal.office.roles import Desk
from portal.office.standing import Standing, standing_of
from portal.office.table_files import table_file
from portal.reporting.selectors.deliveries import (
    Arrivals,
    Asked,
    By,
    Figures,
    arrivals,
    message_figures,
    total_of,
)
from portal.reporting.selectors.histories import PLACES

Door = Callable[[Callable[..., Any]], Callable[..., HttpResponseBase]]
BY_WORDS: Mapping[By, Any] = {
    By.UNIT: gettext_lazy("Commune, ward"),
    By.CHANNEL: gettext_lazy("Channel"),
    By.TOPIC: gettext_lazy("Topic"),
}
PERIODS: Mapping[str, Any] = {
    "week": gettext_lazy("Last 7 days"),
    "month": gettext_lazy("Last 30 days"),
    "quarter": gettext_lazy("Last 90 days"),
    "this": gettext_lazy("This month"),
    "previous": gettext_lazy("Last month"),
}
_DAYS = {"week": 7, "month": 30, "quarter": 90}


def urls(guarded: Door) -> list[URLPattern]:
    """Return the pages of this desk, each behind the door that `guarded` puts in front."""
    return [
        path("delivery/figures/", guarded(show_figures), name="office_delivery_figures"),
        path("delivery/figures/file/", guarded(figures_file), name="office_delivery_figures_file"),
    ]


@dataclass(frozen=True)
class Wish:
    """What was asked for; anything unknown falls back to the usual. `last` is still counted."""

    by: By
    period: str
    first: date
    last: date
    unit: Unit | None
    topic: str
    channel: str

    @classmethod
    def of(cls, request: HttpRequest, units: list[Unit], day: date) -> Wish:
        """Read the query string; a unit out of reach is not one of the choices."""
        asked = request.GET
        period = asked.get("period", "")
        period = period if period in PERIODS else "month"
        first, last = _bounds(period, day)
        by = asked.get("by", "")
        channel = asked.get("channel", "")
        return cls(
            by=By(by) if by in set(By) else By.UNIT,
            period=period,
            first=first,
            last=last,
            unit=next((one for one in units if one.code == asked.get("unit")), None),
            topic=asked.get("topic", "")[:40],
            channel=channel if channel in set(Channel) else "",
        )


@dataclass(frozen=True)
class Row:
    """One group on the page; shares are per cent, None where there is nothing to divide by."""

    name: str
    figures: Figures
    arrivals: Arrivals | None

    @property
    def delivered_share(self) -> float | None:
        """Of the sent, those whose arrival is confirmed."""
        return _share(self.figures.delivered, self.figures.sent)

    @property
    def opened_share(self) -> float | None:
        """Of the sent, those that were opened."""
        return _share(self.figures.opened, self.figures.sent)

    @property
    def missed_share(self) -> float | None:
        """Of the matters, those that reached nobody."""
        return _share(self.arrivals.missed, self.arrivals.matters) if self.arrivals else None


@require_safe
def show_figures(request: HttpRequest) -> HttpResponse:
    """Show the figures of a period, split one way."""
    standing, units = _may_see(request)
    wish = Wish.of(request, units, standing.day)
    rows = _rows(standing, units, wish)
    total = _total(rows)
    context = {
        "title": _("Figures of messages"),
        "wish": wish,
        "rows": rows,
        "total": total,
        # Where no gateway tells of arrival, none is not nought per cent.
        "is_confirmed": total is not None and total.figures.delivered > 0,
        "units": units,
        "topics": Topic.objects.order_by("name_vi"),
        "channels": CHANNEL_WORDS.items(),
        "periods": PERIODS.items(),
        "ways": BY_WORDS.items(),
        "heading": BY_WORDS[wish.by],
        "is_fullwidth": "1",
    }
    shown = admin.site.each_context(request) | context
    return render(request, "office/delivery_figures.html", shown)


@require_safe
def figures_file(request: HttpRequest) -> HttpResponse:
    """Hand out unit × channel × topic of the period as a file, each share with its two numbers."""
    standing, units = _may_see(request)
    wish = Wish.of(request, units, standing.day)
    found = message_figures(_asked(standing, units, wish), by=(By.UNIT, By.CHANNEL, By.TOPIC))
    names = _names(By.UNIT), _names(By.CHANNEL), _names(By.TOPIC)
    rows = [tuple(str(head) for head in _HEADINGS), *(_cells(one, names, wish) for one in found)]
    return table_file(request, "so-lieu-tin-nhan", rows)


def _may_see(request: HttpRequest) -> tuple[Standing, list[Unit]]:
    standing = standing_of(request)
    if not standing.sees(Desk.DELIVERY_FIGURES):
        raise PermissionDenied
    here: Any = standing.units_of(Desk.DELIVERY_FIGURES)
    mine = here.filter(valid__contains=standing.day, kind__in=PLACES)
    return standing, list(mine.order_by("name_vi"))


def _asked(standing: Standing, units: list[Unit], wish: Wish) -> Asked:
    reach = (
        None
        if standing.everywhere
        else list(standing.units_of(Desk.DELIVERY_FIGURES).values_list("pk", flat=True))
    )
    return Asked(
        since=_midnight(wish.first),
        until=_midnight(wish.last + timedelta(days=1)),
        units=[wish.unit.pk] if wish.unit else reach,
        topic=wish.topic,
        channel=wish.channel,
    )


def _rows(standing: Standing, units: list[Unit], wish: Wish) -> list[Row]:
    asked = _asked(standing, units, wish)
    found = message_figures(asked, by=(wish.by,))
    told = arrivals(asked, now=clock.now()) if wish.by is By.UNIT else {}
    names = _names(wish.by)
    return [
        Row(names.get(one.key[0], "–"), one, told.get(one.key[0]) if told else None)
        for one in found
    ]


def _total(rows: list[Row]) -> Row | None:
    if not rows:
        return None
    told = [row.arrivals for row in rows if row.arrivals]
    summed = (
        Arrivals(None, sum(one.matters for one in told), sum(one.missed for one in told))
        if told
        else None
    )
    return Row(_("All"), total_of([row.figures for row in rows]), summed)


def _names(by: By) -> dict[Any, str]:
    """Return how the groups are called."""
    name = "name_en" if get_language() == "en" else "name_vi"
    if by is By.UNIT:
        return {unit.pk: getattr(unit, name) or unit.name_vi for unit in Unit.objects.all()}
    if by is By.TOPIC:
        return {topic.pk: getattr(topic, name) for topic in Topic.objects.all()}
    return {"": _("not chosen yet")} | {channel.value: channel_name(channel) for channel in Channel}


def _bounds(period: str, day: date) -> tuple[date, date]:
    """Return the first and the last civil date of a period."""
    if period in _DAYS:
        return day - timedelta(days=_DAYS[period] - 1), day
    first = day.replace(day=1)
    if period == "this":
        return first, day
    last = first - timedelta(days=1)
    return last.replace(day=1), last


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.CIVIL_ZONE)


def _share(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


_HEADINGS = (
    gettext_lazy("from"),
    gettext_lazy("until"),
    gettext_lazy("unit"),
    gettext_lazy("channel"),
    gettext_lazy("topic"),
    gettext_lazy("messages written"),
    gettext_lazy("sent"),
    gettext_lazy("arrival confirmed (of the sent)"),
    gettext_lazy("opened (of the sent)"),
    gettext_lazy("not opened (of the sent)"),
    gettext_lazy("failed (of the written)"),
    gettext_lazy("unknown (of the written)"),
    gettext_lazy("not sent (of the written)"),
    gettext_lazy("waiting (of the written)"),
    gettext_lazy("SMS parts"),
    gettext_lazy("cost (VND)"),
)


def _cells(one: Figures, names: tuple[dict[Any, str], ...], wish: Wish) -> tuple[object, ...]:
    keys = (name.get(key, "–") for name, key in zip(names, one.key, strict=True))
    return (
        f"{wish.first:%d/%m/%Y}", f"{wish.last:%d/%m/%Y}", *keys, one.written, one.sent,
        one.delivered, one.opened, one.unread, one.failed, one.unknown, one.kept_back,
        one.waiting, one.parts, one.cost_vnd,
    )  # fmt: skip
