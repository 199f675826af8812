"""Sending a paper loses no answer: without script, both go with one press."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from dossiers.models import Draft, PreparedPaper
from procedures.models import Suggestion
from tests.browser_fixtures import OpenPage
from tests.dossiers.hostile_files import JPEG
from tests.factories.citizens import CredentialFactory
from tests.journeys.conftest import World
from tests.journeys.test_accessible import SignIn
from tests.sizes import SCRIPT

pytestmark = pytest.mark.slow
PAPER = FilePayload(name="anh.jpg", mimeType="image/jpeg", buffer=JPEG)


def _send(page: Page) -> None:
    slot = page.locator(".slot:visible").first
    slot.locator("input[type=file]").set_input_files(PAPER)
    slot.locator("button[name=send]").click()
    expect(page.locator(".slot__chosen")).to_contain_text("anh.jpg")


def _passport(world: World) -> str:
    CredentialFactory(
        holder=world.lan, kind="passport", register__code="XNC", category="", unit=world.lan.unit
    )
    world.scan()
    waits = Suggestion.objects.get(rule__key="passport_issue")
    return f"/my/suggestions/{waits.public_id}/"


@SCRIPT
@pytest.mark.parametrize("is_suggested", [True, False], ids=["suggested", "chosen"])
def test_a_paper_takes_the_answers_along(
    world: World,
    live_server: LiveServer,
    open_page: OpenPage,
    signed_in: SignIn,
    javascript: bool,
    is_suggested: bool,
) -> None:
    form = _passport(world) if is_suggested else "/my/procedures/passport_issue/form/"
    page = signed_in(open_page(width=390, javascript=javascript), world.user)
    page.goto(live_server.url + form)
    answer = page.locator("#answers input[type=radio]").last
    answer.check()

    _send(page)

    expect(answer).to_be_checked()
    assert PreparedPaper.objects.count() == Draft.objects.count() == 1
    page.locator("button[name=take_away]").first.click()
    expect(page.locator(".slot__chosen")).to_have_count(0)
    expect(answer).to_be_checked()


def test_enter_in_an_answer_sends_no_paper(
    world: World, live_server: LiveServer, open_page: OpenPage, signed_in: SignIn
) -> None:
    page = signed_in(open_page(width=390, javascript=False), world.user)
    page.goto(live_server.url + _passport(world))

    page.locator("#answers input[type=radio]").first.press("Enter")

    expect(page.locator("[data-focus]").or_(page.locator(".code__value")).first).to_be_visible()
