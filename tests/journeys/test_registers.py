"""A delivery in a real browser: sent, tried, watched, confirmed, mended and sent again."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from benchmarks.extracts import write_people
from citizens.enums import BatchState, Role
from citizens.models import Agency, Batch, Citizen, User
from citizens.services.run_batches import run_batches
from portal.common import clock
from tests.browser_fixtures import OpenPage
from tests.factories.citizens import GrantFactory, OfficialFactory
from tests.journeys.conftest import World
from tests.sizes import SCRIPT

SignIn = Callable[[Page, User], Page]
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
}
ROWS = 400


def _work() -> None:
    """Do what the worker does at the next bell, beside the browser's loop."""

    def run() -> None:
        try:
            run_batches(day=clock.today(), slice_lines=100)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as aside:
        aside.submit(run).result()


@pytest.fixture
def steward(world: World, settings: Settings, tmp_path: Path) -> User:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    agency = Agency.objects.get(kind="ubnd_tinh", valid__contains=world.today)
    holder = OfficialFactory(agency=agency, user__display_name="Lương Thị Như Quỳnh")
    GrantFactory(official=holder, role=Role.DATA_STEWARD, unit=agency.unit)
    user: User = holder.user
    return user


def _is_accessible(page: Page) -> None:
    found: Any = Axe().run(page, options=RULES)
    assert found.response["violations"] == [], found.generate_report()


@pytest.mark.slow
@SCRIPT
def test_from_a_file_to_the_facts_and_back(
    steward: User,
    live_server: LiveServer,
    open_page: OpenPage,
    signed_in: SignIn,
    tmp_path: Path,
    javascript: bool,
) -> None:
    # Given an extract with some bad rows, and a data steward
    made = write_people(tmp_path / "nguoi-dan.csv", ROWS, ["20194", "20197"])
    page = signed_in(open_page(width=1280, javascript=javascript), steward)

    # When the steward sends it as a trial
    page.goto(f"{live_server.url}/admin/registers/")
    page.get_by_role("link", name="Cơ sở dữ liệu quốc gia về dân cư").click()
    page.set_input_files("input[type=file]", made.path)
    expect(page.get_by_label("Chạy thử trước")).to_be_checked()
    page.get_by_role("button", name="Gửi tệp").click()

    # Then the page shows that it waits, and by itself what the trial found out
    expect(page.locator(".delivery__state")).to_contain_text("Đang chờ đến lượt")
    _work()
    if not javascript:
        page.get_by_role("link", name="Xem lại").click()
    expect(page.locator(".delivery__state")).to_contain_text("Chờ ông/bà quyết định")
    expect(page.get_by_text("Mới chạy thử")).to_be_visible()
    before = Citizen.objects.count()

    # When the steward confirms
    page.get_by_role("button", name="Nhập:").click()
    expect(page.locator(".delivery__state")).to_contain_text("Đang nhập")
    _work()
    if not javascript:
        page.get_by_role("link", name="Xem lại").click()

    # Then the good rows are there and the bad ones are named
    expect(page.locator(".delivery__state")).to_contain_text("Đã xong")
    batch = Batch.objects.get(register="NPD")
    assert batch.state == BatchState.DONE
    assert Citizen.objects.count() - before == batch.created_count > ROWS * 0.9
    assert batch.rejected_count == len(set(made.bad_lines))
    expect(page.get_by_role("heading", name="Các loại lỗi")).to_be_visible()

    # And the page has stopped asking
    if javascript:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.wait_for_timeout(2_500)
        assert asked == []

    # When a row is asked for, and the file of errors downloaded and sent again
    page.get_by_role("button", name="Xem dòng").first.click()
    expect(page.get_by_text("đã được ghi nhật ký")).to_be_visible()
    page.locator("[data-back]").click()
    with page.expect_download() as waited:
        page.get_by_role("link", name="dòng bị loại (CSV)").click()
    mended = tmp_path / "da-sua.csv"
    waited.value.save_as(mended)
    page.get_by_role("link", name="Nhập tệp đã sửa").click()
    expect(page.get_by_label("Bảng", exact=True)).to_have_value("person")
    page.set_input_files("input[type=file]", mended)
    page.get_by_role("button", name="Gửi tệp").click()
    _work()

    # Then it is a delivery of its own: what is as wrong as before comes back
    again = Batch.objects.latest("pk")
    assert (again.state, again.row_count) == (BatchState.DONE, batch.rejected_count)
    assert again.rejected_count <= batch.rejected_count


def test_the_pages_of_registers_are_accessible_and_fit_a_phone(
    steward: User,
    live_server: LiveServer,
    open_page: OpenPage,
    signed_in: SignIn,
    tmp_path: Path,
) -> None:
    made = write_people(tmp_path / "nguoi-dan.csv", ROWS, ["20194"])
    wide = signed_in(open_page(width=1280), steward)
    wide.goto(f"{live_server.url}/admin/registers/NPD/")
    wide.set_input_files("input[type=file]", made.path)
    wide.get_by_role("button", name="Gửi tệp").click()
    expect(wide.locator(".delivery__state")).to_be_visible()
    waiting = Batch.objects.latest("pk").public_id
    addresses = ["", "NPD/", f"deliveries/{waiting}/"]

    for width in (1280, 360):
        page = signed_in(open_page(width=width), steward)
        for address in addresses:
            page.goto(f"{live_server.url}/admin/registers/{address}")
            _is_accessible(page)
            widest = page.evaluate("document.documentElement.scrollWidth")
            assert widest <= width, (address, width)
        if width == 1280:
            _work()
