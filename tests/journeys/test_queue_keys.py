"""The queue by keys alone, many dossiers with one press, and words put into a reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from citizens.enums import Role
from citizens.models import User
from dossiers.enums import Status
from dossiers.models import AnswerText, Dossier
from portal.common import clock
from tests.browser_fixtures import OpenPage
from tests.factories.citizens import CitizenFactory
from tests.factories.dossiers import DossierFactory
from tests.journeys.test_counter import DESK, is_sound
from tests.office.places import Place, make_house, make_place

pytestmark = pytest.mark.slow


@pytest.fixture
def place(transactional_db: None) -> Place:
    """A commune with three dossiers that nobody has received."""
    found = make_place(make_house(), "Xuân", roles=(Role.RECEPTIONIST, Role.CASE_OFFICER))
    Dossier.objects.update(status=Status.REGISTERED)
    for _ in range(2):
        DossierFactory(
            owner_citizen=CitizenFactory(unit=found.unit),
            competent=found.agency,
            status=Status.REGISTERED,
        )
    return found


@pytest.mark.parametrize("width", [390, 1280])
def test_two_of_three_are_received_by_keys(
    place: Place,
    live_server: LiveServer,
    open_page: OpenPage,
    signed_in: Callable[[Page, User], Page],
    width: int,
) -> None:
    page = signed_in(open_page(width=width), place.user)
    page.goto(f"{live_server.url}{reverse('admin:office_queue')}")
    page.wait_for_load_state("networkidle")
    picked = page.locator("[data-picked]")

    # When the first two rows are chosen, the second reached by an arrow
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(picked).to_have_text("1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("x")
    expect(picked).to_have_text("2")
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_be_visible()
    page.keyboard.press("x")  # is the sheet's, not the list's
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(picked).to_have_text("2")
    is_sound(page, DESK)

    # Then the page says what will happen, and a second press does it
    page.locator("#bulk button[value=receive]").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    is_sound(page, DESK)
    assert not Dossier.objects.filter(status=Status.RECEIVED).exists()
    page.locator("button[data-main]").click()
    page.wait_for_url("**/queue/**")
    assert Dossier.objects.filter(status=Status.RECEIVED).count() == 2
    assert Dossier.objects.filter(status=Status.REGISTERED).count() == 1


def test_the_whole_page_is_chosen_with_one_box(
    place: Place,
    live_server: LiveServer,
    open_page: OpenPage,
    signed_in: Callable[[Page, User], Page],
) -> None:
    page = signed_in(open_page(), place.user)
    page.goto(f"{live_server.url}{reverse('admin:office_queue')}")

    page.locator("[data-pick-all]").check()
    expect(page.locator("[data-picked]")).to_have_text("3")
    page.locator("[data-pick]").first.uncheck()
    expect(page.locator("[data-picked]")).to_have_text("2")
    assert page.locator("[data-pick-all]").evaluate("box => box.indeterminate")


def test_a_text_is_put_into_the_reason_and_never_cut(
    place: Place,
    live_server: LiveServer,
    open_page: OpenPage,
    signed_in: Callable[[Page, User], Page],
) -> None:
    body = "Ảnh chưa đúng cỡ."
    AnswerText.objects.create(
        agency=place.agency,
        title="Thiếu ảnh",
        body=body,
        written_by=place.user,
        written_at=clock.now(),
    )
    page = signed_in(open_page(width=390), place.user)
    page.goto(f"{live_server.url}{reverse('admin:office_answers')}")
    is_sound(page, DESK)
    page.goto(f"{live_server.url}{reverse('admin:office_dossier', args=[place.dossier.public_id])}")
    form = page.locator("details.reasoned", has=page.locator("[data-insert]")).first
    form.locator("summary").click()
    reason = form.locator("textarea[name=note]")

    form.locator("[data-insert]").select_option(body)
    expect(reason).to_have_value(body)
    is_sound(page, DESK)
    long = "x" * 490
    reason.fill(long)
    form.locator("[data-insert]").select_option(body)
    expect(reason).to_have_value(long)
    expect(form.locator("[data-insert-full]")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_one_goes_along_the_list_by_keys_and_back_to_it(
    place: Place,
    live_server: LiveServer,
    open_page: OpenPage,
    signed_in: Callable[[Page, User], Page],
    width: int,
) -> None:
    page = signed_in(open_page(width=width), place.user)
    page.goto(f"{live_server.url}{reverse('admin:office_queue')}?due=not_started&where=unit")
    page.wait_for_load_state("networkidle")
    codes = page.locator("tbody .queue__open + .queue__code").all_inner_texts()
    title = page.locator(".head .queue__code")
    assert len(codes) == 3

    # When the first is opened, and the next two by a key
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(title).to_have_text(codes[0])
    page.wait_for_load_state()
    expect(page.get_by_role("link", name="Hồ sơ tiếp theo")).to_be_visible()
    is_sound(page, DESK)
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_contain_text("mở hồ sơ tiếp theo")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)  # till then keys are the sheet's
    for code in codes[1:]:
        page.keyboard.press("j")
        expect(title).to_have_text(code)
        page.wait_for_load_state()  # the keys are there once the page is
    expect(page.get_by_role("link", name="Hồ sơ tiếp theo")).to_have_count(0)
    page.keyboard.press("k")
    expect(title).to_have_text(codes[1])
    page.wait_for_load_state()

    # Then another key leads back to the list as it was asked for
    page.keyboard.press("u")
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.locator(".tab[aria-current=page]")).to_contain_text("Chờ tiếp nhận")
    assert "due=not_started" in page.url
    assert "where=unit" in page.url
