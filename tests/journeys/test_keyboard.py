"""From the sign-in over the notice to the filed dossier by keys alone, the focus in sight."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from dossiers.models import Dossier
from procedures.models import Suggestion
from tests.browser_fixtures import OpenPage
from tests.factories.citizens import PASSWORD
from tests.journeys.conftest import World
from tests.journeys.test_accessible import SignIn

pytestmark = pytest.mark.slow
MOST_STOPS = 120
# What is wrong with the place where the focus stands, "" when nothing.
SIGHT = """() => {
  const on = document.activeElement;
  if (!on || on === document.body) return "";
  const style = getComputedStyle(on);
  const isRinged = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  if (!isRinged && style.boxShadow === "none") return `no ring: ${on.outerHTML}`;
  const { left, right, top, bottom } = on.getClientRects()[0];
  if (bottom <= 0 || top >= innerHeight || right <= 0 || left >= innerWidth) {
    return `off the screen: ${on.outerHTML}`;
  }
  const x = (Math.max(left, 0) + Math.min(right, innerWidth)) / 2;
  const y = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2;
  const above = document.elementFromPoint(x, y);
  return above && (on.contains(above) || above.contains(on)) ? "" : `covered: ${on.outerHTML}`;
}"""
# Whoever stands at the lower edge is pushed off by anything that comes above.
LOWEST = "() => document.activeElement.scrollIntoView({ block: 'end' })"
# What the focus stands on; the choices of one question are one stop. "" is the browser itself.
STOP = """() => {
  const on = document.activeElement;
  if (!on || on === document.body) return "";
  if (on.type === "radio") return `radio ${on.name}`;
  return String([...document.querySelectorAll("*")].indexOf(on));
}"""


class Keys:
    """A person who has a keyboard and no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, key: str) -> None:
        """Press a key, and see where one is."""
        self.page.keyboard.press(key)
        assert self.page.evaluate(SIGHT) == ""

    def go_to(self, wanted: Locator, key: str = "Tab") -> None:
        """Press Tab until the focus is there."""
        for _stop in range(MOST_STOPS):
            self.press(key)
            if wanted.evaluate("one => one === document.activeElement"):
                return
        pytest.fail(f"not reached by keys: {wanted}")

    def follow(self, wanted: Locator, address: str) -> None:
        """Go to a link or a button, press it, and wait for the page that comes."""
        self.go_to(wanted)
        self.page.keyboard.press("Enter")
        expect(self.page).to_have_url(re.compile(address))
        self.page.wait_for_load_state()

    def stops(self, key: str) -> list[str]:
        """Return where the focus stops, until it leaves the page or begins anew."""
        found: list[str] = []
        for _stop in range(MOST_STOPS):
            self.press(key)
            stop = self.page.evaluate(STOP)
            if found and stop in {"", found[0]}:
                return found
            if stop:
                found.append(stop)
        pytest.fail(f"the focus never leaves the page: {found[-5:]}")


