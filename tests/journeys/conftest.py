"""What the journeys share: the real catalogue, one citizen with a licence, one official."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client
from playwright.sync_api import Page

from citizens.models import Agency, Citizen, Credential, Unit, User
from notifications.dispatch import Dispatcher
from notifications.transports.registry import open_transports
from portal.common import clock
from procedures.services.scan import scan_day
from tests.factories.citizens import (
    CitizenFactory,
    ContactPointFactory,
    CredentialFactory,
    GrantFactory,
    OfficialFactory,
    RegisterRecordFactory,
    UserFactory,
)

PHONE = "+84505550101"
_BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass
class World:
    """A city with its catalogue, Mrs Lan whose licence runs out in sixty days, and an officer."""

    today: date
    lan: Citizen
    user: User
    licence: Credential
    officer: User

    def scan(self, day: date | None = None) -> None:
        """Do the night's work: scan, then let the messages out."""
        scan_day(on_date=day or self.today)
        deliver()


def deliver() -> None:
    """Let out whatever is due."""
    # The browser's driver keeps an event loop in this thread; the dispatcher brings its own.
    with ThreadPoolExecutor(1) as aside:
        aside.submit(_dispatch).result()


def _dispatch() -> None:
    try:
        Dispatcher(open_transports()).run(until_empty=True)
    finally:
        connections.close_all()


@pytest.fixture
def world(transactional_db: None) -> World:
    """Load the shipped catalogue with its units and offices, and two people."""
    call_command("load_catalogue", verbosity=0)
    today = clock.today()
    ward = Unit.objects.get(code="20242", valid__contains=today)
    lan = CitizenFactory(birth_date=date(today.year - 70, 3, 14), unit=ward)
    ContactPointFactory(party=lan.party, value=PHONE, verified_at=clock.now())
    licence = CredentialFactory(holder=lan, expires_on=today + timedelta(days=60), unit=ward)
    RegisterRecordFactory(
        subject=lan.party,
        body={"number": "SK-0001", "date": (today - timedelta(days=30)).isoformat()},
    )
    police = Agency.objects.get(kind="cong_an_tinh_csgt", valid__contains=today)
    officer = OfficialFactory(agency=police)
    GrantFactory(official=officer, unit=police.unit)
    user = UserFactory(citizen=lan, username="lan")
    return World(today=today, lan=lan, user=user, licence=licence, officer=officer.user)


@pytest.fixture
def signed_in() -> Callable[[Page, User], Page]:
    """Return a function that signs a page in without the form."""

    def sign_in(page: Page, user: User) -> Page:
        client = Client()
        client.force_login(user, backend=_BACKEND)
        session = client.cookies["sessionid"].value
        page.context.add_cookies(
            [
                {"name": "sessionid", "value": session, "domain": host, "path": "/"}
                for host in ("localhost", "127.0.0.1")
            ]
        )
        return page

    return sign_in
