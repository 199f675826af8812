"""Why somebody gets a matter: unfolded where they read, or on a page of its own."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from procedures.models import Suggestion
from tests.browser_fixtures import OpenPage
from tests.journeys.conftest import World
from tests.journeys.test_accessible import SignIn

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_the_conditions_are_read_when_somebody_asks(
    world: World,
    live_server: LiveServer,
    open_page: OpenPage,
    signed_in: SignIn,
    javascript: bool,
) -> None:
    world.scan()
    waits = Suggestion.objects.get(subject=world.lan.party, rule__kind="credential_expiry")
    page = signed_in(open_page(width=390, javascript=javascript), world.user)
    page.goto(f"{live_server.url}/my/suggestions/{waits.public_id}/")
    conditions = page.locator(".conditions > li")
    expect(conditions).to_have_count(0)

    page.locator("details.why > summary").first.click()
    if not javascript:
        page.get_by_role("link", name="Đã xét những gì").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Đã xét những gì")

    expect(conditions.first).to_contain_text("Có giấy tờ hết hạn")
    assert page.url.endswith("/why/") is not javascript
