"""Starting a household business, in a real browser: from its life-event page to the certificate."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from citizens.models import Credential
from dossiers.enums import Status
from dossiers.models import Dossier
from procedures.enums import SuggestionState
from procedures.models import Suggestion
from tests.browser_fixtures import OpenPage
from tests.journeys.bundles import Desk, SignIn, answer_the_rest
from tests.journeys.conftest import World


@pytest.mark.slow
def test_a_household_business_from_the_wish_to_the_certificate(
    world: World, live_server: LiveServer, open_page: OpenPage, signed_in: SignIn
) -> None:
    # Given Mrs Lan, who wants to open a shop
    page = signed_in(open_page(width=390), world.user)
    page.goto(f"{live_server.url}/my/")
    page.get_by_role("link", name="Tự bắt đầu một việc").click()
    page.get_by_role("link", name="Mở hộ kinh doanh").click()
    page.get_by_role("button", name="Chuẩn bị hồ sơ cho tôi").click()

    # When she answers what only she knows, and confirms
    words = {"business_name": "Tạp hóa Lan", "capital": "50000000"}
    words["industries"] = "4711 Bán lẻ tổng hợp"
    answer_the_rest(page, words, "12 Trần Phú")
    page.get_by_role("button", name="Xác nhận và nộp").click()
    expect(page.get_by_text("Hồ sơ của ông/bà đã được nộp")).to_be_visible()
    dossier = Dossier.objects.get()
    assert dossier.form["business_name"]["value"] == "Tạp hóa Lan"

    # And the office grants it
    Desk(live_server, open_page, signed_in).grant(dossier)

    # Then the certificate stands in the register, and the wish is fulfilled
    dossier.refresh_from_db()
    assert dossier.status == Status.RETURNED
    paper = Credential.objects.get(kind="household_business_certificate")
    assert (paper.holder_id, paper.details["dossier"]) == (world.lan.pk, dossier.code)
    matter = Suggestion.objects.get(rule__key="start_household_business")
    assert matter.state == SuggestionState.FULFILLED
    page.reload()
    expect(page.locator("main")).to_contain_text("Giấy chứng nhận đăng ký hộ kinh doanh")
