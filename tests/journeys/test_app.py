"""Without a network, in a real browser: what is kept, for whom, and until when."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from citizens.models import User
from tests.browser_fixtures import OpenPage
from tests.journeys.conftest import World

SignIn = Callable[[Page, User], Page]
_READY = "async () => (await navigator.serviceWorker.ready).active.state"
# A browser without a window has no icon: what would be put on it is kept for the test to read.
_ICON = """
navigator.setAppBadge = async (count) => { sessionStorage.icon = String(count); };
navigator.clearAppBadge = async () => { sessionStorage.icon = "cleared"; };
"""
_IS_KEPT = "async (path) => Boolean(await caches.match(path))"


def test_papers_are_at_hand_without_a_network_until_one_signs_out(
    world: World, live_server: LiveServer, open_page: OpenPage, signed_in: SignIn
) -> None:
    page = open_page(width=390)
    signed_in(page, world.user)
    page.goto(f"{live_server.url}/my/choices/")
    page.evaluate(_READY)
    page.wait_for_function(_IS_KEPT, arg="/offline/")

    assert not page.evaluate(_IS_KEPT, "/my/kept/"), "nothing of a person is kept unasked"
    page.get_by_role("button", name="Giữ trên máy này").click()
    expect(page.get_by_text("Đang giữ trên máy này")).to_be_visible()

    page.reload()  # from here on the worker answers for this page
    page.context.set_offline(True)
    page.goto(f"{live_server.url}/my/inbox/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Giấy tờ và lịch hẹn")
    expect(page.get_by_text("Giấy phép lái xe")).to_be_visible()
    page.goto(f"{live_server.url}/procedures/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hiện không có mạng")

    page.context.set_offline(False)
    page.goto(f"{live_server.url}/my/")
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_load_state()
    assert not page.evaluate(_IS_KEPT, "/my/kept/")


def test_signing_out_without_a_network_says_what_to_do(
    world: World, live_server: LiveServer, open_page: OpenPage, signed_in: SignIn
) -> None:
    page = open_page(width=390)
    signed_in(page, world.user)
    page.goto(f"{live_server.url}/my/")
    page.evaluate(_READY)
    page.wait_for_function(_IS_KEPT, arg="/offline/")
    page.reload()  # from here on the worker answers for this page

    page.context.set_offline(True)
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hiện không có mạng")
    expect(page.get_by_text("hãy bấm lại khi có mạng")).to_be_visible()

    page.context.set_offline(False)
    page.goto(f"{live_server.url}/my/")
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url(lambda address: "/my/" not in address)


def test_the_icon_bears_the_number_of_waiting_matters_until_one_signs_out(
    world: World, live_server: LiveServer, open_page: OpenPage, signed_in: SignIn
) -> None:
    world.scan()
    page = open_page(width=390)
    page.add_init_script(_ICON)
    signed_in(page, world.user)

    page.goto(f"{live_server.url}/my/")
    page.wait_for_function("() => sessionStorage.icon === '1'")
    expect(page.locator(".lead").first).to_contain_text("1 việc cần")
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Đăng xuất").click()

    page.wait_for_url(lambda address: "/my/" not in address)
    assert page.evaluate("sessionStorage.icon") == "cleared"


def test_a_copy_of_somebody_else_goes(
    world: World, live_server: LiveServer, open_page: OpenPage, signed_in: SignIn
) -> None:
    page = open_page(width=390)
    signed_in(page, world.user)
    page.goto(f"{live_server.url}/my/")
    page.evaluate(
        """async () => (await caches.open("kept-1")).put("/my/kept/",
            new Response('<body data-person="somebody-else">'))"""
    )
    page.goto(f"{live_server.url}/my/choices/")

    expect(page.get_by_role("button", name="Giữ trên máy này")).to_be_visible()
    assert not page.evaluate(_IS_KEPT, "/my/kept/")


def test_without_script_the_page_says_why(
    world: World, live_server: LiveServer, open_page: OpenPage, signed_in: SignIn
) -> None:
    page = open_page(javascript=False)
    signed_in(page, world.user)
    page.goto(f"{live_server.url}/my/choices/")

    expect(page.get_by_text("Muốn giữ, trình duyệt phải chạy được mã")).to_be_visible()
