"""A wrong value, in a real browser: contested, put right by an official, told, and in the form."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from citizens.enums import Role
from citizens.models import Agency, Discrepancy, User
from portal.common import clock
from procedures.services.scan_changes import scan_changes
from tests.browser_fixtures import OpenPage
from tests.factories.citizens import GrantFactory, OfficialFactory
from tests.journeys.accessible import RULES
from tests.journeys.conftest import World
from tests.sizes import SCRIPT

WRONG, RIGHT = "Trần Thị Lan", "Trần Thị Lam"


@pytest.mark.slow
@SCRIPT
def test_a_wrong_name_from_the_form_to_the_form(
    world: World,
    live_server: LiveServer,
    open_page: OpenPage,
    signed_in: Callable[[Page, User], Page],
    javascript: bool,
) -> None:
    # Given a prepared renewal with a misspelt name, and the police of her ward
    world.scan()
    police = Agency.objects.get(kind="cong_an_xa", unit=world.lan.unit)
    officer = OfficialFactory(agency=police)
    GrantFactory(official=officer, role=Role.CASE_OFFICER, unit=police.unit)
    citizen = signed_in(open_page(width=360, javascript=javascript), world.user)
    citizen.goto(f"{live_server.url}/my/")
    citizen.get_by_role("link", name="Xem và xác nhận").click()
    suggestion = citizen.url

    # When she says so beside the value
    row = citizen.locator(".row", has_text=WRONG).first
    row.get_by_role("link", name="Không đúng?").click()
    expect(citizen.locator(".facts").first).to_contain_text(WRONG)
    citizen.get_by_label("Thế nào là đúng?").fill(RIGHT)
    citizen.get_by_role("button", name="Báo thông tin chưa đúng").click()

    # Then the form carries her statement, says who answers by when, and can be filed
    expect(citizen).to_have_url(suggestion)
    row = citizen.locator(".row", has_text=RIGHT).first
    expect(row).to_contain_text(f"Đã báo chưa đúng, {police.name_vi} sẽ trả lời trước")
    expect(citizen.get_by_role("button", name="Xác nhận và nộp")).to_be_enabled()

    # When the police of her ward put it right
    case = Discrepancy.objects.get()
    desk = signed_in(open_page(width=1280), officer.user)
    desk.goto(f"{live_server.url}/admin/citizens/discrepancy/")
    desk.locator("#result_list tbody").get_by_role("link").first.click()
    expect(desk.locator(".form__answer")).to_contain_text(RIGHT)
    main = Axe().run(desk, context=".desk", options=RULES)
    assert main.response["violations"] == []
    desk.get_by_role("button", name="Đính chính").click()
    expect(desk.locator(".desk-messages")).to_contain_text("Đã đính chính thông tin.")
    case.refresh_from_db()
    assert case.state == "corrected"

    # Then she is told, and her form is filled by the register itself
    scan_changes(now=clock.now())
    world.scan()
    citizen.goto(f"{live_server.url}/my/inbox/")
    citizen.get_by_role("link", name=re.compile("Đã xem xét xong")).first.click()
    expect(citizen.locator(".letter")).to_contain_text("đã sửa lại cho đúng")
    citizen.get_by_role("link", name="Mở việc này").click()
    expect(citizen.locator(f"#case-{case.public_id}")).to_contain_text("Đã đính chính")
    citizen.goto(suggestion)
    row = citizen.locator(".row", has_text=RIGHT).first
    expect(row.locator(".row__source")).to_contain_text("dân cư")
    expect(citizen.locator("main")).not_to_contain_text(WRONG)
