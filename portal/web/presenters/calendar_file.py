"""The family's calendar as a file for calendar programs (RFC 5545).

A file leaves the house: programs copy it to servers of others and show it on lock screens. So it
says less than the page. Nobody but the reader is named (initials, for minors and adults alike;
organisations are public), no number, plate, code, address or office stands in it, nothing of a
death, and nothing that says that a household is poor (domain.md 7: sensitive data never in
messages, poverty never in lists). The whole of it stands on the page, after signing in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from citizens.enums import PartyKind
from citizens.models import Party
from citizens.selectors import name_of
from citizens.selectors.sensitive import SENSITIVE_PAPERS
from dossiers.models import Dossier
from portal.common.clock import CIVIL_ZONE
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
from procedures.answers import ComingDate, tells_sensitive
from procedures.definition import RuleDefinition
from procedures.enums import Addressee, SubjectKind
from procedures.models import Suggestion
from procedures.selectors.sensitive import sensitive_versions

_EIGHT = timedelta(hours=8)
_WEEK, _DAY = timedelta(days=7), timedelta(days=1)


@dataclass(frozen=True)
class _Line:
    """One event: what it is of (for its lasting name), its first and last day, and its words."""

    key: str
    first: date
    last: date
    summary: str
    notes: str = ""


def calendar_file(family: Family, dossiers: Iterable[Dossier]) -> bytes:
    """Return the calendar, all-day events with alarms a week and a day before at eight o'clock.

    The same day gives the same bytes. Names of events last: a program that reads again moves an
    event whose date was corrected instead of adding one.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", f"-//{settings.SITE_NAME}//{_('Coming up in the family')}//VI")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("Coming up in the family"))
    calendar.add("x-wr-timezone", CIVIL_ZONE.key)
    calendar.add("refresh-interval", _DAY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "P1D")
    for line in (*_dates(family), *_appointments(family, dossiers)):
        calendar.add_component(_event(line, family))
    written: bytes = calendar.to_ical()
    return written


def is_private(definition: RuleDefinition, day: date) -> bool:
    """Return whether a rule says by itself that somebody died, is ill or poor."""
    is_household = definition.subject == SubjectKind.HOUSEHOLD
    of_death = definition.address == Addressee.FAMILY
    return is_household or of_death or tells_sensitive(definition, day=day)


def initials(party: Party) -> str:
    """Return the initials of a person (N. G. B.), the name of an organisation."""
    if party.kind == PartyKind.ORGANISATION:
        return name_of(party)
    return " ".join(f"{part[:1].upper()}." for part in name_of(party).split())


def _dates(family: Family) -> Iterator[_Line]:
    for group in alike(family):
        one = group[0]
        if not _may_leave(one, family.day):
            continue
        paper = counted(family, group) if len(group) > 1 else _paper(family, one)
        notes = " ".join(what_to_do(one, family.day))
        first = one.begins_on or one.due_on
        yield _Line(
            _name(one, "day"), first, one.due_on, label(family, one, paper, initials), notes
        )
        latest = window_of(one).latest_on
        if latest is not None and latest < one.due_on:
            name = family.name(one, initials)
            what = f"{paper} ({name})" if name else paper
            words = _("Last day to file: %(what)s") % {"what": what}
            yield _Line(_name(one, "file"), latest, latest, words)


def _may_leave(one: ComingDate, day: date) -> bool:
    if one.definition is None:
        return one.paper is not None and one.paper.kind not in SENSITIVE_PAPERS
    return not is_of_death(one) and not is_private(one.definition, day)


def _paper(family: Family, one: ComingDate) -> str:
    """Return the name of a paper without its vehicle's plate; a licence's class says little."""
    has_plate = one.paper is not None and "plate" in one.paper.details
    return family.kind_of_paper(one) if has_plate else family.paper(one)


def _name(one: ComingDate, part: str) -> str:
    return ":".join((part, *map(str, one.key)))


def _appointments(family: Family, dossiers: Iterable[Dossier]) -> Iterator[_Line]:
    filed = list(dossiers)
    asked = {one.bundle_case_id: one.suggestion for one in filed if one.suggestion is not None}
    kept = {version.rule.procedure_id for version in sensitive_versions(day=family.day)}
    for dossier in filed:
        promised, procedure = dossier.appointment_on, dossier.procedure_version.procedure_id
        suggestion = dossier.suggestion or asked.get(dossier.bundle_case_id)
        if promised is None or is_finished(dossier) or procedure in kept:
            continue
        if _dossier_may_leave(dossier, suggestion, family.day):
            title = _("Result: %(procedure)s") % {"procedure": title_of(dossier)}
            yield _Line(f"dossier:{dossier.pk}", promised, promised, title)


def _dossier_may_leave(dossier: Dossier, suggestion: Suggestion | None, day: date) -> bool:
    """Return whether neither the dossier nor what it was filed together for is private."""
    if suggestion is None:
        return dossier.owner.kind != PartyKind.HOUSEHOLD and dossier.bundle_case_id is None
    return not is_private(RuleDefinition.from_json(suggestion.rule_version.definition), day)


def _event(line: _Line, family: Family) -> Event:
    page = f"{settings.PUBLIC_URL}{reverse('web:calendar')}"
    event = Event()
    event.add("uid", _uid(line.key, family))
    event.add("dtstamp", datetime.combine(family.day, time(), CIVIL_ZONE).astimezone(UTC))
    event.add("dtstart", line.first)
    event.add("dtend", line.last + _DAY)
    event.add("summary", line.summary)
    event.add("description", "\n".join(filter(None, [line.notes, page])))
    event.add("url", page)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    for before in (_WEEK, _DAY):
        event.add_component(_alarm(line.summary, before))
    return event


def _alarm(words: str, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", _EIGHT - before)
    alarm.add("description", words)
    return alarm


def _uid(key: str, family: Family) -> str:
    """Return a name that lasts and tells nothing: not the key of a row, not the same for two."""
    secret = salted_hmac("portal.family-calendar", f"{family.reader.pk}:{key}", algorithm="sha256")
    return f"{secret.hexdigest()[:32]}@{_host()}"


def _host() -> str:
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"
