"""A lost licence from the list of procedures, and the counter without writing, in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from citizens.enums import Role
from citizens.models import User
from dossiers.enums import Origin, Status
from dossiers.models import CounterVisit, Dossier
from tests.browser_fixtures import OpenPage
from tests.factories.citizens import GrantFactory
from tests.journeys.accessible import RULES
from tests.journeys.conftest import World
from tests.sizes import SCRIPT

pytestmark = pytest.mark.slow


def is_accessible(page: Page, context: str) -> bool:
    found = Axe().run(page, context=context, options=RULES)
    return bool(found.response["violations"] == [])


@SCRIPT
def test_a_lost_licence_from_the_list_to_the_dossier(
    world: World,
    live_server: LiveServer,
    open_page: OpenPage,
    signed_in: Callable[[Page, User], Page],
    javascript: bool,
) -> None:
    # Given nothing that was suggested, and a person who looks for what to do
    page = signed_in(open_page(width=390, javascript=javascript), world.user)
    page.goto(f"{live_server.url}/procedures/")
    page.get_by_label("Ông/bà cần tìm thủ tục gì?").fill("mat hong lai xe")
    page.get_by_role("button", name="Tìm").click()
    page.get_by_role("link", name=re.compile("^Cấp lại giấy phép lái xe")).click()
    page.get_by_role("link", name="Bắt đầu").click()
    expect(page.locator(".row", has_text="Trần Thị Lan").first).to_be_visible()

    # When she answers what nobody knows, first in part
    page.get_by_label("Khác").check()
    if javascript:
        expect(page.locator("#saved")).to_contain_text("Đã lưu lúc")
    page.get_by_role("button", name="Kiểm tra trước khi nộp").click()
    expect(page.locator("[data-focus]")).to_contain_text("Có mục cần xem lại")
    if javascript:
        assert is_accessible(page, "main")
    page.get_by_label("Trực tiếp").check()
    page.get_by_role("button", name="Kiểm tra trước khi nộp").click()

    # Then she sees all of it once more, and one press files it
    expect(page.get_by_role("heading", name="2 mục do ông/bà trả lời")).to_be_visible()
    if javascript:
        assert is_accessible(page, "main")
    page.get_by_role("button", name="Xác nhận và nộp").click()
    expect(page).to_have_url(re.compile("/my/dossiers/"))
    dossier = Dossier.objects.get()
    expect(page.locator("main")).to_contain_text(dossier.code)


@SCRIPT
def test_the_counter_from_the_card_to_the_receipt(
    world: World,
    live_server: LiveServer,
    open_page: OpenPage,
    signed_in: Callable[[Page, User], Page],
    javascript: bool,
) -> None:
    # Given a receptionist, and Mrs Lan who comes with her card
    world.scan()
    official = world.officer.official
    GrantFactory(official=official, role=Role.RECEPTIONIST, unit=official.agency.unit)
    desk = signed_in(open_page(width=1280, javascript=javascript), world.officer)
    desk.goto(f"{live_server.url}/admin/counter/")
    expect(desk.locator("#card")).to_be_focused()

    # When the card is scanned, and she only looks, answers one thing and confirms
    desk.keyboard.type(f"{world.lan.pin}|201234567|Trần Thị Lan|14031956|Nữ|Đà Nẵng|01052021")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Đã chuẩn bị sẵn cho người này")).to_be_visible()
    assert str(world.lan.pin) not in desk.url + desk.content()
    if javascript:
        assert is_accessible(desk, ".desk")
    desk.get_by_role("button", name=re.compile("Làm việc này")).first.click()
    desk.get_by_role("button", name="Người dân xem và nói đúng").click()
    desk.get_by_label("Trực tiếp").check()
    if javascript:
        assert is_accessible(desk, ".desk")
    desk.get_by_role("button", name="Làm tiếp").click()
    desk.get_by_label(re.compile("đã xem toàn bộ và xác nhận")).check()
    desk.get_by_role("button", name="Nộp và tiếp nhận").click()

    # Then the dossier is filed and received, and the stopwatch knows each step
    dossier = Dossier.objects.get()
    assert (dossier.origin, dossier.status) == (Origin.OFFICIAL, Status.RECEIVED)
    expect(desk.locator(".desk")).to_contain_text(dossier.code)
    steps = CounterVisit.objects.get().steps.values_list("step", flat=True)
    assert list(steps) == ["open", "check", "answer", "confirm"]
    desk.get_by_role("link", name="Người tiếp theo").click()
    expect(desk.locator(".counter__times")).to_contain_text("Cả lượt")
