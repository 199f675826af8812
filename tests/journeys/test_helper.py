"""A neighbour files for Mrs Lan: asked for, agreed to on her own page, seen by her, and ended."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from citizens.models import User
from tests.browser_fixtures import OpenPage
from tests.factories.citizens import CitizenFactory, UserFactory
from tests.journeys.conftest import World, deliver

pytestmark = pytest.mark.slow
SignIn = Callable[[Page, User], Page]
LOST = "driving_licence_reissue"


def test_a_neighbour_helps_until_the_person_ends_it(
    world: World, live_server: LiveServer, open_page: OpenPage, signed_in: SignIn
) -> None:
    neighbour = CitizenFactory(full_name="Lê Thị Láng", unit=world.lan.unit)
    hers = signed_in(open_page(width=390), UserFactory(citizen=neighbour))
    lans = signed_in(open_page(width=390, javascript=False), world.user)

    # The neighbour asks, and is not told whether there is such a person
    hers.goto(f"{live_server.url}/my/help/")
    hers.locator("input[name=pin]").fill(str(world.lan.pin))
    hers.get_by_role("button", name="Xin người đó đồng ý").click()
    expect(hers.locator("h1")).to_have_text("Mã người đó nhận được")
    expect(hers.locator("main")).not_to_contain_text(world.lan.full_name)

    # Mrs Lan reads the message, and is one press from the answer, without script
    deliver()
    lans.goto(f"{live_server.url}/my/inbox/")
    lans.locator("main a").first.click()
    lans.get_by_role("link", name="Mở việc này").click()
    expect(lans.locator("main")).to_contain_text("Lê Thị Láng xin được giúp ông/bà")
    lans.get_by_role("button", name="Đồng ý").click()
    expect(lans.locator("main")).to_contain_text("Chấm dứt ngay")

    # The neighbour opens a form with what the registers know, and sees none of it
    hers.reload()
    expect(hers.locator("h1")).to_contain_text(world.lan.full_name)
    hers.locator(f"a[href*='/my/procedures/{LOST}/']").first.click()
    expect(hers.locator("main")).to_contain_text(f"Cho {world.lan.full_name}")
    expect(hers.locator("main")).not_to_contain_text(str(world.lan.pin))

    # Mrs Lan sees that, ends it, and the open form is nobody's any more
    lans.reload()
    expect(lans.locator("section[aria-labelledby=acts]")).to_contain_text("Lê Thị Láng")
    lans.get_by_role("button", name="Chấm dứt ngay").click()
    expect(lans.locator("section[aria-labelledby=ended]")).to_contain_text("Lê Thị Láng")
    hers.reload()
    expect(hers.locator("main")).not_to_contain_text(world.lan.full_name)
    hers.goto(f"{live_server.url}/my/help/")
    expect(hers).to_have_url(re.compile("/my/help/$"))
    expect(hers.locator("main")).not_to_contain_text(world.lan.full_name)
