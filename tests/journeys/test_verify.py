"""A paper is checked by the browser alone: its own Ed25519, the network switched off."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from notifications.rules.notices import Notice, NoticeKind
from notifications.services import sign_notice
from tests.browser_fixtures import OpenPage

LETTER = Notice(NoticeKind.LETTER, "CDFG2345", "H17.1", date(2026, 11, 26))


def check(page: Page, text: str) -> None:
    page.get_by_label("Chuỗi ký tự trong mã QR").fill(text)
    page.get_by_role("button", name="Kiểm tra trên trình duyệt này").click()


@pytest.mark.slow
def test_a_paper_is_checked_without_the_network(
    live_server: LiveServer, open_page: OpenPage
) -> None:
    # Given the page, and then no network
    text = sign_notice(LETTER)
    page = open_page(width=390)
    page.goto(f"{live_server.url}/verify/offline/", wait_until="networkidle")
    page.context.set_offline(True)

    # When a genuine text is pasted, then with one character changed at every place
    check(page, f"{live_server.url}/verify/{text}/")
    expect(page.locator("[data-verdict=genuine]")).to_be_visible()
    expect(page.locator("[data-fact=code]")).to_have_text("CDFG-2345")
    expect(page.locator("[data-fact=day]")).to_have_text("26/11/2026")

    # Then only the genuine one is taken
    for place in range(0, len(text), 3):
        letter = "B" if text[place] != "B" else "C"
        check(page, text[:place] + letter + text[place + 1 :])
        expect(page.locator("[data-verdict=false]")).to_be_visible()
        expect(page.locator("[data-verdict=genuine]")).to_be_hidden()
        check(page, text)
        expect(page.locator("[data-verdict=genuine]")).to_be_visible()
