"""The family's calendar as a page: months with days, each saying what one can do and from when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from citizens.selectors import name_of
from dossiers.models import Dossier
from portal.web.presenters.coming import (
    Family,
    alike,
    counted,
    is_of_death,
    label,
    what_to_do,
    window_of,
)
from portal.web.presenters.dossiers import is_finished, title_of
from portal.web.templatetags.portal_format import vi_date
from procedures.answers import ComingDate
from procedures.enums import SuggestionState, TriggerKind

_NEAR = 30
_ICONS = {
    TriggerKind.CREDENTIAL_EXPIRY: "card",
    TriggerKind.AGE_MILESTONE: "person",
    TriggerKind.LIFE_EVENT: "clock",
}


@dataclass(frozen=True)
class Entry:
    """One line of the calendar; `url` leads to the matter where it is open, else to its reasons."""

    day: date
    title: str
    icon: str
    tone: str
    lines: list[str] = field(default_factory=list)
    url: str = ""
    action: str = ""


@dataclass(frozen=True)
class Month:
    """The entries of one month; `title` is its name, or says that their day has passed."""

    title: str
    entries: list[Entry]


def months_of(family: Family, dossiers: Iterable[Dossier]) -> list[Month]:
    """Return the calendar by month, first what is late; `dossiers` are those of the person."""
    mine = {dossier.suggestion_id: dossier for dossier in dossiers if dossier.suggestion_id}
    entries = [
        *(entry for group in alike(family) for entry in _entries(family, group, mine)),
        *_appointments(family, dossiers),
    ]
    entries.sort(key=lambda entry: (entry.day, entry.title))
    late = [entry for entry in entries if entry.day < family.day]
    coming = [entry for entry in entries if entry.day >= family.day]
    months = [
        Month(_month_name(first), list(group))
        for first, group in groupby(coming, key=lambda entry: entry.day.replace(day=1))
    ]
    return [Month(_("The day has passed"), late), *months] if late else months


def _month_name(first: date) -> str:
    return _("%(month)s %(year)d") % {"month": date_format(first, "F"), "year": first.year}


def _entries(
    family: Family, group: Sequence[ComingDate], mine: dict[int, Dossier]
) -> Iterator[Entry]:
    """Yield the day itself, and before it the last day for filing and a put-off reminder."""
    one, day = group[0], family.day
    title = label(family, one, counted(family, group))
    url, action = _way(group, mine, day)
    lines = what_to_do(one, day)
    if one.begins_on is not None:
        period = {"first": vi_date(one.begins_on), "last": vi_date(one.due_on)}
        lines.insert(0, _("From %(first)s to %(last)s.") % period)
    yield Entry(_shown_on(one, day), title, _icon(one), _tone(one, day), lines, url, action)
    latest = window_of(one).latest_on
    if latest is not None and day <= latest < one.due_on:
        last_day = _("Last day to file: %(what)s") % {"what": _named(family, one, group)}
        yield Entry(latest, last_day, "paper", _tone(one, day), [], url, action)
    reminder = one.suggestion.next_remind_on if one.suggestion is not None else None
    if reminder is not None and one.state == SuggestionState.SNOOZED and reminder > day:
        again = _("The portal reminds you again: %(what)s") % {"what": _named(family, one, group)}
        yield Entry(reminder, again, "clock", "neutral", [], url, action)


def _shown_on(one: ComingDate, day: date) -> date:
    """Return the day under which a date stands: a campaign's first while that is to come."""
    return one.begins_on if one.begins_on is not None and one.begins_on >= day else one.due_on


def _named(family: Family, one: ComingDate, group: Sequence[ComingDate]) -> str:
    name = family.name(one)
    paper = counted(family, group)
    return f"{paper} ({name})" if name else paper


def _way(group: Sequence[ComingDate], mine: dict[int, Dossier], day: date) -> tuple[str, str]:
    """Return where a line leads and what is there, ("", "") where nothing is open."""
    one = group[0]
    suggestion = one.suggestion
    if suggestion is not None and len(group) > 1:
        pile = [suggestion.rule.key, suggestion.subject.public_id]
        return reverse("web:pile", args=pile), _("See the list")
    if suggestion is not None:
        earliest = window_of(one).earliest_on
        is_early = earliest is not None and day < earliest
        words = _("See what is prepared") if is_early else _("Check and confirm")
        return reverse("web:suggestion", args=[suggestion.public_id]), words
    dossier = mine.get(one.told_by or 0)
    if dossier is not None:
        return reverse("web:dossier", args=[dossier.public_id]), _("See the dossier")
    return "", ""


def _icon(one: ComingDate) -> str:
    if one.definition is None:
        return "card"
    return _ICONS.get(one.definition.kind, "calendar")


def _tone(one: ComingDate, day: date) -> str:
    """Return how near it is; a family in mourning is not hurried."""
    if is_of_death(one):
        return "neutral"
    left = (one.due_on - day).days
    return "late" if left < 0 else "soon" if left <= _NEAR else "neutral"


def _appointments(family: Family, dossiers: Iterable[Dossier]) -> Iterator[Entry]:
    """Yield the days on which results of the family's dossiers are promised."""
    for dossier in dossiers:
        if dossier.appointment_on is None or is_finished(dossier):
            continue
        title = _("Result: %(procedure)s") % {"procedure": title_of(dossier)}
        lines = [_("Dossier %(code)s") % {"code": dossier.code}]
        if dossier.owner_id != family.reader.pk:
            lines.insert(0, _("For %(name)s") % {"name": name_of(dossier.owner)})
        url = reverse("web:dossier", args=[dossier.public_id])
        tone = "late" if dossier.appointment_on < family.day else "info"
        yield Entry(dossier.appointment_on, title, "paper", tone, lines, url, _("See the dossier"))
