"""Ten journeys of citizens, in both languages, on phone and desktop, with and without script.

Each is written once. A combination is one test, in which the ten follow each other in one city:
four combinations, in which every pair of the three choices meets, run always; `make browsers` runs
all eight (PORTAL_BROWSERS=full).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import pytest
from django.utils import translation
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from citizens.models import Citizen, Discrepancy, User
from dossiers.models import Dossier
from notifications.models import Message
from notifications.rules.notices import Notice, NoticeKind
from notifications.services import sign_notice
from portal.common import clock
from procedures.models import Suggestion
from tests.browser_fixtures import OpenPage
from tests.factories.citizens import CredentialFactory, UserFactory
from tests.journeys.bundles import answer_the_rest
from tests.journeys.conftest import PHONE, Home, World
from tests.sizes import BROWSERS

pytestmark = pytest.mark.slow
SignIn = Callable[[Page, User], Page]
Combination = tuple[str, int, bool]

ALL: list[Combination] = list(product(("vi", "en"), (390, 1280), (True, False)))
# Any two of the three choices meet in one of these four.
PAIRWISE = [one for one in ALL if (one[0] == "en") ^ (one[1] == 1280) ^ one[2]]
CHOSEN = ALL if BROWSERS else PAIRWISE
# Words that no name, and no Vietnamese word typed without its accents, is made of.
FOREIGN = {
    "vi": re.compile(r"\b(your|you|please|with|until|from|what|this)\b", re.IGNORECASE),
    "en": re.compile(r"ông/bà|Vui lòng|Xin mời|của tôi", re.IGNORECASE),
}


@dataclass
class Reader:
    """A person at a screen, who reads one language."""

    page: Page
    address: str
    language: str
    has_script: bool

    def word(self, msgid: str, **values: object) -> str:
        """Return what the portal says in the reader's language."""
        with translation.override(self.language):
            return translation.gettext(msgid) % values if values else translation.gettext(msgid)

    def open(self, path: str) -> None:
        """Go to an address and look at what is there."""
        self.page.goto(self.address + path)
        self.looks()

    def press(self, msgid: str) -> None:
        """Press a button and look at what comes."""
        self.page.get_by_role("button", name=self.word(msgid)).first.click()
        self.page.wait_for_load_state()
        self.looks()

    def follow(self, msgid: str) -> None:
        """Follow a link and look at what comes."""
        self.page.get_by_role("link", name=self.word(msgid)).first.click()
        self.page.wait_for_load_state()
        self.looks()

    def sees(self, msgid: str) -> None:
        """Hold that the page says this in the reader's language."""
        expect(self.main).to_contain_text(self.word(msgid))

    @property
    def main(self) -> Locator:
        """The part of the page that is no frame."""
        return self.page.locator("main")

    def looks(self) -> None:
        """Hold what is true of every page: its language, one heading, no sideways scrolling."""
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        expect(self.page.locator("h1")).to_have_count(1)
        wide = "document.documentElement.scrollWidth > window.innerWidth"
        assert not self.page.evaluate(wide), self.page.url
        found = FOREIGN[self.language].findall(self.main.inner_text())
        assert found == [], self.page.url


