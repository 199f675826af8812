"""The loop, in a real browser: told, confirmed, filed, granted, and reminded again next time."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

import pytest
import time_machine
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from citizens.models import User
from dossiers.enums import Status
from dossiers.models import Dossier
from notifications.models import DemoDelivery
from portal.common.clock import CIVIL_ZONE
from procedures.enums import SuggestionState
from procedures.models import Suggestion
from tests.browser_fixtures import OpenPage
from tests.factories.citizens import PASSWORD
from tests.journeys.bundles import scan_what_is_brought
from tests.journeys.conftest import PHONE, World
from tests.sizes import SCRIPT

CODE = re.compile(r"H17\.[\d.]+-\d{8}-\d{7}")


def _sign_in(page: Page, address: str, user: User) -> None:
    page.goto(address)
    page.fill("input[name=login]", user.username)
    page.fill("input[name=password]", PASSWORD)
    page.click("form.surface button[type=submit]")


@pytest.mark.slow
@SCRIPT
def test_a_licence_from_message_to_message(
    world: World, live_server: LiveServer, open_page: OpenPage, javascript: bool
) -> None:
    # Given the night's scan
    world.scan()

    # Then the SMS lies on the demo phone, and says no more than it must
    citizen = open_page(width=360, javascript=javascript)
    citizen.goto(f"{live_server.url}/demo/phones/?so={PHONE[-4:]}")
    citizen.click("ul.links a")
    bubble = citizen.locator(".bubble").first
    expect(bubble).to_contain_text("lai xe")
    assert (world.lan.pin or "?") not in citizen.content()

    # When she signs in, opens the matter and reads why
    _sign_in(citizen, f"{live_server.url}/accounts/login/?next=/my/", world.user)
    expect(citizen).to_have_url(f"{live_server.url}/my/")
    expect(citizen.locator("h1")).to_have_text(f"Chào bà {world.lan.full_name}")
    citizen.get_by_role("link", name="Xem và xác nhận").click()
    citizen.get_by_text("Vì sao tôi nhận được việc này?").click()
    expect(citizen.locator(".why__body").first).to_contain_text("36/2024/QH15")
    expect(citizen.locator(".row__source").filter(has_text="dân cư").first).to_be_visible()

    # And presses without the one datum that nobody knows
    press = citizen.get_by_role("button", name="Xác nhận và nộp")
    press.click()
    expect(citizen.get_by_role("alert")).to_contain_text("Hình thức nhận kết quả")
    if javascript:
        expect(citizen.get_by_role("alert")).to_be_focused()

    # And then with it
    citizen.get_by_label("Bưu chính công ích").check()
    press.click()

    # Then the dossier is there with code and day
    expect(citizen.get_by_text("Hồ sơ của ông/bà đã được nộp")).to_be_visible()
    dossier = Dossier.objects.get()
    expect(citizen.locator(".code__value")).to_have_text(CODE)
    expect(citizen.locator(".code__value")).to_have_text(dossier.code)
    assert dossier.appointment_on is not None
    expect(citizen.locator("main")).to_contain_text(f"{dossier.appointment_on:%d/%m/%Y}")

    # When an officer takes it from the queue and approves it
    desk = open_page(width=1280)
    _sign_in(desk, f"{live_server.url}/accounts/login/", world.officer)
    expect(desk).to_have_url(re.compile("/admin/"))
    desk.goto(f"{live_server.url}/admin/queue/")
    desk.locator("tr", has_text=dossier.code).get_by_role("link").first.click()
    scan_what_is_brought(desk)
    desk.locator("button[name=press][value=take_up]").click()
    desk.locator("button[name=press][value=approve]").click()
    expect(desk.locator("button[name=press][value=approve]")).to_have_count(0)

    # Then the licence is renewed and the suggestion fulfilled
    dossier.refresh_from_db()
    world.licence.refresh_from_db()
    first = Suggestion.objects.get()
    assert dossier.status == Status.DONE
    assert world.licence.term == 2
    assert world.licence.expires_on is not None
    assert world.licence.expires_on > world.today + timedelta(days=365 * 9)
    assert first.state == SuggestionState.FULFILLED

    # And she sees it, and who looked
    citizen.goto(f"{live_server.url}/my/")
    expect(citizen.get_by_role("link", name="Xem và nhận kết quả")).to_be_visible()
    citizen.goto(f"{live_server.url}/my/papers/")
    expect(citizen.locator("main")).to_contain_text(f"{world.licence.expires_on:%d/%m/%Y}")
    citizen.goto(f"{live_server.url}/my/views/")
    expect(citizen.locator(".looks")).to_contain_text(dossier.competent.name_vi)

    # And the next cycle is told again, neither earlier nor twice, once the news is delivered
    # (by then her number has been verified again, or it would be too old to be used)
    world.lan.party.contact_points.update(
        verified_at=datetime.combine(world.licence.expires_on, time(9), CIVIL_ZONE)
        - timedelta(days=120)
    )
    world.scan()
    heard = DemoDelivery.objects.count()
    told = []
    for days in (91, 90, 90):
        day = world.licence.expires_on - timedelta(days=days)
        with time_machine.travel(datetime.combine(day, time(9), CIVIL_ZONE), tick=True):
            world.scan(day)
        told.append(DemoDelivery.objects.count() - heard)
    second = Suggestion.objects.exclude(pk=first.pk).get()
    assert told == [0, 1, 1]
    assert (second.cycle, second.state) == (2, SuggestionState.OPEN)
