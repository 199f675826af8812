"""A morning in the waiting room, in a real browser: drawn, called, served, counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from citizens.enums import Role
from citizens.models import User
from dossiers.models import Ticket
from dossiers.services.open_hall import open_hall, renew_kiosk
from tests.browser_fixtures import OpenPage
from tests.factories.citizens import GrantFactory
from tests.journeys.accessible import RULES
from tests.journeys.conftest import World

DESK = ".desk"
WIDER = """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
    [...document.body.querySelectorAll("*")]
    .filter((one) => one.getBoundingClientRect().right > window.innerWidth)
    .map((one) => one.outerHTML.slice(0, 120))"""


def is_sound(page: Page, context: Any = None) -> None:
    """Nothing stands in anybody's way, light and dark, and nothing is wider than the screen."""
    page.evaluate("document.fonts.ready.then(() => true)")  # until then an icon is a long word
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(page, context=context, options=RULES).response["violations"]
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate(WIDER) == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1280])
def test_from_the_kiosk_to_the_counter(
    world: World,
    live_server: LiveServer,
    open_page: OpenPage,
    signed_in: Callable[[Page, User], Page],
    width: int,
) -> None:
    # Given a waiting room, a screen in it, and a tablet without JavaScript
    GrantFactory(official=world.officer.official, role=Role.HEAD_OF_UNIT)
    hall = open_hall(agency=world.officer.official.agency)
    tablet = open_page(width=width, javascript=False)
    tablet.goto(f"{live_server.url}/kiosk/{renew_kiosk(hall=hall)}/")
    screen = open_page(width=width)
    screen.goto(f"{live_server.url}/queue/{hall.public_id}/")
    expect(screen.locator("#calls")).to_contain_text("Hiện chưa gọi số nào")

    # When somebody draws a number and an official calls it
    tablet.get_by_label("Tôi thuộc diện ưu tiên").check()
    tablet.get_by_role("button", name="Đất đai").click()
    expect(tablet.get_by_role("heading", name="Số của ông/bà")).to_contain_text("B001")
    desk = signed_in(open_page(width=width), world.officer)
    desk.goto(f"{live_server.url}/admin/tickets/")
    is_sound(desk, DESK)
    desk.get_by_label("Số quầy").fill("3")
    desk.get_by_role("button", name="Phục vụ tại quầy này").click()
    desk.get_by_role("button", name="Gọi số tiếp theo").click()

    # Then the screen calls it by itself, and the official serves it
    expect(screen.get_by_text("Mời số B001 đến quầy 3.")).to_be_attached(timeout=15_000)
    is_sound(screen)
    desk.get_by_role("button", name="Người dân đã đến").click()
    expect(desk.locator(".ticket__now")).to_contain_text("Đang phục vụ")
    is_sound(desk, DESK)
    desk.get_by_role("button", name="Xong", exact=True).click()
    assert Ticket.objects.get().state == "done"

    # And the head of the unit reads how long it took
    desk.goto(f"{live_server.url}/admin/waiting-room/")
    expect(desk.locator(".waits").first).to_contain_text("1 / 1")
    is_sound(desk, DESK)
    is_sound(open_kiosk(open_page(width=width), tablet))


def open_kiosk(page: Page, tablet: Page) -> Page:
    """Open the page for drawing where the measuring script may run."""
    tablet.get_by_role("link", name="Xong, mời người tiếp theo").click()
    page.goto(tablet.url)
    return page
