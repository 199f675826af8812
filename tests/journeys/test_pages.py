"""The pages of the citizen: English one press away, and light over the wire."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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
BUDGET, FIRST_VISIT = 120 * 1024, 250 * 1024
# To collect and compress the desk's own files would take longer than all the rest.
OF_THE_DESK = ["admin", "unfold", "rest_framework", "gis"]


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
    settings.WHITENOISE_AUTOREFRESH = False
    settings.WHITENOISE_USE_FINDERS = False
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=OF_THE_DESK)
    server = LiveServerThread("127.0.0.1", static_handler=_unwrapped)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    assert server.error is None
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


@dataclass
class Scales:
    """A browser that was never here, and what each of its visits weighs over the wire."""

    page: Page
    weights: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin to weigh; a busy machine is no fault of a page."""
        self.page.context.set_default_timeout(60_000)
        network = self.page.context.new_cdp_session(self.page)
        network.on("Network.loadingFinished", self._note)
        network.send("Network.enable")

    def _note(self, event: dict[str, Any]) -> None:
        self.weights.append(event["encodedDataLength"])

    def visit(self, address: str) -> float:
        """Return the bytes that this visit brought."""
        self.weights.clear()
        self.page.goto(address, wait_until="networkidle")
        return sum(self.weights)


PUBLIC = (
    "/", "/procedures/?all", "/procedures/driving_licence_renewal/", "/map/", "/map/quality/",
    "/roadmap/", "/listen/", "/help/words/", "/track/", "/verify/", "/accounts/login/",
)  # fmt: skip


def test_the_first_visit_is_light_and_the_next_lighter(
    served_as_in_production: str, open_page: OpenPage
) -> None:
    """A phone that never was here takes type, style and page; then a page alone."""
    first, again = {}, {}
    for path in PUBLIC:
        scales = Scales(open_page(width=360))
        first[path] = scales.visit(served_as_in_production + path)
        again[path] = scales.visit(served_as_in_production + path)

    assert min(first.values()) > 20_000
    assert {path: bytes_ for path, bytes_ in first.items() if bytes_ >= FIRST_VISIT} == {}
    assert {path: bytes_ for path, bytes_ in again.items() if bytes_ >= BUDGET} == {}


def test_my_matters_is_light(
    world: World, served_as_in_production: str, open_page: OpenPage, signed_in: SignIn
) -> None:
    world.scan()
    page = open_page(width=360)
    hosts: set[str | None] = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    signed_in(page, world.user)
    scales = Scales(page)

    weight = scales.visit(f"{served_as_in_production}/my/")

    assert page.locator(".card--lead").count() == 1
    assert len(scales.weights) > 5
    assert hosts == {"127.0.0.1"}
    assert 20_000 < weight < BUDGET
