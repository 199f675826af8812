"""Words for the forecast's page: weeks, decimals, series and what a number rests on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.office import forecast_view, forecast_words
from portal.office.templatetags.office import grouped
from portal.reporting.enums import Basis
from portal.reporting.forecast.capacity import A_YEAR

register = template.Library()


@register.filter
def week_dates(monday: date) -> str:
    """Return `Tuần 12 · 22/03–28/03/2027`."""
    dates = f"{monday:%d/%m}–{monday + timedelta(days=6):%d/%m/%Y}"
    return _("Week %(number)d · %(dates)s") % {"number": monday.isocalendar().week, "dates": dates}


@register.filter
def month_of(monday: date) -> str:
    """Return `3/2027`."""
    return f"{monday.month}/{monday.year}"


@register.filter
def tenths(number: float | None, places: int = 1) -> str:
    """Return a number with its decimals as people here write it; a dash for none."""
    if number is None:
        return "–"
    text = f"{number:,.{places}f}"
    if get_language() == "en":
        return text
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")


@register.filter
def hundred(share: float | None) -> str:
    """Return a share as whole per cent; a dash for none."""
    return "–" if share is None else f"{share:.0%}".replace("%", " %")


@register.filter
def series_word(series: Any) -> str:
    """Return the name of a series in the language of the page."""
    return forecast_view.series_word(series)


@register.simple_tag
def a_year(zone: str) -> str:
    """Return how many dossiers an officer of a zone decides in a year, as people write it."""
    return grouped(A_YEAR[zone])


@register.filter
def basis_word(basis: str) -> str:
    """Return what an expected number rests on."""
    return str(forecast_words.BASES[Basis(basis)])