@pytest.mark.parametrize("width", [390, 1280])
def test_from_the_sign_in_to_the_dossier_by_keys(
    world: World, live_server: LiveServer, open_page: OpenPage, width: int
) -> None:
    world.scan()
    page = open_page(width=width)
    page.context.set_default_timeout(60_000)  # a busy machine is no fault of a page
    keys = Keys(page)
    matter = f"/my/suggestions/{Suggestion.objects.get().public_id}/"

    # Given a person who signs in and passes over the frame of the page
    page.goto(f"{live_server.url}/accounts/login/?next=/my/")
    keys.go_to(page.get_by_label("Tên đăng nhập"))
    page.keyboard.type("lan")
    keys.go_to(page.get_by_label("Mật khẩu"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/my/$"))
    keys.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    keys.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    page.keyboard.press("Shift+Tab")

    # When she opens the notice, looks why, and presses before she has answered
    keys.follow(page.locator(f"main a[href='{matter}']").last, matter)
    why = page.locator("details.why").first
    keys.go_to(why.locator("summary"))
    keys.press("Enter")
    expect(why.locator(".why__body")).to_be_visible()
    # It pushes what stands below it down when it comes: whoever reads it waits for it.
    expect(why.locator(".conditions > li").first).to_be_visible()
    confirm = page.get_by_role("button", name="Xác nhận và nộp")
    keys.go_to(confirm)
    page.keyboard.press("Enter")
    summary = page.locator("[data-focus]")
    expect(summary).to_be_focused()

    # Then the summary leads to the answer, which is kept while the focus stays
    keys.go_to(summary.get_by_role("link"))
    page.keyboard.press("Enter")
    answers = page.locator("form[aria-labelledby=rest] input[type=radio]")
    expect(answers.first).to_be_focused()
    keys.press("Space")
    expect(answers.first).to_be_checked()
    expect(page.locator("#saved")).to_contain_text("Đã lưu lúc")
    expect(answers.first).to_be_focused()
    keys.press("ArrowDown")
    expect(answers.nth(1)).to_be_checked()
    expect(answers.nth(1)).to_be_focused()
    keys.follow(confirm, "/my/dossiers/")
    expect(page.locator("main")).to_contain_text(Dossier.objects.get().code)

    # And the menu closes by Escape, where one was
    menu = page.locator("details[data-menu]")
    keys.go_to(menu.locator("summary"))
    keys.press("Enter")
    expect(menu).to_have_attribute("open", "")
    keys.press("Tab")
    keys.press("Escape")
    expect(menu.locator("summary")).to_be_focused()
    expect(menu).not_to_have_attribute("open", "")


def test_no_page_of_the_way_holds_the_focus(
    world: World, live_server: LiveServer, open_page: OpenPage
) -> None:
    world.scan()
    page = open_page(width=390)
    keys = Keys(page)
    page.goto(f"{live_server.url}/accounts/login/?next=/my/")
    page.get_by_label("Tên đăng nhập").fill("lan")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/my/$"))

    for address in ("/my/", f"/my/suggestions/{Suggestion.objects.get().public_id}/"):
        page.goto(live_server.url + address)
        there = keys.stops("Tab")
        page.goto(live_server.url + address)
        back = keys.stops("Shift+Tab")
        assert len(there) == len(set(there)) > 10
        assert back == there[::-1]


def test_who_goes_on_before_it_has_unfolded_is_kept_in_sight(
    world: World, live_server: LiveServer, open_page: OpenPage, signed_in: SignIn
) -> None:
    world.scan()
    page = signed_in(open_page(width=390), world.user)
    keys = Keys(page)
    page.goto(f"{live_server.url}/my/suggestions/{Suggestion.objects.get().public_id}/")
    why = page.locator("details.why").first
    conditions = why.locator(".conditions > li")

    # Given somebody who unfolds it, and is at the next place before the answer has come
    late: list[Route] = []
    page.route("**/why/**", lambda route: late.append(route))
    keys.go_to(why.locator("summary"))
    keys.press("Enter")
    expect(why.locator(".why__body")).to_be_visible()
    while why.evaluate("one => one.contains(document.activeElement)"):
        keys.press("Tab")
    page.evaluate(LOWEST)
    assert page.evaluate(SIGHT) == ""
    expect(conditions).to_have_count(0)

    # When it comes
    (one,) = late
    one.continue_()
    expect(conditions.first).to_be_visible()

    # Then the focus is where it was, and in sight
    page.wait_for_function("document.querySelector('.htmx-settling, .htmx-request') === null")
    assert page.evaluate(SIGHT) == ""
    keys.press("Tab")


def test_who_has_scrolled_away_is_not_brought_back(
    world: World, live_server: LiveServer, open_page: OpenPage, signed_in: SignIn
) -> None:
    world.scan()
    page = signed_in(open_page(width=390), world.user)
    page.goto(f"{live_server.url}/my/suggestions/{Suggestion.objects.get().public_id}/")
    answer = page.locator("form[aria-labelledby=rest] input[type=radio]").first
    answer.focus()
    page.evaluate("scrollTo(0, 0)")
    assert page.evaluate(SIGHT) != ""

    page.locator("details.why > summary").first.evaluate("one => one.parentElement.open = true")

    expect(page.locator(".conditions > li").first).to_be_visible()
    assert page.evaluate("scrollY") == 0
