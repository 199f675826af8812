"""A session that nears its end asks first, and goes on by one press (WCAG 2.2, 2.2.1)."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from citizens.models import User
from tests.browser_fixtures import OpenPage
from tests.journeys.conftest import World

SignIn = Callable[[Page, User], Page]
ASKED = "Ông/bà còn ở đó không?"


def test_whoever_reads_slowly_is_asked_and_stays(
    world: World, live_server: LiveServer, open_page: OpenPage, signed_in: SignIn
) -> None:
    page = open_page(width=390)
    page.clock.install()
    signed_in(page, world.user)
    page.goto(f"{live_server.url}/my/choices/")
    asked = page.get_by_role("heading", name=ASKED)

    page.clock.fast_forward("07:45:00")
    expect(asked).to_be_hidden()
    page.clock.fast_forward("06:00")
    expect(asked).to_be_visible()
    card, window = page.get_by_role("dialog").bounding_box(), page.viewport_size
    assert card is not None
    assert window is not None
    assert card["height"] < window["height"] / 2, "a card upon the page, not a page of its own"
    page.get_by_role("button", name="Tiếp tục đăng nhập").click()
    expect(asked).to_be_hidden()

    page.clock.fast_forward("07:58:00")
    expect(page.get_by_role("heading", name="Ông/bà đã được đăng xuất")).to_be_visible()
    again = page.get_by_role("link", name="Đăng nhập lại")
    expect(again).to_have_attribute("href", "/accounts/login/?next=/my/choices/")
