"""A birth, in a real browser: told to both parents, one confirmation, no second offer after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from citizens.enums import EventRole, Gender, LifeEventKind
from citizens.models import Agency, Citizen, EventParty, User
from dossiers.enums import Status
from dossiers.models import Dossier
from notifications.enums import MessageState
from notifications.models import Message
from portal.common import clock
from procedures.enums import SuggestionState
from procedures.models import Suggestion
from tests.browser_fixtures import OpenPage
from tests.factories.citizens import (
    CitizenFactory,
    ContactPointFactory,
    GrantFactory,
    LifeEventFactory,
    OfficialFactory,
    RegisterRecordFactory,
    UserFactory,
)
from tests.journeys.conftest import World

FATHERS_PHONE, MOTHERS_PHONE = "+84505550202", "+84505550303"
ARRIVED = (MessageState.SENT, MessageState.DELIVERED)
CHILD = {"child_surname": "Lê", "child_given_name": "An"}
STEPS = ("khai sinh", "thường trú", "bảo hiểm y tế", "thẻ căn cước")


@dataclass
class Home:
    """Two parents, whose hospital told of a birth three days ago, and an officer of their ward."""

    mother: Citizen
    father: Citizen
    officer: User


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
    office = Agency.objects.get(kind="ubnd_xa", unit=ward)
    officer = OfficialFactory(agency=office)
    GrantFactory(official=officer, unit=ward)
    return Home(mother, father, officer.user)


def _name(event: int, person: Citizen, role: EventRole) -> None:
    EventParty.objects.create(event_id=event, party=person.party, role=role)


def _answer_the_rest(page: Page) -> None:
    """Answer what nobody knows: the child's name by heart, else the first choice or a word."""
    form = page.locator("form[aria-labelledby=rest]")
    for field in form.locator("fieldset").all():
        if field.locator("input:checked").count() == 0:
            field.locator("input").first.check()
    for choice in form.locator("select").all():
        if not choice.input_value():
            choice.select_option(index=1)
    for line in form.locator("input[type=text], input[type=tel], textarea").all():
        name = line.get_attribute("name") or ""
        if not line.input_value():
            line.fill(CHILD.get(name, "Trạm y tế phường"))


@pytest.mark.slow
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_birth_from_the_notice_to_the_register(
    world: World,
    home: Home,
    live_server: LiveServer,
    open_page: OpenPage,
    signed_in: Callable[[Page, User], Page],
    javascript: bool,
) -> None:
    # Given the night's scan, three days after the birth
    world.scan()

    # Then both parents were told, and one matter waits for the two of them
    heard = Message.objects.filter(topic="birth_bundle", state__in=ARRIVED)
    assert {one.recipient for one in heard} == {home.mother.party, home.father.party}
    matter = Suggestion.objects.get(rule__key="birth")
    assert matter.recipients.count() == 2

    # When the mother opens it
    mother = UserFactory(citizen=home.mother)
    page = signed_in(open_page(width=390, javascript=javascript), mother)
    page.goto(f"{live_server.url}/my/")
    page.get_by_role("link", name="Xem và xác nhận").click()

    # Then she reads that one confirmation is enough, and for what
    covers = page.locator("section[aria-labelledby=steps]")
    expect(covers).to_contain_text("Một lần xác nhận gồm")
    for step in STEPS:
        expect(covers).to_contain_text(step)
    expect(page.locator("main")).to_contain_text("Cho con của ông/bà")
    expect(page.locator(".row", has_text=home.father.full_name).first).to_be_visible()

    # And presses without the name, which only the parents can give
    press = page.get_by_role("button", name="Xác nhận và nộp")
    press.click()
    expect(page.get_by_role("alert")).to_contain_text("Tên của trẻ")
    assert not Dossier.objects.exists()

    # And then with it
    _answer_the_rest(page)
    press.click()

    # Then one dossier is filed, and the father has nothing left to do
    expect(page.get_by_text("Hồ sơ của ông/bà đã được nộp")).to_be_visible()
    dossier = Dossier.objects.get()
    assert dossier.procedure_version.procedure.code == "3.000722"
    assert dossier.form["child_given_name"]["value"] == CHILD["child_given_name"]
    other = signed_in(open_page(width=1280), UserFactory(citizen=home.father))
    other.goto(f"{live_server.url}/my/")
    expect(other.get_by_role("link", name="Xem và xác nhận")).to_have_count(0)

    # When the ward registers the birth, and the register tells of the child
    desk = signed_in(open_page(width=1280), home.officer)
    desk.goto(f"{live_server.url}/admin/dossiers/{dossier.public_id}/")
    desk.locator("button[name=press][value=take_up]").click()
    desk.locator("button[name=press][value=approve]").click()
    expect(desk.locator("button[name=press][value=approve]")).to_have_count(0)
    _register(world, home)
    world.scan()

    # Then the matter is done, and the residence that it brought is not offered a second time
    dossier.refresh_from_db()
    matter.refresh_from_db()
    assert dossier.status in (Status.DONE, Status.RETURNED)
    assert matter.state == SuggestionState.FULFILLED
    assert not Suggestion.objects.filter(rule__key="permanent_residence").exists()
    page.goto(f"{live_server.url}/my/dossiers/{dossier.public_id}/")
    expect(page.locator("main")).to_contain_text(dossier.code)


def _register(world: World, home: Home) -> None:
    """Deliver the child's row and the event that its birth was registered."""
    child = CitizenFactory(newborn=True, unit=home.mother.unit)
    event = LifeEventFactory(
        kind=LifeEventKind.BIRTH_REGISTERED,
        occurred_on=world.today,
        unit=home.mother.unit,
        register__code="CIVIL",
    )
    _name(event.pk, child, EventRole.CHILD)
    _name(event.pk, home.mother, EventRole.MOTHER)
    _name(event.pk, home.father, EventRole.FATHER)
    RegisterRecordFactory(
        subject=child.party, register__code="CIVIL", kind="birth", body={"number": "12/2026"}
    )
