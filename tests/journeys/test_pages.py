"""Every page of the citizen: accessible in both colours and widths, strict policy, light."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.test.testcases import LiveServerThread
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from citizens.enums import FactTable, ViewPurpose
from citizens.models import User
from citizens.selectors import Origin
from citizens.services import record_access
from dossiers.services import contest_field, submit_dossier
from portal.common import clock
from portal.web.demo_phones import url_id
from portal.web.origins import token_of
from procedures.models import Suggestion
from procedures.selectors import version_in_force
from tests.browser_fixtures import OpenPage
from tests.factories.citizens import CredentialFactory
from tests.journeys.conftest import PHONE, World

PUBLIC = (
    "/",
    "/accounts/login/",
    "/procedures/",
    "/procedures/?q=mat+bang+lai",
    "/procedures/?q=xyzzy",
    "/procedures/driving_licence_renewal/",
    "/procedures/anywhere/",
    "/roadmap/",
    "/listen/",
    "/track/",
    "/call-back/",
    "/help/",
    "/help/fake-messages/",
    "/help/words/",
)
SignIn = Callable[[Page, User], Page]
BUDGET = 120 * 1024
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
}


def _addresses(world: World) -> list[str]:
    """Return the address of every page, with something on each."""
    world.scan()
    suggestion = Suggestion.objects.get()
    CredentialFactory(
        holder=world.lan, kind="passport", register__code="XNC", category="", unit=world.lan.unit
    )
    record_access(
        actor=world.officer,
        purpose=ViewPurpose.DOSSIER,
        page="dossier",
        fields=["full_name", "papers"],
        subject_ids=[world.lan.pk],
    )
    world.scan()
    passport = Suggestion.objects.exclude(pk=suggestion.pk).get()
    procedure = suggestion.rule.procedure
    assert procedure is not None
    dossier = submit_dossier(
        applicant=world.lan,
        suggestion=suggestion,
        version=version_in_force(procedure=procedure, day=world.today),
        answers={"delivery": "Trực tiếp"},
        now=clock.now(),
    )
    letter = world.lan.party.messages.filter(topic="credential_expiring").earliest("pk")
    waiting = f"/my/suggestions/{passport.public_id}/"
    address = Origin(FactTable.CITIZEN, world.lan.pk, "current_address")
    contest_field(citizen=world.lan, origin=address, stated="Tổ 5", note="", day=world.today)
    contested = token_of(origin=address, citizen=world.lan)
    return [
        "/my/",
        waiting,
        f"{waiting}snooze/",
        f"{waiting}dismiss/",
        "/my/dossiers/",
        f"/my/dossiers/{dossier.public_id}/",
        f"/my/dossiers/{dossier.public_id}/withdraw/",
        "/my/calendar/",
        "/my/why/",
        "/my/why/passport_issue/",
        "/my/why/social_pension/",
        "/my/papers/",
        "/my/data/",
        f"/my/data/{contested}/contest/",
        "/my/wishes/",
        "/my/wishes/house_build/",
        "/my/wishes/house_build/?work_kind=Nh%C3%A0+%E1%BB%9F+ri%C3%AAng+l%E1%BA%BB&floors=3",
        "/my/inbox/",
        f"/my/inbox/{letter.public_id}/",
        "/my/views/",
        "/my/choices/",
        "/my/kept/",
        "/offline/",
        "/my/requests/",
        "/my/requests/new/restrict/",
        "/my/requests/new/copy/",
        "/demo/phones/",
        f"/demo/phones/{url_id(PHONE)}/",
    ]


def _faults(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{fault['id']}: {[node['html'] for node in fault['nodes']][:3]}" for fault in found]


def _too_wide(page: Page) -> bool:
    wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return bool(wide)


@pytest.mark.slow
def test_nothing_stands_in_anybodys_way(
    world: World, live_server: LiveServer, open_page: OpenPage, signed_in: SignIn
) -> None:
    addresses = _addresses(world)
    faults: dict[str, list[str]] = {}
    for width in (360, 1280):
        page = open_page(width=width)
        for address in [*PUBLIC, *addresses]:
            if address == "/my/":
                signed_in(page, world.user)
            response = page.goto(live_server.url + address)
            assert response is not None
            assert response.status == 200, address
            expect(page.locator("h1")).to_have_count(1)
            if _too_wide(page):
                faults.setdefault(f"{address} {width}", []).append("wider than the screen")
            for scheme in ("light", "dark"):
                # Without motion, or colours would be measured on their way to the other set.
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                found = _faults(page)
                if found:
                    faults[f"{address} {width} {scheme}"] = found

    assert faults == {}


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
