"""Building a house, in a real browser: a few questions, no permit, two dossiers by one press."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from citizens.models import User
from dossiers.models import Dossier
from procedures.models import Suggestion
from tests.browser_fixtures import OpenPage
from tests.journeys.conftest import World


@pytest.mark.slow
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_from_the_wish_to_electricity_and_water(
    world: World,
    live_server: LiveServer,
    open_page: OpenPage,
    signed_in: Callable[[Page, User], Page],
    javascript: bool,
) -> None:
    # Given Mrs Lan, who wants to build
    page = signed_in(open_page(width=390, javascript=javascript), world.user)
    page.goto(f"{live_server.url}/my/")
    page.get_by_role("link", name="Tự bắt đầu một việc").click()
    page.get_by_role("link", name="Xây nhà").click()

    # When she answers two of three questions, then the third
    page.get_by_label("Nhà ở riêng lẻ").check()
    page.get_by_label("Số tầng").fill("2")
    page.get_by_role("button", name="Xem trả lời").click()
    expect(page.locator("#answer")).to_contain_text("Còn thiếu một thông tin")
    page.get_by_label("Không", exact=True).check()
    page.get_by_role("button", name="Xem trả lời").click()

    # Then she reads that no permit is needed, why, and what comes instead; nothing is stored
    expect(page.locator("#answer")).to_contain_text("Ông/bà không cần bước này")
    expect(page.locator("#answer")).to_contain_text("nhiều nhất 6")
    expect(page.locator("main")).to_contain_text("Một lần xác nhận nộp 2 hồ sơ cùng lúc")
    assert not Suggestion.objects.exists()

    # When she lets it be prepared, answers what nobody knows, and confirms
    page.get_by_role("button", name="Chuẩn bị hồ sơ cho tôi").click()
    for group in page.locator("form[aria-labelledby=rest] fieldset").all():
        group.locator("input").first.check()
    for line in page.locator("form[aria-labelledby=rest] input[type=text]").all():
        line.fill("5")
    page.get_by_role("button", name="Xác nhận và nộp").click()

    # Then both dossiers are there, one told beside the other, and linked
    expect(page.get_by_text("Hồ sơ của ông/bà đã được nộp")).to_be_visible()
    power, water = Dossier.objects.order_by("pk")
    expect(page.locator("main")).to_contain_text(power.code)
    expect(page.locator("body")).to_contain_text(f"Lắp đặt, đấu nối nước sạch, mã {water.code}")
    assert power.bundle_case is not None
    assert power.bundle_case == water.bundle_case
    page.goto(f"{live_server.url}/my/")
    expect(page.get_by_role("link", name="Lắp đặt, đấu nối nước sạch")).to_be_visible()
    expect(page.get_by_role("link", name="Cấp điện mới từ lưới điện hạ áp")).to_be_visible()
