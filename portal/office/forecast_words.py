"""The forecast in sentences and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.office.forecast_view import View
from portal.office.templatetags.office import grouped
from portal.reporting.enums import Basis
from portal.reporting.forecast.capacity import Busy
from portal.reporting.selectors.outlook import Week

_MOST_NAMED = 3
_SUNDAY = timedelta(days=6)
BASES = {
    Basis.KNOWN: gettext_lazy("known due dates, as if everybody filed"),
    Basis.MODEL: gettext_lazy("the model"),
    Basis.LAST_YEAR: gettext_lazy("the same week of last year"),
    Basis.LAST_WEEKS: gettext_lazy("the mean of the last 8 weeks"),
}


def sentences(view: View) -> list[str]:
    """Return what the page says first: the peak, whether it can be done, and what it rests on."""
    said = [_peak(view)]
    if view.is_work and view.office is not None:
        said.append(_capacity(view))
    said.append(_rests_on(view))
    return [sentence for sentence in said if sentence]


def week_word(week: Week) -> str:
    """Return `tuần 12 (22/03–28/03/2027)`."""
    number = week.week.isocalendar().week
    dates = f"{week.week:%d/%m}–{week.week + _SUNDAY:%d/%m/%Y}"
    return _("week %(number)d (%(dates)s)") % {"number": number, "dates": dates}


def _peak(view: View) -> str:
    peak = view.seen.peak
    if peak is None:
        return _("Nothing is known to be due here in the coming year.")
    given = {"week": week_word(peak), "count": grouped(round(peak.load))}
    if peak.expected is None:
        return _("Peak: %(week)s, %(count)s due.") % given
    given |= {"low": grouped(peak.low), "high": grouped(peak.high)}
    return _("Peak: %(week)s, about %(count)s expected (from %(low)s to %(high)s).") % given


def _capacity(view: View) -> str:
    office = view.office
    if office is None or not office.officers:
        return _("No case officer is entered for this unit, so nothing can be said of capacity.")
    given = {"officers": office.officers, "a_year": grouped(office.a_year)}
    has = (
        ngettext(
            "%(officers)d case officer at %(a_year)s dossiers a year",
            "%(officers)d case officers at %(a_year)s dossiers a year each",
            office.officers,
        )
        % given
    )
    if not view.busy:
        return _("%(has)s: no week is over capacity.") % {"has": has}
    first = sorted(view.busy, key=lambda run: -run.excess)[:_MOST_NAMED]
    named = "; ".join(_run(run) for run in sorted(first, key=lambda run: run.first))
    return _("%(has)s: over capacity %(runs)s.") % {"has": has, "runs": named}


def _run(run: Busy) -> str:
    return _("from %(first)s to %(last)s by %(excess)s") % {
        "first": f"{run.first:%d/%m}",
        "last": f"{run.last + _SUNDAY:%d/%m/%Y}",
        "excess": grouped(ceil(run.excess)),
    }


def _rests_on(view: View) -> str:
    """Return what the expected numbers rest on, or why there are none."""
    if view.used.is_off:
        return _("The forecast model is switched off: only known due dates are shown.")
    if not view.seen.bases:
        return _("Too little has been counted yet to expect anything beyond the known dates.")
    words = "; ".join(str(BASES[basis]) for basis in Basis if basis in view.seen.bases)
    return _("Expected numbers rest on: %(bases)s.") % {"bases": words}


def csv_rows(view: View) -> Iterator[tuple[object, ...]]:
    """Yield the headings and one row a week, the past ones first."""
    yield tuple(str(heading) for heading in _HEADINGS)
    unit = view.unit.name_vi if view.unit else ""
    capacities = dict(zip([week.week for week in view.seen.ahead], view.capacities, strict=False))
    for week in (*view.seen.past, *view.seen.ahead):
        iso = week.week.isocalendar()
        numbers = (week.happened, week.due, _rounded(week.expected), week.low, week.high)
        yield (
            unit,
            view.chosen.word,
            f"{iso.year}-W{iso.week:02d}",
            f"{week.week:%d/%m/%Y}",
            *("" if number is None else number for number in numbers),
            _rounded(capacities.get(week.week)) or "",
        )


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 1)


_HEADINGS = (
    gettext_lazy("unit"),
    gettext_lazy("kind"),
    gettext_lazy("ISO week"),
    gettext_lazy("begins on"),
    gettext_lazy("happened"),
    gettext_lazy("due"),
    gettext_lazy("expected"),
    gettext_lazy("interval from"),
    gettext_lazy("interval to"),
    gettext_lazy("capacity"),
)
