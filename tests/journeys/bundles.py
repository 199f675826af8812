"""What the journeys of bundles share: answering a form, deciding at a desk, the bell, the case."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from citizens.models import User
from dossiers.models import BundleStep, Dossier
from dossiers.services.file_next_steps import file_next_steps
from portal.common import clock
from tests.browser_fixtures import OpenPage
from tests.dossiers.hostile_files import JPEG
from tests.factories.citizens import GrantFactory, OfficialFactory

SignIn = Callable[[Page, User], Page]


class Desk:
    """Officials of whatever office has a dossier, each at a screen of their own."""

    def __init__(self, live_server: LiveServer, open_page: OpenPage, signed_in: SignIn) -> None:
        self.url, self.open_page, self.signed_in = live_server.url, open_page, signed_in
        self.pages: dict[int, Page] = {}

    def open(self, dossier: Dossier) -> Page:
        """Show the dossier to an official of the office that decides it."""
        office = dossier.competent
        if office.pk not in self.pages:
            official = OfficialFactory(agency=office)
            GrantFactory(official=official, unit=office.unit)
            self.pages[office.pk] = self.signed_in(self.open_page(width=1280), official.user)
        page = self.pages[office.pk]
        page.goto(f"{self.url}/admin/dossiers/{dossier.public_id}/")
        return page

    def grant(self, dossier: Dossier, **typed: str) -> None:
        """Take it up, grant it, hand the result over for its fee; the bell rings as beat does."""
        page = self.open(dossier)
        scan_what_is_brought(page)
        page.locator("button[name=press][value=take_up]").click()
        expect(page.locator("button[name=press][value=approve]")).to_be_visible()
        for name in ("number", "book", "pin", "amount"):
            otherwise = "10.000.000" if name == "amount" else "01/2026"
            line, value = page.locator(f"input[name={name}]"), typed.get(name, otherwise)
            if line.count() and (name in typed or name != "pin"):
                line.fill(value)
        page.locator("button[name=press][value=approve]").click()
        expect(page.locator("button[name=press][value=approve]")).to_have_count(0)
        file_next_steps(now=clock.now())
        page = self.open(dossier)
        fee = page.locator("form[action$='/fee/paid/'] button")  # taken where the result is fetched
        if fee.count():
            fee.click()
            expect(fee).to_have_count(0)
        page.locator("button[name=press][value=return_result]").first.click()
        expect(page.locator("button[name=press][value=return_result]")).to_have_count(0)


def scan_what_is_brought(page: Page) -> None:
    """Lay a scan to each paper that is on paper only, as an official does before the work."""
    form = page.locator(".papers__scan")
    for left in range(form.count(), 0, -1):
        scan = {"name": "quet.jpg", "mimeType": "image/jpeg", "buffer": JPEG}
        form.first.locator("input[type=file]").set_input_files(scan)  # type: ignore[arg-type]
        form.first.locator("button").click()
        expect(form).to_have_count(left - 1)


def answer_the_rest(page: Page, words: dict[str, str], otherwise: str) -> None:
    """Answer what nobody knows: by `words`, else the first choice, else a word that fits."""
    form = page.locator("form[aria-labelledby=rest]")
    for field in form.locator("fieldset").all():
        if field.locator("input:checked").count() == 0:
            field.locator("input").first.check()
    for choice in form.locator("select").all():
        if not choice.input_value():
            choice.select_option(index=1)
    lines = "input[type=text], input[type=tel], input[type=datetime-local], textarea"
    for line in form.locator(lines).all():
        name = line.get_attribute("name") or ""
        if line.input_value():
            continue
        is_instant = line.get_attribute("type") == "datetime-local"
        line.fill(words.get(name, "2099-12-01T09:00" if is_instant else otherwise))


def dossier_of(code: str) -> Dossier:
    """Return the dossier of the step of this procedure."""
    step = BundleStep.objects.select_related("dossier__competent").get(procedure__code=code)
    assert step.dossier is not None
    return step.dossier


def states() -> dict[str, str]:
    """Return the steps of the one case by code."""
    rows = BundleStep.objects.order_by("position")
    return dict(rows.values_list("procedure__code", "state"))
