"""What else a counter's day brings: a fee, a scan, another office's dossier, one closed at once.

Each kind once, in a real browser; presses and seconds of each are printed (`-s`).
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from datetime import date

import pytest
from PIL import Image
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from citizens.enums import Role
from citizens.models import Agency, Citizen, User
from dossiers.enums import PaymentState, Status
from dossiers.models import Dossier, DossierPaper, Payment, Result
from tests.browser_fixtures import OpenPage
from tests.factories.citizens import (
    CitizenFactory,
    ContactPointFactory,
    GrantFactory,
    HouseholdFactory,
    OfficialFactory,
)
from tests.journeys.conftest import World
from tests.journeys.test_demo_day import POOR, Hand, filed_from_home, serve

pytestmark = pytest.mark.slow

# A visit takes nine presses at most (test_demo_day), and each kind some besides.
MOST = {"fee": 9 + 4, "scan": 9 + 3, "elsewhere": 5, "closed": 9 + 9}
FEE = 50_000


@pytest.fixture
def clerk(world: World, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> User:
    """Somebody who receives and decides in Mrs Lan's ward."""
    settings.MEDIA_ROOT = str(tmp_path_factory.mktemp("media"))
    agency = Agency.objects.get(kind="ubnd_xa", unit=world.lan.unit, valid__contains=world.today)
    official = OfficialFactory(agency=agency)
    for role in (Role.RECEPTIONIST, Role.CASE_OFFICER):
        GrantFactory(official=official, role=role, unit=world.lan.unit)
    user: User = official.user
    return user


def test_each_kind_of_visit_takes_few_presses(
    world: World,
    clerk: User,
    live_server: LiveServer,
    open_page: OpenPage,
    signed_in: Callable[[Page, User], Page],
) -> None:
    page = signed_in(open_page(), clerk)
    took = {}
    for kind, visit in (
        ("fee", _with_a_fee),
        ("scan", _with_a_scan),
        ("elsewhere", _of_another_office),
        ("closed", _closed_at_once),
    ):
        person = _somebody(world, elsewhere=kind == "elsewhere")
        hand = Hand(page, live_server.url)
        with hand.at_work():
            visit(hand, person)
        took[kind] = hand.presses
        sys.stdout.write(f"{kind}: {hand.presses} presses, {hand.seconds[0]:.1f} s\n")

    assert {kind: count for kind, count in took.items() if count > MOST[kind]} == {}


def _somebody(world: World, *, elsewhere: bool) -> Citizen:
    unit = world.lan.unit
    if elsewhere:
        others = Agency.objects.filter(kind="ubnd_xa", valid__contains=world.today)
        unit = others.exclude(unit=unit).order_by("pk")[0].unit
    person: Citizen = CitizenFactory(unit=unit, birth_date=date(1946, 3, 14))
    ContactPointFactory(party=person.party)
    HouseholdFactory(head=person, unit=unit)
    return person


def _received(hand: Hand, person: Citizen) -> Dossier:
    """Take a dossier in, and open it from the page that says so."""
    hand.open("office_counter")
    serve(hand, person, *POOR, goes_on=False)
    return Dossier.objects.get(applicant=person)


def _open(hand: Hand) -> None:
    hand.click(hand.page.get_by_role("link", name="Mở hồ sơ"))
    hand.wait_for(hand.page.locator("#next"))


def _with_a_fee(hand: Hand, person: Citizen) -> None:
    dossier = _received(hand, person)
    # None of the ward's procedures of this day has a fee: one is laid on this dossier.
    Dossier.objects.filter(pk=dossier.pk).update(fee_vnd=FEE)
    _open(hand)
    paid = hand.page.get_by_role("button", name="Đã thu tại quầy")
    ask = hand.page.locator("form[action*='/fee/'] button").first
    if not paid.count() and not ask.count():
        hand.do_what_is_next()  # the work begun
    if not paid.count():
        with hand.page.expect_navigation():
            hand.click(ask)
    with hand.page.expect_navigation():
        hand.click(paid)

    payment = Payment.objects.get(dossier=dossier)
    assert (payment.state, payment.amount_vnd) == (PaymentState.PAID, FEE)


def _with_a_scan(hand: Hand, person: Citizen) -> None:
    dossier = _received(hand, person)
    # The register does not hold it here: what the person brought on paper is scanned.
    DossierPaper.objects.filter(dossier=dossier).update(satisfied_by="")
    _open(hand)
    form = hand.page.locator(".papers__scan").first
    picture = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(picture, "JPEG")
    form.locator("[type=file]").set_input_files(
        {"name": "giay.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    )
    hand.presses += 1
    with hand.page.expect_navigation():
        hand.click(form.locator("button"))

    assert DossierPaper.objects.filter(dossier=dossier, digitised_by__isnull=False).exists()


def _of_another_office(hand: Hand, person: Citizen) -> None:
    dossier = filed_from_home(person, POOR[0])
    page = hand.page
    hand.open("office_anywhere")
    hand.fill(page.locator("[name=code]"), dossier.code)
    hand.fill(page.locator("[name=number]"), person.pin or "")
    page.keyboard.press("Enter")  # the scanner's own
    receive = page.locator("button[name=press]").first
    hand.wait_for(receive)
    with page.expect_navigation():
        hand.click(receive)

    dossier.refresh_from_db()
    assert dossier.status == Status.RECEIVED
    assert dossier.received_at != dossier.competent


def _closed_at_once(hand: Hand, person: Citizen) -> None:
    dossier = _received(hand, person)
    _open(hand)
    for press in ("start_processing", "approve", "return_result"):
        if hand.page.locator(f"[data-main][value={press}]").count():
            hand.do_what_is_next()

    dossier.refresh_from_db()
    assert dossier.status == Status.RETURNED
    assert Result.objects.filter(dossier=dossier).exists()
