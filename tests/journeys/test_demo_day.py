"""A day of a receptionist and a case officer, in a real browser: presses and seconds a dossier.

`make browsers` goes through all forty dossiers, other runs through some. Run it with `-s`.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import cycle
from typing import Any

import pytest
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from citizens.enums import Role
from citizens.models import Agency, Citizen, Unit, User
from dossiers.enums import Status
from dossiers.models import AnswerText, Dossier
from dossiers.services import submit_dossier
from portal.common import clock
from procedures.models import Procedure
from procedures.selectors import version_in_force
from tests.browser_fixtures import OpenPage
from tests.factories.citizens import (
    CitizenFactory,
    ContactPointFactory,
    GrantFactory,
    HouseholdFactory,
    OfficialFactory,
)
from tests.journeys.conftest import World
from tests.journeys.test_page_budgets import ASKS_NOTHING
from tests.sizes import BROWSERS

pytestmark = pytest.mark.slow

DOSSIERS = 40 if BROWSERS else 5
MOST_QUERIES = 20
# What a dossier may take of both hands, a field filled counting once, however many letters.
# At the counter: card, procedure, *begin*, *it is right*, a field, *go on*, box, *file*, *next*.
AT_THE_COUNTER = 9
# At the desk: `j`, Enter, `a`, Enter (granted), `a`, Enter (handed over), `u`.
AT_THE_DESK = 7
# Who lacks a paper: the dossier found by its code (5), asked for (4), begun anew (2); and at the
# reception found again (5), said to be there (2).
LACKS = 5  # one dossier of so many
FOR_A_PAPER, OF_A_PAPER = 11, 7
# The queue opened, and each press for many: what it is for chosen and shown (2), all, the press, it
# is right (4); of a page of thirty at a time.
FOR_ALL = 2 + 2 * (2 + 4 * (1 + DOSSIERS // 30))
ASKED = "Đề nghị bổ sung bản chụp giấy tờ còn thiếu."


@dataclass
class Served:
    """Queries of the pages that the server gave while the day ran, by the name of the address."""

    most: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def watch(self, get_response: Callable[..., Any]) -> Callable[..., Any]:
        """Return a `get_response` that counts what each page asks."""

        def counted(handler: Any, request: HttpRequest) -> HttpResponseBase:
            asked = Counter[str]()

            def count(execute: Any, sql: str, *rest: Any) -> Any:
                asked["all"] += not ASKS_NOTHING.match(sql.strip())
                return execute(sql, *rest)

            with connection.execute_wrapper(count):
                response: HttpResponseBase = get_response(handler, request)
            match = request.resolver_match
            if match is not None and response.status_code == 200:
                with self._lock:
                    name = f"{request.method} {match.url_name}"
                    self.most[name] = max(self.most[name], asked["all"])
            return response

        return counted


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Served:
    found = Served()
    monkeypatch.setattr(BaseHandler, "get_response", found.watch(BaseHandler.get_response))
    return found


@dataclass
class Hand:
    """Somebody's hand: a page, with what was pressed on it and how long it took."""

    page: Page
    home: str
    presses: int = 0
    seconds: list[float] = field(default_factory=list)

    def open(self, name: str, *keys: Any) -> None:
        """Open a page by its link of the side bar."""
        self.page.goto(f"{self.home}{reverse(f'admin:{name}', args=keys)}")
        self.presses += 1

    def key(self, name: str) -> None:
        """Press one key."""
        self.page.keyboard.press(name)
        self.presses += 1

    def click(self, what: Locator) -> None:
        """Press once on something."""
        what.click()
        self.presses += 1

    def fill(self, what: Locator, words: str) -> None:
        """Fill a field: once, however long the words are."""
        what.fill(words)
        self.presses += 1

    def choose(self, what: Locator, **which: Any) -> None:
        """Choose from a list."""
        what.select_option(**which)
        self.presses += 1

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Take the time of one dossier."""
        begun = time.perf_counter()
        yield
        self.seconds.append(time.perf_counter() - begun)

    def do_what_is_next(self) -> None:
        """Go to the next step by its key and take it; wait for the page that follows."""
        self.key("a")
        self.focused(self.page.locator("[data-main]"))
        with self.page.expect_navigation():
            self.key("Enter")

    def wait_for(self, what: Locator) -> None:
        """Wait until something is there."""
        expect(what).to_be_visible()

    def focused(self, what: Locator) -> None:
        """Wait until the page has laid the focus where the next key is meant for."""
        expect(what).to_be_focused()


@dataclass
class Office:
    """A commune's office with its two officials, and who comes today."""

    agency: Agency
    receptionist: User
    officer: User
    people: list[Citizen]

    @property
    def at_counter(self) -> list[Citizen]:
        """Those who come to the counter: three of five."""
        return [one for turn, one in enumerate(self.people) if turn % 5 < 3]

    @property
    def online(self) -> list[Citizen]:
        """Those who filed from home."""
        return [one for turn, one in enumerate(self.people) if turn % 5 >= 3]


