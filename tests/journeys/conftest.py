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

from citizens.enums import EventRole, Gender, LifeEventKind, RelationKind
from citizens.models import Agency, Citizen, Credential, EventParty, Unit, User
from notifications.dispatch import Dispatcher
from notifications.transports.registry import open_transports
from portal.common import clock
from procedures.services.scan import scan_day
from tests.factories.citizens import (
    CitizenFactory,
    ContactPointFactory,
    CredentialFactory,
    GrantFactory,
    HouseholdFactory,
    HouseholdMemberFactory,
    LifeEventFactory,
    OfficialFactory,
    RegisterFactory,
    RegisterRecordFactory,
    RelationFactory,
    UserFactory,
)

PHONE = "+84505550101"
FATHERS_PHONE, MOTHERS_PHONE = "+84505550202", "+84505550303"
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


@dataclass
class Home:
    """Two parents, who live together and whose hospital told of a birth three days ago."""

    mother: Citizen
    father: Citizen


@pytest.fixture
def home(world: World) -> Home:
    """Tell of a birth; the registers know the parents, nobody knows the child."""
    ward = world.lan.unit
    grown = date(world.today.year - 31, 5, 5)
    mother = CitizenFactory(unit=ward, birth_date=grown)
    father = CitizenFactory(unit=ward, birth_date=grown, gender=Gender.MALE)
    for parent, phone in ((mother, MOTHERS_PHONE), (father, FATHERS_PHONE)):
        ContactPointFactory(party=parent.party, value=phone, verified_at=clock.now())
    born = world.today - timedelta(days=3)
    birth = LifeEventFactory(
        kind=LifeEventKind.BIRTH_NOTIFIED,
        occurred_on=born,
        unit=ward,
    )
    notice = {"code": "CS-0001", "birth_date": born.isoformat(), "gender": "Nữ"}
    RegisterRecordFactory(
        subject=mother.party,
        register__code="HEALTH",
        kind="birth_notice",
        body=notice | {"facility": "Bệnh viện Phụ sản"},
    )
    _name(birth.pk, mother, EventRole.MOTHER)
    _name(birth.pk, father, EventRole.FATHER)
    own = HouseholdFactory(head=father, unit=ward)
    HouseholdMemberFactory(household=own, citizen=mother, relation_to_head="Vợ")
    return Home(mother, father)


def _name(event: int, person: Citizen, role: EventRole) -> None:
    EventParty.objects.create(event_id=event, party=person.party, role=role)


@pytest.fixture
def widow(world: World) -> Citizen:
    """Tell of the death of a husband, five days ago; his wife heads the home now."""
    ward = world.lan.unit
    died = world.today - timedelta(days=5)
    wife = CitizenFactory(unit=ward, birth_date=date(1950, 5, 5))
    husband = CitizenFactory(
        unit=ward, birth_date=date(1948, 1, 2), gender=Gender.MALE, died_on=died
    )
    RegisterFactory(code="CIVIL")
    ContactPointFactory(party=wife.party, value="+84505550404", verified_at=clock.now())
    RelationFactory(person=wife, relative=husband, kind=RelationKind.SPOUSE)
    RelationFactory(person=husband, relative=wife, kind=RelationKind.SPOUSE)
    home = HouseholdFactory(head=wife, unit=ward)
    HouseholdMemberFactory(household=home, citizen=husband, relation_to_head="Chồng")
    event = LifeEventFactory(kind=LifeEventKind.DEATH_NOTIFIED, occurred_on=died, unit=ward)
    EventParty.objects.create(event=event, party=husband.party, role=EventRole.SUBJECT)
    body = {"code": "BT-0001", "time": f"{died}T03:10", "place": "Bệnh viện Đà Nẵng"}
    RegisterRecordFactory(
        subject=husband.party, register__code="HEALTH", kind="death_notice", body=body
    )
    made: Citizen = wife
    return made


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
