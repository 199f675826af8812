"""Pages of the desk besides the day's work: no fault that axe knows, in both colours and widths."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from citizens.enums import Role
from citizens.models import Agency, User
from tests.browser_fixtures import OpenPage
from tests.factories.citizens import GrantFactory, OfficialFactory
from tests.journeys.accessible import Scheme, axe_faults
from tests.journeys.conftest import World

pytestmark = pytest.mark.slow
SignIn = Callable[[Page, User], Page]
PAGES = (
    "index",
    "office_late",
    "office_training",
    "office_first_day",
    "office_breaches",
    "office_breach_new",
    "office_registers",
    "office_programmes",
)


def test_no_fault_on_the_pages_beside_the_day(
    world: World, live_server: LiveServer, open_page: OpenPage, signed_in: SignIn
) -> None:
    agency = Agency.objects.get(kind="ubnd_tinh", valid__contains=world.today)
    official = OfficialFactory(agency=agency)
    for role in Role:
        GrantFactory(official=official, role=role, unit=agency.unit)
    page = signed_in(open_page(width=390), official.user)
    page.context.set_default_timeout(60_000)  # a busy machine is no fault of a page
    faults: list[str] = []

    looks: tuple[tuple[int, Scheme], ...] = ((390, "light"), (1280, "dark"))
    for width, first in looks:
        page.set_viewport_size({"width": width, "height": 900})
        for name in PAGES:
            answer = page.goto(live_server.url + reverse(f"admin:{name}"))
            assert answer is not None
            assert answer.status == 200, name
            faults += [f"{name} {width}: {one}" for one in axe_faults(page, first)]

    assert "\n".join(faults) == ""
