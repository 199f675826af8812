"""A death, in a real browser: told to the family quietly, one confirmation, all returned."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from citizens.models import Citizen, HouseholdMember, RegisterRecord
from dossiers.enums import Status
from dossiers.models import Dossier
from procedures.enums import SuggestionState
from procedures.models import Suggestion
from tests.browser_fixtures import OpenPage
from tests.factories.citizens import UserFactory
from tests.journeys.bundles import Desk, SignIn, answer_the_rest, dossier_of, states
from tests.journeys.conftest import World

DEATH, REMOVAL, FUNERAL = "1.000656", "1.003197", "MAI-TANG"


@pytest.mark.slow
def test_a_death_from_the_notice_to_the_returned_results(
    world: World,
    widow: Citizen,
    live_server: LiveServer,
    open_page: OpenPage,
    signed_in: SignIn,
) -> None:
    # Given the night's scan after the hospital's notice
    world.scan()
    matter = Suggestion.objects.get(rule__key="death")
    husband = matter.subject.citizen

    # When the widow opens what was prepared for the family
    page = signed_in(open_page(width=390), UserFactory(citizen=widow))
    page.goto(f"{live_server.url}/my/")
    page.get_by_role("link", name="Xem và xác nhận").click()

    # Then nothing hurries her, and one confirmation is enough
    expect(page.locator("main")).not_to_contain_text("còn")
    expect(page.locator("section[aria-labelledby=steps]")).to_contain_text("Xóa đăng ký thường trú")
    answer_the_rest(page, {}, "Bệnh viện Đà Nẵng")
    page.get_by_role("button", name="Xác nhận và nộp").click()
    expect(page.get_by_text("Hồ sơ của ông/bà đã được nộp")).to_be_visible()
    assert states() == {DEATH: "filed", REMOVAL: "waiting", FUNERAL: "waiting"}

    # And the page of the case has neither colour nor haste
    assert page.locator(".notice.tone-quiet").count() == 1
    assert page.locator("main .tone-late, main .tone-soon, main .tone-progress").count() == 0

    # When the ward registers the death
    desk = Desk(live_server, open_page, signed_in)
    desk.grant(dossier_of(DEATH))

    # Then the register holds it, and the other two are filed by themselves
    record = RegisterRecord.objects.get(register="CIVIL", kind="death", subject=husband.party)
    assert record.body["dossier"] == dossier_of(DEATH).code
    assert states() == {DEATH: "done", REMOVAL: "filed", FUNERAL: "filed"}
    assert dossier_of(FUNERAL).applicant_id == widow.pk

    # When residence is struck off and the funeral allowance is granted
    for code in (REMOVAL, FUNERAL):
        desk.grant(dossier_of(code))

    # Then the home has one member less, and the widow reads that all is done
    living = HouseholdMember.objects.filter(citizen=husband, valid__contains=world.today)
    assert not living.exists()
    page.reload()
    expect(page.locator("main")).to_contain_text("Đã xong 3/3 bước")
    assert set(Dossier.objects.values_list("status", flat=True)) == {Status.RETURNED}
    matter.refresh_from_db()
    assert matter.state == SuggestionState.FULFILLED