@pytest.fixture
def patience() -> Iterator[None]:
    """Wait longer than usual for what is expected: ten journeys share the machine with others."""
    expect.set_options(timeout=30_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.mark.usefixtures("patience")
@pytest.mark.parametrize(
    ("language", "width", "has_script"),
    CHOSEN,
    ids=[f"{one}-{wide}-{'script' if has else 'plain'}" for one, wide, has in CHOSEN],
)
def test_ten_journeys(
    world: World,
    home: Home,
    widow: Citizen,
    live_server: LiveServer,
    open_page: OpenPage,
    signed_in: SignIn,
    language: str,
    width: int,
    has_script: bool,
) -> None:
    CredentialFactory(
        holder=world.lan, kind="passport", register__code="XNC", category="", unit=world.lan.unit
    )
    world.scan()

    def reader(person: Citizen | None = None) -> Reader:
        page = open_page(width=width, javascript=has_script, locale=f"{language}-VN")
        page.context.set_default_timeout(60_000)  # a busy machine is no fault of a page
        page.context.add_cookies(
            [{"name": "django_language", "value": language, "domain": "localhost", "path": "/"}]
        )
        if person is not None:
            user = User.objects.filter(citizen=person).first() or UserFactory(citizen=person)
            User.objects.filter(pk=user.pk).update(language=language)
            signed_in(page, user)
        return Reader(page, live_server.url, language, has_script)

    lan, anybody = reader(world.lan), reader()
    put_off_and_dismiss(lan)
    code = renew(lan)
    contest(lan)
    choose(lan)
    see_who_looked(lan)
    search_and_begin(lan)
    track(anybody, code)
    verify_a_paper(anybody)
    check_a_message(anybody)
    file_a_bundle(reader(home.mother), "birth")
    file_a_bundle(reader(widow), "death")


def renew(lan: Reader) -> str:
    """From the notice to the filed dossier: three screens, two presses (one answer is asked)."""
    lan.open("/my/")
    presses = 0
    lan.page.locator(f"a[href='{_matter('driving_licence_renewal')}']").last.click()
    presses += 1
    lan.looks()
    lan.page.locator("form[aria-labelledby=rest] input[type=radio]").first.check()
    lan.press("Confirm and file")
    presses += 1
    expect(lan.page).to_have_url(re.compile("/my/dossiers/"))
    code = Dossier.objects.get(applicant__user__username="lan").code
    expect(lan.page.locator(".code__value")).to_have_text(code)
    assert presses == 2
    return code


def _matter(rule: str) -> str:
    return f"/my/suggestions/{Suggestion.objects.get(rule__key=rule).public_id}/"


def put_off_and_dismiss(lan: Reader) -> None:
    """Why me; then later; then not at all, and back on the list."""
    matter = _matter("passport_issue")
    lan.open(matter)
    lan.page.locator("details.why summary").first.click()
    expect(lan.page.locator(".why__body").first).to_be_visible()
    lan.follow("Remind me later")
    lan.page.locator("button[name=days]").first.click()
    lan.looks()
    lan.open(matter)
    lan.follow("Not needed")
    lan.press("Take it off my list")
    expect(lan.page).to_have_url(re.compile("/my/$"))
    lan.press("Put it back")
    lan.open(matter)
    assert Suggestion.objects.get(rule__key="passport_issue").state != "dismissed"


def contest(lan: Reader) -> None:
    """A value that is not right goes to the office that answers for it."""
    lan.open("/my/data/")
    lan.page.locator("a[href*='/contest/']").first.click()
    lan.looks()
    lan.sees("What is held")
    lan.page.locator("input[name=stated]").fill("Trần Thị Lan Anh")
    lan.page.locator("form:has(input[name=stated]) [type=submit]").click()
    lan.page.wait_for_load_state()
    lan.looks()
    assert Discrepancy.objects.get().stated_value == "Trần Thị Lan Anh"


def choose(lan: Reader) -> None:
    """Hours of messages are changed, and taken back by one press."""
    lan.open("/my/choices/")
    hours = lan.page.locator("input[type=radio][name=hours]:not(:checked)").first
    wanted = hours.get_attribute("value")
    hours.check()
    lan.press("Save hours and language")
    answer = lan.page.locator(f"input[type=radio][value='{wanted}']")
    expect(answer).to_be_checked()
    lan.press("Undo the last change")
    expect(answer).not_to_be_checked()


def see_who_looked(lan: Reader) -> None:
    """Who helps, and who looked."""
    lan.open("/my/helpers/")
    lan.open("/my/views/")
    expect(lan.page.locator("h1")).to_have_text(lan.word("Who saw my data"))


def search_and_begin(lan: Reader) -> None:
    """Found without accents, asked whether it is needed, begun, left, and gone on with."""
    lan.open("/procedures/")
    lan.page.get_by_label(lan.word("What are you looking for?")).fill("mat bang lai")
    lan.press("Search")
    lan.page.locator("#found a[href='/procedures/driving_licence_reissue/']").first.click()
    lan.looks()
    lan.sees("Do I need this?")
    lan.follow("Start")
    lan.page.locator("main form input[type=radio]").first.check()
    lan.page.locator("button[name=save]").click()
    lan.page.wait_for_load_state()
    lan.open("/my/drafts/")
    lan.follow("Go on")
    expect(lan.page.locator("main form input[type=radio]").first).to_be_checked()


def track(anybody: Reader, code: str) -> None:
    """Where is it? The code and the last digits of the telephone tell."""
    anybody.open(f"/track/?code={code}")
    anybody.page.locator("input[name=fact]").fill(PHONE[-4:])
    anybody.press("See where it is")
    expect(anybody.page.locator("h2#state")).to_have_text(code)


def verify_a_paper(anybody: Reader) -> None:
    """The QR of a signed paper leads to a plain yes."""
    text = sign_notice(Notice(NoticeKind.LETTER, "CDFG2345", "H17.1", clock.today()))
    anybody.open(f"/verify/{text}/")
    expect(anybody.page.locator(".verify__facts")).to_contain_text("CDFG-2345")
    expect(anybody.page.get_by_role("status").last).to_have_class(re.compile("tone-ok"))


def check_a_message(anybody: Reader) -> None:
    """A code that was sent is ours, another is not."""
    sent = Message.objects.exclude(short_code="").latest("pk").short_code
    assert sent
    for code, tone in ((sent, "ok"), ("CDFG-CDFG", "late")):
        anybody.open("/verify/")
        anybody.page.locator("#code").fill(code)
        anybody.press("Check")
        expect(anybody.main.locator(f".tone-{tone}").first).to_be_visible()


def file_a_bundle(reader: Reader, rule: str) -> None:
    """One confirmation files what follows a birth or a death."""
    reader.open(_matter(rule))
    child = {"child_surname": "Lê", "child_given_name": "An"}
    answer_the_rest(reader.page, child, "Bệnh viện Đà Nẵng")
    reader.press("Confirm and file")
    expect(reader.page).to_have_url(re.compile("/my/cases/"))