# Procedure, and what the counter asks of it: the name of each field with its answer.
_PENSION = ("social_pension", {"other_benefit": 1})
POOR = ("poor_household_recognition", {"reason": "Mất mùa"})
_REVIEW = ("poor_household_annual_review", {"reason": "Rà soát hằng năm"})
MATTERS: tuple[tuple[str, dict[str, Any]], ...] = (POOR, _REVIEW, _PENSION)


@pytest.fixture
def office(world: World) -> Office:
    ward = world.lan.unit
    agency = Agency.objects.get(kind="ubnd_xa", unit=ward, valid__contains=world.today)
    staff = []
    for role in (Role.RECEPTIONIST, Role.CASE_OFFICER):
        official = OfficialFactory(agency=agency)
        GrantFactory(official=official, role=role, unit=ward)
        staff.append(official.user)
    people = [_neighbour(number, ward) for number in range(DOSSIERS)]
    AnswerText.objects.create(
        agency=agency, title="Thiếu giấy", body=ASKED, written_by=staff[1], written_at=clock.now()
    )
    return Office(agency, staff[0], staff[1], people)


def _neighbour(number: int, ward: Unit) -> Citizen:
    """Return somebody of the ward who lives alone and can be written to."""
    person: Citizen = CitizenFactory(
        unit=ward, birth_date=date(1946, 3, 14), given_name=f"Lan{number:02}"
    )
    ContactPointFactory(party=person.party, verified_at=clock.now())
    HouseholdFactory(head=person, unit=ward)
    return person


def test_two_officials_finish_the_demo_day(
    office: Office,
    served: Served,
    live_server: LiveServer,
    open_page: OpenPage,
    signed_in: Callable[[Page, User], Page],
) -> None:
    for person, (key, _answers) in zip(office.online, cycle((POOR, _REVIEW)), strict=False):
        filed_from_home(person, key)
    reception = Hand(signed_in(open_page(), office.receptionist), live_server.url)
    desk = Hand(signed_in(open_page(), office.officer), live_server.url)

    _counter(reception, office)
    _take_up(desk)
    lacking = list(Dossier.objects.order_by("pk"))[::LACKS]
    for dossier in lacking:
        _ask_for_a_paper(desk, dossier)
    for dossier in lacking:
        _add_the_paper(reception, dossier)
    _finish(desk)

    done = Dossier.objects.filter(status=Status.RETURNED).count()
    _print(reception, desk, served, done)
    assert done == DOSSIERS
    visits, papers = len(office.at_counter), len(lacking)
    assert reception.presses <= 1 + AT_THE_COUNTER * visits + OF_A_PAPER * papers
    assert desk.presses <= AT_THE_DESK * DOSSIERS + FOR_A_PAPER * papers + FOR_ALL
    assert {name: most for name, most in served.most.items() if most > MOST_QUERIES} == {}
    assert {"GET office_queue", "GET office_dossier", "GET office_counter_form"} <= set(served.most)


def _print(reception: Hand, desk: Hand, served: Served, done: int) -> None:
    """Say what the day took: `-s` shows it."""
    for who, hand, what in (
        ("receptionist", reception, "visits"),
        ("case officer", desk, "dossiers"),
    ):
        each = sorted(hand.seconds)
        sys.stdout.write(
            f"{who}: {hand.presses} presses, {hand.presses / done:.1f} a dossier of {done};"
            f" {len(each)} {what}, {sum(each) / len(each):.1f} s each (most {each[-1]:.1f} s)\n"
        )
    for name, most in served.most.most_common():
        sys.stdout.write(f"{most:3} queries at most: {name}\n")


def _counter(hand: Hand, office: Office) -> None:
    """Take in whoever comes to the counter, one after the other."""
    hand.open("office_counter")
    for person, (key, answers) in zip(office.at_counter, cycle(MATTERS), strict=False):
        with hand.at_work():
            serve(hand, person, key, answers)


