"""Rights over one's data, in a real browser: asked, answered, read, and offers stop."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from citizens.enums import Role
from citizens.models import Agency, DataRequest, User
from notifications.models import Message
from notifications.selectors import demo_messages
from portal.common import clock
from tests.browser_fixtures import OpenPage
from tests.factories.citizens import GrantFactory, OfficialFactory
from tests.journeys.conftest import PHONE, World
from tests.sizes import SCRIPT

SignIn = Callable[[Page, User], Page]


def _head(world: World) -> User:
    """Return the head of the People's Committee of Mrs Lan's ward."""
    today = clock.today()
    hall = Agency.objects.get(kind="ubnd_xa", unit=world.lan.unit, valid__contains=today)
    official = OfficialFactory(agency=hall)
    GrantFactory(official=official, role=Role.HEAD_OF_UNIT, unit=hall.unit)
    user: User = official.user
    return user


@pytest.mark.slow
@SCRIPT
def test_from_a_request_to_restrict_to_silence_about_offers(
    world: World,
    live_server: LiveServer,
    open_page: OpenPage,
    signed_in: SignIn,
    javascript: bool,
) -> None:
    # Given Mrs Lan on her phone, on the way from her matters to her rights
    citizen = signed_in(open_page(width=360, javascript=javascript), world.user)
    citizen.goto(f"{live_server.url}/my/")
    citizen.get_by_role("link", name="Quyền về dữ liệu của tôi").click()
    citizen.get_by_role("link", name="Hạn chế việc sử dụng dữ liệu của tôi").click()

    # Then she reads both days, and what the portal does by itself, before she sends anything
    expect(citizen.locator("main")).to_contain_text("Trả lời ông/bà chậm nhất")
    expect(citizen.locator("main")).to_contain_text("Cổng tự dừng ba việc")
    assert not DataRequest.objects.exists()

    # When she sends it
    citizen.get_by_label("Về việc gì?").fill("Chỉ dùng khi giải quyết hồ sơ.")
    citizen.get_by_role("button", name="Gửi yêu cầu").click()
    code = citizen.locator(".code__value").inner_text()
    assert re.fullmatch(r"YC-[0-9A-F]{4}-[0-9A-F]{4}", code)

    # And the official accepts it and, later, notes what was done
    desk = signed_in(open_page(width=1280), _head(world))
    desk.goto(f"{live_server.url}/admin/citizens/datarequest/")
    desk.get_by_role("link", name=code).click()
    desk.get_by_role("link", name="Chấp nhận…").click()
    desk.get_by_label("Việc sẽ làm").fill("Sẽ báo công an phường.")
    desk.get_by_role("button", name="Chấp nhận").click()
    desk.get_by_role("link", name="Ghi nhận đã xong…").click()
    expect(desk.locator(".desk")).to_contain_text("Cổng không tự sửa hoặc khóa dữ liệu")
    desk.get_by_label("Việc đã làm").fill("Đã báo công an phường.")
    desk.get_by_role("button", name="Ghi nhận đã xong").click()
    expect(desk.locator("main, #content").first).to_contain_text("Yêu cầu này đã khép lại")

    # Then she reads it, and that it holds
    citizen.reload()
    expect(citizen.locator("main")).to_contain_text("Đã báo công an phường.")
    expect(citizen.get_by_role("heading", name="Đang có hiệu lực")).to_be_visible()
    citizen.goto(f"{live_server.url}/my/choices/")
    expect(citizen.locator("main")).to_contain_text("Đã dừng theo yêu cầu của ông/bà")

    # And no offer reaches her any more, while the answers to her request do
    world.scan()
    offers = Message.objects.filter(recipient=world.lan.party, topic__is_optional=True)
    assert not offers.exists()
    bodies = [message.body for message in demo_messages(PHONE)]
    assert len(bodies) == 2
    assert not any("dien thoai" in body or "han che" in body.lower() for body in bodies)

    # When she allows offers again, then undoes it
    card = citizen.locator("section", has_text="Gợi ý dịch vụ công").first
    card.get_by_label("Nhận", exact=True).first.check()
    citizen.get_by_role("button", name="Lưu lựa chọn").click()
    expect(citizen.locator("main")).to_contain_text("Đã ghi nhận, có hiệu lực từ bây giờ")
    expect(citizen.locator("main")).not_to_contain_text("Đã dừng theo yêu cầu của ông/bà")
    world.scan()
    assert offers.count() == 1
    citizen.get_by_role("button", name="Trả lại như trước").click()
    expect(citizen.locator("main")).to_contain_text("Đã trả lại như trước")


def test_the_copy_is_one_press_away(
    world: World, live_server: LiveServer, open_page: OpenPage, signed_in: SignIn
) -> None:
    page = signed_in(open_page(width=360, javascript=False), world.user)
    page.goto(f"{live_server.url}/my/requests/new/copy/")

    page.get_by_role("button", name="Lập bản sao ngay").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải tệp cho máy đọc").click()
    page.get_by_role("link", name="Đọc và in").click()

    assert download.value.suggested_filename.startswith("YC-")
    expect(page.locator("main")).to_contain_text(world.lan.pin or "?")
    expect(page.locator("main h2")).to_have_count(21)
