"""Hearing an audio programme in a browser: with scripts and without, for eyes, ears and axe."""

from __future__ import annotations

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from dossiers.services.take_sound import take_sound
from portal.demo.programmes import SOUNDS
from tests.browser_fixtures import OpenPage
from tests.journeys.accessible import RULES
from tests.procedures.programme_scene import on_air

pytestmark = pytest.mark.browser


@pytest.fixture
def address(transactional_db: None, live_server: LiveServer) -> str:
    """The address of a programme of the trial on air."""
    told = yaml.safe_load((SOUNDS / "programmes.yaml").read_text(encoding="utf-8"))[0]
    name = f"{told.pop('key')}.mp3"
    sound = take_sound(data=(SOUNDS / name).read_bytes(), given_name=name)
    row = on_air(sound=sound, **{**told, "events": (), "procedures": ()})
    return f"{live_server.url}/listen/{row.key}/"


def heard_at(page: Page) -> float:
    """Return the second at which the player stands."""
    at: float = page.locator("audio").evaluate("sound => sound.currentTime")
    return at


def test_a_press_on_a_time_is_heard_from_there(address: str, open_page: OpenPage) -> None:
    page = open_page(width=360)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if ".mp3" in one.url else None)
    page.goto(address, wait_until="networkidle")
    assert asked == []  # nothing is fetched before somebody wants to hear

    page.get_by_role("button", name="Nghe từ 0:24").click()

    marked = page.locator("[aria-current=true]")
    expect(marked).to_have_count(1)
    expect(marked).to_contain_text("Không có gì được nộp")
    assert heard_at(page) >= 24
    page.locator("audio").evaluate("sound => { sound.pause(); sound.currentTime = 5; }")
    expect(marked).to_contain_text("Mỗi đêm")


@pytest.mark.parametrize(("locale", "said"), [("vi-VN", "Mỗi đêm"), ("en-GB", "Every night")])
def test_without_scripts_it_is_played_kept_and_read(
    address: str, open_page: OpenPage, locale: str, said: str
) -> None:
    page = open_page(width=360, javascript=False, locale=locale)

    page.goto(address)

    expect(page.locator("audio[controls]")).to_be_visible()
    expect(page.locator(".heard__words")).to_contain_text(said)
    expect(page.locator(".heard__words button")).to_have_count(0)
    with page.expect_download() as kept:
        page.locator("a[download]").click()
    assert kept.value.suggested_filename.endswith(".mp3")


def test_the_pages_stand_in_nobodys_way(address: str, open_page: OpenPage) -> None:
    faults: list[str] = []
    for width in (360, 1280):
        page = open_page(width=width)
        for one in (address, address.rpartition("doi-")[0]):
            page.goto(one)
            assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                found = Axe().run(page, options=RULES).response["violations"]
                faults += [f"{one} {width} {scheme}: {fault['id']}" for fault in found]

    assert faults == []
