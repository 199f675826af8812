"""Every page of the address table is for everybody: in both languages, colours and widths.

Always run one of the four combinations of language and width for each page, in turns; all four by
`make browsers` (PORTAL_BROWSERS=full). What is asked: docs/accessibility.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from citizens.models import User
from tests.browser_fixtures import OpenPage
from tests.journeys.accessible import Scheme, axe_faults, nameless, rule_faults
from tests.journeys.conftest import Home, World
from tests.journeys.sampled import sample
from tests.sizes import BROWSERS

pytestmark = pytest.mark.slow
SignIn = Callable[[Page, User], Page]
LANGUAGES = ("vi", "en")
NARROW, WIDE = 320, 1280
# 1280 by 1024 at 400 % is as many CSS pixels as the first.
HEIGHTS = {NARROW: 256, WIDE: 900}


def _turns(place: int) -> Iterator[tuple[str, int]]:
    """Return the languages and widths in which the page at this place of the list is looked at."""
    for at, (language, width) in enumerate(product(LANGUAGES, (NARROW, WIDE))):
        if at == place % 4 or BROWSERS:
            yield language, width


def test_every_page_is_for_everybody(
    world: World, home: Home, live_server: LiveServer, open_page: OpenPage, signed_in: SignIn
) -> None:
    told = sample(world, home)
    assert told.unsampled() == set()
    page = open_page(width=NARROW)
    page.context.set_default_timeout(60_000)  # a busy machine is no fault of a page
    everybody = told.by_user()
    everybody[None].append("/accounts/login/")
    places = {one: at for at, one in enumerate(one for rows in everybody.values() for one in rows)}
    faults: list[str] = []
    for language, (user, addresses) in product(LANGUAGES, everybody.items()):
        page.context.clear_cookies()
        page.context.add_cookies(
            [{"name": "django_language", "value": language, "url": live_server.url}]
        )
        if user is not None:
            User.objects.filter(pk=user.pk).update(language=language)
            signed_in(page, user)
        for address in addresses:
            for width in [wide for own, wide in _turns(places[address]) if own == language]:
                found = _look(page, live_server.url + address, language, width)
                faults += [f"{address} {language} {width}: {one}" for one in found]

    assert "\n".join(faults) == ""


def _look(page: Page, address: str, language: str, width: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    if page.locator("html").get_attribute("lang") != language:
        return ["another language"]
    first: Scheme = "light" if (language == "vi") == (width == NARROW) else "dark"
    return axe_faults(page, first) + nameless(page) + rule_faults(page)
