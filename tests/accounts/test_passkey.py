"""A passkey in a real browser: set up on the way to the desk, and from then on it is enough."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from citizens.enums import Role
from tests.factories.citizens import (
    PASSWORD,
    AgencyFactory,
    GrantFactory,
    OfficialFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)
_DEVICE: dict[str, Any] = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_an_official_comes_in_by_a_passkey(
    page: Page, live_server: LiveServer, settings: Settings
) -> None:
    settings.OFFICE_REQUIRES_MFA = True
    unit = UnitFactory(province=True)
    official = OfficialFactory(agency=AgencyFactory(unit=unit), user__username="canbo")
    GrantFactory(official=official, role=Role.RECEPTIONIST, unit=unit)
    portal = live_server.url.replace("127.0.0.1", "localhost")  # a name, as passkeys want
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": _DEVICE})

    # The password leads to the desk, the desk to the second step, that to the key.
    page.goto(f"{portal}/admin/")
    page.get_by_label("Tên đăng nhập").fill("canbo")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.get_by_role("link", name="Thêm khóa").click()
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Xác nhận").click()
    page.get_by_label("Chỉ cần khóa này").check()
    page.get_by_role("button", name="Thêm").click()
    page.wait_for_url("**/recovery-codes/**")
    page.get_by_role("link", name="Tôi đã cất").click()
    assert page.url == f"{portal}/admin/"

    # The next day: one press, no password.
    page.context.clear_cookies()
    page.goto(f"{portal}/accounts/login/?next=/admin/")
    page.get_by_role("button", name="Đăng nhập bằng khóa truy cập").click()
    page.wait_for_url(f"{portal}/admin/")
