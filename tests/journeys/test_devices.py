"""Browser notices in a real browser: turned on, shown once, opened, turned off."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from citizens.models import ContactPoint, User
from tests.browser_fixtures import OpenPage
from tests.journeys.accessible import RULES
from tests.journeys.conftest import World
from tests.peers.push_service import PushService

KEY = base64.urlsafe_b64encode(b"k" * 32).rstrip(b"=").decode()
SignIn = Callable[[Page, User], Page]
ON = "Nhận thông báo trên thiết bị này"
# The push service of a browser is another machine: here it answers from a script.
_ANSWERS = """
    const subscription = { toJSON: () => SUBSCRIPTION, endpoint: SUBSCRIPTION.endpoint };
    let is_on = false;
    PushManager.prototype.subscribe = async () => { is_on = true; return subscription; };
    PushManager.prototype.getSubscription = async () =>
        is_on || document.querySelector("[data-device]") ? subscription : null;
"""
_REFUSES = "PushManager.prototype.subscribe = async () => { throw new Error('no service'); };"
_SHOWN = """async () => {
    const registration = await navigator.serviceWorker.ready;
    const shown = await registration.getNotifications();
    return shown.map((one) => [one.title, one.body, one.tag, one.silent]);
}"""


@pytest.fixture
def choices(
    world: World,
    live_server: LiveServer,
    open_page: OpenPage,
    signed_in: SignIn,
    settings: Settings,
) -> Page:
    """Mrs Lan's choices, in a browser that lets the portal show notices."""
    settings.PUSH_VAPID_KEY = KEY
    page = open_page(width=390)
    signed_in(page, world.user)
    page.context.grant_permissions(["notifications"], origin=live_server.url)
    return page


def open_choices(page: Page, live_server: LiveServer, script: str) -> None:
    subscription = json.dumps(json.loads(PushService().subscription()))
    page.add_init_script(script.replace("SUBSCRIPTION", f"({subscription})"))
    page.goto(f"{live_server.url}/my/choices/")


def push(page: Page, live_server: LiveServer, notice: dict[str, str]) -> None:
    """Hand a notice to the service worker, as the browser does after decrypting one."""
    browser = page.context.new_cdp_session(page)
    found: list[str] = []
    browser.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(one["registrationId"] for one in event["registrations"]),
    )
    browser.send("ServiceWorker.enable")
    page.wait_for_timeout(200)
    handed = {"origin": live_server.url, "registrationId": found[0], "data": json.dumps(notice)}
    browser.send("ServiceWorker.deliverPushMessage", handed)
    page.wait_for_timeout(500)
    browser.detach()


def test_a_notice_is_shown_once_on_a_device_that_is_on(
    choices: Page, live_server: LiveServer, world: World
) -> None:
    open_choices(choices, live_server, _ANSWERS)
    choices.get_by_role("button", name=ON).click()
    expect(choices.get_by_text("Thiết bị này nhận thông báo từ bây giờ.")).to_be_visible()
    expect(choices.get_by_text("Thiết bị này đang nhận thông báo")).to_be_visible()
    expect(choices.get_by_text("· thiết bị này")).to_be_visible()
    assert Axe().run(choices, options=RULES).response["violations"] == []
    assert ContactPoint.objects.filter(party=world.lan.party, channel="push").count() == 1

    notice = {"title": "Cổng", "body": "Mã ABCD-EFGH", "tag": "r1", "url": "/my/inbox/"}
    push(choices, live_server, notice)
    push(choices, live_server, notice)
    assert choices.evaluate(_SHOWN) == [["Cổng", "Mã ABCD-EFGH", "r1", True]]

    # Put away, then sent once more: it stays away.
    choices.evaluate(
        "async () => (await (await navigator.serviceWorker.ready).getNotifications())"
        ".forEach((one) => one.close())"
    )
    push(choices, live_server, notice)
    assert choices.evaluate(_SHOWN) == []

    choices.get_by_role("button", name="Tắt").click()
    expect(choices.get_by_text("Đã tắt trên thiết bị này")).to_be_visible()
    expect(choices.get_by_role("button", name=ON)).to_be_visible()


def test_a_push_service_out_of_reach_is_told(choices: Page, live_server: LiveServer) -> None:
    open_choices(choices, live_server, _REFUSES)

    choices.get_by_role("button", name=ON).click()

    expect(choices.get_by_text("Không liên lạc được với dịch vụ thông báo")).to_be_visible()
    assert not ContactPoint.objects.filter(channel="push").exists()


def test_a_browser_that_says_no_is_told_how_to_change_it(
    choices: Page, live_server: LiveServer
) -> None:
    open_choices(
        choices,
        live_server,
        "Object.defineProperty(Notification, 'permission', { get: () => 'denied' });",
    )

    expect(choices.get_by_text("Trình duyệt đang không cho Cổng hiện thông báo")).to_be_visible()


def test_a_browser_that_cannot_is_told(choices: Page, live_server: LiveServer) -> None:
    open_choices(choices, live_server, "delete window.PushManager;")

    expect(choices.get_by_text("Trình duyệt này không nhận được thông báo")).to_be_visible()


def test_without_script_the_page_says_why(
    world: World,
    live_server: LiveServer,
    open_page: OpenPage,
    signed_in: SignIn,
    settings: Settings,
) -> None:
    settings.PUSH_VAPID_KEY = KEY
    page = open_page(javascript=False)
    signed_in(page, world.user)

    page.goto(f"{live_server.url}/my/choices/")

    expect(page.get_by_text("Muốn bật, trình duyệt phải chạy được mã lệnh")).to_be_visible()
    expect(page.get_by_role("button", name=ON)).to_be_hidden()
