"""Mrs Lan's family: a licence that waits, a child near fourteen, a passport, a birth, a firm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from icalendar import Calendar

from citizens.models import Citizen, Credential
from tests.factories.citizens import AuthorityFactory, CitizenFactory, CredentialFactory
from tests.factories.procedures import ProcedureVersionFactory, version_of
from tests.web.scene import TODAY, Scene

PAGE, FILE, ADDRESS = "/my/calendar/", "/my/calendar/lich-gia-dinh.ics", "/my/calendar/address/"
BIRTHDAY = date(2027, 10, 10)


@dataclass
class Home:
    """A child of Mrs Lan's with a passport that runs out and a birthday that counts."""

    child: Citizen
    passport: Credential


def home(scene: Scene, **authority: object) -> Home:
    """Give Mrs Lan a child of thirteen, and the rules that speak of it."""
    rule("identity_card_first_issue_14")
    rule("passport_issue")
    child = CitizenFactory(full_name="Nguyễn Gia Bảo", birth_date=date(2013, 10, 10))
    AuthorityFactory(actor=scene.lan, for_party=child.party, **authority)
    return Home(child, passport(child, TODAY + timedelta(days=200)))


def rule(key: str) -> None:
    """Bring a rule of the catalogue and what it offers into force."""
    version_of(key)
    ProcedureVersionFactory(procedure__key=key)


def passport(holder: Citizen, expires_on: date) -> Credential:
    """Make a passport."""
    made: Credential = CredentialFactory(
        holder=holder, kind="passport", register__code="XNC", category="", expires_on=expires_on
    )
    return made


def read(body: bytes) -> list[Any]:
    """Return the events of a file, parsed back, the earliest first."""
    events: list[Any] = Calendar.from_ical(body).walk("VEVENT")
    return sorted(events, key=lambda event: event.start)


def shown(scene: Scene, page: str = PAGE) -> list[tuple[date, str]]:
    """Return the days and titles of the page."""
    months = scene.client.get(page).context["months"]
    return [(entry.day, entry.title) for month in months for entry in month.entries]
