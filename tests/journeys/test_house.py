"""Building a house, in a real browser: a few questions, one press, all results returned."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from procedures.enums import SuggestionState
from procedures.models import Suggestion
from tests.browser_fixtures import OpenPage
from tests.journeys.bundles import Desk, SignIn, answer_the_rest, dossier_of, states
from tests.journeys.conftest import World
from tests.sizes import SCRIPT

PERMIT, POWER, WATER = "1.013225", "DV-DIEN-01", "DV-NUOC-01"


@pytest.mark.slow
@SCRIPT
def test_from_the_wish_to_electricity_and_water(
    world: World,
    live_server: LiveServer,
    open_page: OpenPage,
    signed_in: SignIn,
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
    answer_the_rest(page, {}, "5")
    page.get_by_role("button", name="Xác nhận và nộp").click()

    # Then one page shows both dossiers, and on what ground no permit was asked for
    expect(page.get_by_text("Hồ sơ của ông/bà đã được nộp")).to_be_visible()
    assert states() == {PERMIT: "dropped", POWER: "filed", WATER: "filed"}
    for code in (POWER, WATER):
        expect(page.locator("main")).to_contain_text(dossier_of(code).code)
    expect(page.locator("#step-1")).to_contain_text("Nhà ở riêng lẻ dưới 7 tầng")

    # When both are granted and handed over
    desk = Desk(live_server, open_page, signed_in)
    for code in (POWER, WATER):
        desk.grant(dossier_of(code))

    # Then the case is done, and so is the wish
    page.reload()
    expect(page.locator("main")).to_contain_text("Đã xong 2/2 bước")
    assert Suggestion.objects.get(rule__key="house_build").state == SuggestionState.FULFILLED


@pytest.mark.slow
def test_a_tall_house_from_the_permit_to_electricity_and_water(
    world: World, live_server: LiveServer, open_page: OpenPage, signed_in: SignIn
) -> None:
    # Given Mrs Lan, who builds nine storeys
    page = signed_in(open_page(width=390), world.user)
    page.goto(f"{live_server.url}/my/wishes/house_build/")
    page.get_by_label("Nhà ở riêng lẻ").check()
    page.get_by_label("Số tầng").fill("9")
    page.get_by_label("Không", exact=True).check()
    page.get_by_role("button", name="Xem trả lời").click()
    page.get_by_role("button", name="Chuẩn bị hồ sơ cho tôi").click()

    # When she answers the questions of all three at once
    answer_the_rest(page, {"floors": "9", "site_address": "12 Trần Phú"}, "5")
    page.get_by_role("button", name="Xác nhận và nộp").click()
    expect(page.get_by_text("Hồ sơ của ông/bà đã được nộp")).to_be_visible()
    assert states() == {PERMIT: "filed", POWER: "waiting", WATER: "waiting"}

    # And the ward stops the permit, which she files again with one press
    desk = Desk(live_server, open_page, signed_in)
    screen = desk.open(dossier_of(PERMIT))
    screen.locator("summary", has_text="Từ chối").click()
    refuse = screen.locator("details[open]")
    refuse.locator("textarea").fill("Bản vẽ chưa ký tên")
    refuse.locator("button[name=press]").click()
    page.reload()
    expect(page.locator("#step-1")).to_contain_text("Bản vẽ chưa ký tên")
    expect(page.locator("#step-2")).to_contain_text("hiện không ai giải quyết")
    page.locator("#step-1").get_by_role("button", name="Nộp lại").click()
    assert states() == {PERMIT: "filed", POWER: "waiting", WATER: "waiting"}

    # Then the permit that is granted starts the other two, with what was answered before
    desk.grant(dossier_of(PERMIT))
    assert states() == {PERMIT: "done", POWER: "filed", WATER: "filed"}
    assert dossier_of(WATER).form["supply_address"]["value"] == "5"

    # And all three results are handed over
    for code in (POWER, WATER):
        desk.grant(dossier_of(code))
    page.reload()
    expect(page.locator("main")).to_contain_text("Đã xong 3/3 bước")
    assert Suggestion.objects.get(rule__key="house_build").state == SuggestionState.FULFILLED
