"""The pages of the citizen: English one press away, and light over the wire."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.test.testcases import LiveServerThread
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from citizens.models import User
from tests.browser_fixtures import OpenPage
from tests.journeys.conftest import World

SignIn = Callable[[Page, User], Page]
BUDGET = 120 * 1024


def test_english_is_one_press_away(
    world: World, live_server: LiveServer, open_page: OpenPage, signed_in: SignIn
) -> None:
    world.scan()
    page = signed_in(open_page(width=360, javascript=False), world.user)
    page.goto(f"{live_server.url}/my/")

    page.get_by_role("button", name="English").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("link", name="Check and confirm")).to_be_visible()
    page.get_by_role("button", name="Tiếng Việt").click()
    expect(page.get_by_role("link", name="Xem và xác nhận")).to_be_visible()


_unwrapped: Any = lambda application: application  # noqa: E731 - no files before WhiteNoise


@pytest.fixture
def served_as_in_production(world: World, settings: Settings, tmp_path: Path) -> Iterator[str]:
    """The portal with collected, hashed and compressed files served by WhiteNoise."""
    settings.STATIC_ROOT = tmp_path
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.WHITENOISE_AUTOREFRESH = False
    settings.WHITENOISE_USE_FINDERS = False
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    server = LiveServerThread("127.0.0.1", static_handler=_unwrapped)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    assert server.error is None
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


def test_my_matters_is_light(
    world: World, served_as_in_production: str, open_page: OpenPage, signed_in: SignIn
) -> None:
    world.scan()
    page = open_page(width=360)
    client_of = world.user
    network = page.context.new_cdp_session(page)
    weights: list[float] = []
    hosts: set[str | None] = set()
    network.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    network.send("Network.enable")
    signed_in(page, client_of)

    page.goto(f"{served_as_in_production}/my/", wait_until="networkidle")

    assert page.locator(".card--lead").count() == 1
    assert len(weights) > 5
    assert hosts == {"127.0.0.1"}
    assert 20_000 < sum(weights) < BUDGET
