"""The pages around signing in, by axe: nothing stands in anybody's way, in light and in dark."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from citizens.enums import Role
from portal.web.vneid import discovery
from tests.browser_fixtures import OpenPage
from tests.factories.citizens import (
    PASSWORD,
    AgencyFactory,
    GrantFactory,
    OfficialFactory,
    UnitFactory,
)
from tests.peers.openid import OpenIdPeer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
}


@pytest.fixture
def vneid(settings: Settings) -> Iterator[OpenIdPeer]:
    discovery.forget()
    with OpenIdPeer() as peer:
        settings.OIDC = peer.provider()
        yield peer
    discovery.forget()


def faults(page: Page, seen: list[str]) -> list[str]:
    """Return what is wrong with the page that is open, in both colours."""
    seen.append(page.url)
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        wrong = Axe().run(page, options=RULES).response["violations"]
        found += [f"{page.url} {one['id']}: {one['nodes'][0]['html']}" for one in wrong]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append(f"{page.url} is wider than the screen")
    return found


def code_of(page: Page) -> str:
    secret = page.locator(".secret").inner_text()
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


@pytest.mark.parametrize("width", [320, 1280])
def test_the_way_of_an_official_to_the_desk(
    open_page: OpenPage, live_server: LiveServer, settings: Settings, vneid: OpenIdPeer, width: int
) -> None:
    settings.OFFICE_REQUIRES_MFA = True
    unit = UnitFactory(province=True)
    official = OfficialFactory(agency=AgencyFactory(unit=unit), user__username="canbo")
    GrantFactory(official=official, role=Role.RECEPTIONIST, unit=unit)
    page, seen = open_page(width=width), list[str]()
    portal = live_server.url

    page.goto(f"{portal}/accounts/vneid/callback/?code=1&state=2")
    found = faults(page, seen)
    page.goto(f"{portal}/admin/")
    found += faults(page, seen)
    page.get_by_label("Tên đăng nhập").fill("canbo")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    found += faults(page, seen)
    page.get_by_role("link", name="Cài ứng dụng").click()
    found += faults(page, seen)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Xác nhận").click()
    found += faults(page, seen)
    page.get_by_label("Mã từ ứng dụng").fill(code_of(page))
    page.get_by_role("button", name="Bật").click()
    found += faults(page, seen)
    for address in ("2fa/", "2fa/webauthn/", "2fa/webauthn/add/", "2fa/totp/deactivate/"):
        page.goto(f"{portal}/accounts/{address}")
        found += faults(page, seen)
    for address in ("2fa/recovery-codes/generate/", "sessions/", "password/change/"):
        page.goto(f"{portal}/accounts/{address}")
        found += faults(page, seen)
    page.context.clear_cookies()
    page.goto(f"{portal}/accounts/login/")
    page.get_by_label("Tên đăng nhập").fill("canbo")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    found += faults(page, seen)

    assert found == []
    assert len({re.sub(r"[?].*", "", url) for url in seen}) == 13
