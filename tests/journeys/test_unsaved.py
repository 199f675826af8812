"""What is typed while the network or the session is gone is not lost, and the page says so."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from citizens.models import User
from dossiers.models import Draft
from procedures.models import Suggestion
from tests.browser_fixtures import OpenPage
from tests.journeys.conftest import World

SignIn = Callable[[Page, User], Page]


def opened(world: World, live_server: LiveServer, page: Page, signed_in: SignIn) -> Page:
    """Return the suggestion in a tab whose console nobody watches: failing is what is wanted."""
    world.scan()
    page = signed_in(page, world.user).context.new_page()
    suggestion = Suggestion.objects.get(subject=world.lan.party)
    page.goto(f"{live_server.url}/my/suggestions/{suggestion.public_id}/")
    return page


def test_without_a_network_the_page_says_so_and_saves_when_it_is_back(
    world: World, live_server: LiveServer, open_page: OpenPage, signed_in: SignIn
) -> None:
    page = opened(world, live_server, open_page(width=390), signed_in)

    page.context.set_offline(True)
    page.get_by_label("Trực tiếp").check()
    expect(page.locator("#saved")).to_contain_text("Chưa lưu được")
    page.context.set_offline(False)

    expect(page.locator("#saved")).to_contain_text("Đã lưu lúc")
    assert Draft.objects.get().form == {"delivery": "Trực tiếp"}


def test_who_was_signed_out_signs_in_beside_it_and_goes_on(
    world: World, live_server: LiveServer, open_page: OpenPage, signed_in: SignIn
) -> None:
    page = opened(world, live_server, open_page(width=390), signed_in)

    page.context.clear_cookies(name="sessionid")
    page.get_by_label("Trực tiếp").check()
    expect(page.locator("#saved")).to_contain_text("Chưa lưu được")
    assert not Draft.objects.exists()
    page.context.clear_cookies(name="csrftoken")  # signing in brings another one
    signed_in(page, world.user)
    page.evaluate("window.dispatchEvent(new Event('focus'))")

    expect(page.locator("#saved")).to_contain_text("Đã lưu lúc")
    page.get_by_role("button", name="Xác nhận và nộp").click()
    expect(page).to_have_url(f"{live_server.url}/my/dossiers/{world.lan.dossiers.get().public_id}/")
