"""Every page of the desk: no fault that axe knows of our own making, in both colours and widths."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle

import pytest
from django.test import Client
from playwright.sync_api import Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from citizens.models import User
from tests.browser_fixtures import OpenPage
from tests.journeys.accessible import Scheme, axe_faults
from tests.journeys.conftest import World
from tests.journeys.desk_rows import full_desk, pages
from tests.office.places import signed_in as client_of
from tests.sizes import BROWSERS

pytestmark = [pytest.mark.slow, pytest.mark.ignore_template_errors]
SignIn = Callable[[Page, User], Page]
LOOKS: tuple[tuple[int, Scheme], ...] = ((390, "light"), (1280, "dark"))
# What is asked for above all: a page that goes, or opens no more, is missed here.
WANTED = {
    "index", "office_queue", "office_dossier", "office_counter", "office_counter_person",
    "citizens_citizen_changelist", "citizens_citizen_change", "office_registers", "office_register",
    "office_batch", "citizens_grant_add", "procedures_rule_changelist", "procedures_rule_change",
    "office_rehearsal", "procedures_ruleversion_change", "office_rehearsal_people", "office_texts",
    "office_text_topic", "office_text_version", "notifications_message_changelist",
    "notifications_message_change",
    "office_late", "office_payments", "office_reports", "office_breaches", "office_breach",
    "office_exchange", "office_exchange_outbox", "office_exchange_inbox",
    "office_exchange_differences", "office_exchange_row", "office_exchange_word",
    "office_exchange_difference", "office_exchange_act", "office_exchange_compare",
}  # fmt: skip
# Django's own fields that complete what is typed (select2): a span with the role of a combobox and
# no name of its own; the label names the field beneath, which they hide.
OTHERS = (".select2-container",)
PARTS = {"search"}  # of a page, not a page


def _opened(client: Client) -> dict[str, str]:
    """Return the pages that open; the rest are files, presses, and ways to another page."""
    found = {}
    for name, address in pages().items():
        answer = client.get(address)
        if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
            found[name] = address
        answer.close()
    return {name: found[name] for name in found.keys() - PARTS}


def _looks(official: User) -> list[tuple[int, Scheme, str]]:
    """Return what is wanted, at one of the widths by turns; `make browsers` all pages at both."""
    if BROWSERS:
        opened = _opened(client_of(official))
        assert WANTED - opened.keys() == set()
        return [(*look, address) for look in LOOKS for address in opened.values()]
    made = pages()
    asked = [made[name] for name in sorted(WANTED)]
    return sorted((*look, one) for look, one in zip(cycle(LOOKS), asked, strict=False))


def test_no_page_of_the_desk_stands_in_anybodys_way(
    world: World,
    live_server: LiveServer,
    open_page: OpenPage,
    signed_in: SignIn,
    settings: Settings,
) -> None:
    settings.NATIONAL_PORTAL_URL = "demo+unix://demo:demo@/nowhere/partner.sock"
    official = full_desk(world)
    page = signed_in(open_page(width=390), official)
    page.context.set_default_timeout(60_000)  # a busy machine is no fault of a page
    faults: list[str] = []

    for width, first, address in _looks(official):
        page.set_viewport_size({"width": width, "height": 900})
        answer = page.goto(live_server.url + address)
        assert answer is not None
        assert answer.status == 200, address
        faults += [f"{address} {width}: {one}" for one in axe_faults(page, first, OTHERS)]

    assert page.evaluate("document.documentElement.classList.contains('dark')")
    assert "\n".join(faults) == ""
