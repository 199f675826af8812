"""A birth, in a real browser: told to both parents, one confirmation, four results returned."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from citizens.models import Citizen
from dossiers.enums import Status
from dossiers.models import Dossier
from notifications.enums import MessageState
from notifications.models import Message
from procedures.enums import SuggestionState
from procedures.models import Suggestion
from tests.browser_fixtures import OpenPage
from tests.factories.citizens import UserFactory
from tests.journeys.bundles import Desk, SignIn, answer_the_rest, dossier_of, states
from tests.journeys.conftest import Home, World
from tests.sizes import SCRIPT

ARRIVED = (MessageState.SENT, MessageState.DELIVERED)
BIRTH, HOME, INSURANCE, CARD = "1.001193", "1.004222", "BHYT-DUOI-6", "1.014062"
PIN = "999326000777"
CHILD = {"child_surname": "Lê", "child_given_name": "An"}
STEPS = ("khai sinh", "thường trú", "bảo hiểm y tế", "thẻ căn cước")


@pytest.mark.slow
@SCRIPT
def test_a_birth_from_the_notice_to_the_returned_results(
    world: World,
    home: Home,
    live_server: LiveServer,
    open_page: OpenPage,
    signed_in: SignIn,
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

    # Then she reads that one confirmation is enough, and for what; she wishes the card too
    covers = page.locator("section[aria-labelledby=steps]")
    expect(covers).to_contain_text("Một lần xác nhận cho tất cả các bước")
    for step in STEPS:
        expect(covers).to_contain_text(step)
    expect(page.locator("main")).to_contain_text("Cho con của ông/bà")
    expect(page.locator(".row", has_text=home.father.full_name).first).to_be_visible()
    covers.get_by_label("Cấp thẻ căn cước cho người dưới 14 tuổi").check()
    covers.get_by_role("button", name="Áp dụng lựa chọn").click()

    # And presses without the name, which only the parents can give
    press = page.get_by_role("button", name="Xác nhận và nộp")
    press.click()
    expect(page.get_by_role("alert")).to_contain_text("Tên của trẻ")
    assert not Dossier.objects.exists()

    # And then with it
    answer_the_rest(page, CHILD, "Trạm y tế phường")
    press.click()

    # Then one case is filed; its first step is at work, and the father has nothing left to do
    expect(page.get_by_text("Hồ sơ của ông/bà đã được nộp")).to_be_visible()
    assert states() == {BIRTH: "filed", HOME: "waiting", INSURANCE: "waiting", CARD: "waiting"}
    other = signed_in(open_page(width=1280), UserFactory(citizen=home.father))
    other.goto(f"{live_server.url}/my/")
    expect(other.get_by_role("link", name="Xem và xác nhận")).to_have_count(0)

    # When the ward registers the birth, with the number that the population register gave
    desk = Desk(live_server, open_page, signed_in)
    desk.grant(dossier_of(BIRTH), number="12/2026", pin=PIN)

    # Then the child is known, its number and name stand in what was filed by itself
    child = Citizen.objects.with_pin(PIN).get()
    assert child.full_name == "Lê An"
    assert states() == {BIRTH: "done", HOME: "filed", INSURANCE: "waiting", CARD: "filed"}
    card = dossier_of(CARD)
    assert (card.owner_id, card.applicant_id) == (child.pk, home.mother.pk)
    assert card.form["child_pin"]["value"] == PIN
    assert card.form["child_full_name"]["source"] == "register"

    # When residence, insurance and card are granted one after the other
    for code in (HOME, INSURANCE, CARD):
        desk.grant(dossier_of(code))

    # Then the case says that all is done, and nothing is offered a second time
    page.reload()
    expect(page.locator("main")).to_contain_text("Đã xong 4/4 bước")
    world.scan()
    matter.refresh_from_db()
    assert matter.state == SuggestionState.FULFILLED
    assert set(Dossier.objects.values_list("status", flat=True)) == {Status.RETURNED}
    assert not Suggestion.objects.filter(rule__key="permanent_residence").exists()
    by_sms = Message.objects.filter(topic__in=["dossier_approved", "bundle_done"])
    assert by_sms.filter(recipient=home.mother.party).count() == 2