def _take_up(hand: Hand) -> None:
    """Begin with everything: what came from home is received by the same press."""
    page = hand.page
    hand.open("office_queue")
    for press, status in (("take_up", Status.REGISTERED), ("start_processing", Status.RECEIVED)):
        hand.choose(page.locator("select[name=status]"), value=str(status.value))
        hand.click(page.locator("form.sieve button[type=submit]"))
        page.wait_for_url(f"**status={status.value}**")
        while page.locator("[data-pick-all]").count():
            hand.click(page.locator("[data-pick-all]"))
            hand.click(page.locator(f"#bulk button[value={press}]"))
            hand.wait_for(page.locator("form.bulk [data-main]"))
            hand.do_what_is_next()
            page.wait_for_url("**/queue/?**")


def _ask_for_a_paper(hand: Hand, dossier: Dossier) -> None:
    """Ask for a paper with a text of the agency."""
    page = hand.page
    _find(hand, dossier)
    form = page.locator("details.reasoned", has=page.locator("[name=components]"))
    hand.click(form.locator("summary"))
    hand.click(form.locator("[name=components]").first)
    hand.choose(form.locator("[data-insert]"), value=ASKED)
    hand.click(form.locator("button[value=request_supplement]"))
    hand.wait_for(page.get_by_text("Yêu cầu bổ sung”."))


def _add_the_paper(hand: Hand, dossier: Dossier) -> None:
    """Say that what was asked for is there."""
    _find(hand, dossier)
    hand.do_what_is_next()


def _find(hand: Hand, dossier: Dossier) -> None:
    """Look a dossier up by its code, and open it."""
    page = hand.page
    hand.open("office_queue")
    hand.key("/")
    hand.fill(page.locator("[data-search]"), dossier.code)
    page.keyboard.press("Enter")
    hand.wait_for(page.get_by_text(dossier.code).first)
    page.wait_for_url("**q=**")
    hand.key("j")
    hand.key("Enter")
    hand.wait_for(page.locator("#next"))


def _finish(hand: Hand) -> None:
    """Take the first dossier of the queue until there is none: grant it, hand the result over."""
    page = hand.page
    hand.open("office_queue")
    while page.locator("[data-queue] .queue__open").count():
        with hand.at_work():
            hand.key("j")
            hand.key("Enter")
            hand.wait_for(page.locator("#next"))
            for press in ("start_processing", "approve", "return_result"):
                if page.locator(f"[data-main][value={press}]").count():
                    hand.do_what_is_next()
            hand.key("u")
            page.wait_for_url("**/queue/?where=agency")


def filed_from_home(person: Citizen, key: str) -> Dossier:
    """File somebody's dossier from home."""
    procedure = Procedure.objects.get(key=key)
    version = version_in_force(procedure=procedure, day=clock.today())
    return submit_dossier(
        applicant=person,
        suggestion=None,
        version=version,
        answers={"reason": "Mất mùa"},
        now=clock.now(),
    )


def serve(
    hand: Hand, person: Citizen, key: str, answers: dict[str, Any], *, goes_on: bool = True
) -> None:
    """Take a dossier in at the counter: from the card to the next person, if it `goes_on`."""
    page = hand.page
    card = page.locator("#card")
    hand.focused(card)
    hand.fill(card, person.pin or "")
    page.keyboard.press("Enter")  # the scanner's own
    hand.choose(page.locator("#procedure"), value=key)
    hand.click(page.get_by_role("button", name="Bắt đầu", exact=True))
    hand.focused(page.locator("button[name=press][value=check]"))
    hand.key("Enter")
    main = page.locator("button[name=press][value=answer]")
    for name, answer in answers.items():
        _answer(hand, page.locator(f"[name$={name}]"), answer)
    hand.click(main)
    papers = page.locator("button[name=press][value=papers]")
    confirm = page.locator("button[name=press][value=confirm]")
    expect(papers.or_(confirm)).to_be_visible()
    if papers.is_visible():
        hand.key("Enter")
    hand.click(page.locator("input[name=confirmed]"))
    hand.click(confirm)
    following = page.get_by_role("link", name="Người tiếp theo")
    hand.focused(following)
    if goes_on:
        hand.key("Enter")


def _answer(hand: Hand, what: Locator, answer: Any) -> None:
    if isinstance(answer, int):
        if what.first.evaluate("one => one.tagName") == "SELECT":
            hand.choose(what, index=answer)
        else:
            hand.click(what.nth(answer))
    else:
        hand.fill(what, answer)
