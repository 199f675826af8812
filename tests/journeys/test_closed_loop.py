"""The closed loop in a real browser: notice, press, transfer, result, answer, what it saved."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.db import connections
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from citizens.models import User
from dossiers.enums import FormKind, PaymentState, Satisfaction, Status
from dossiers.models import Dossier, IssuedForm, Payment, Rating
from dossiers.services.make_forms import make_forms
from portal.common import clock
from portal.common.clock import CIVIL_ZONE
from procedures.enums import FilingChannel, SuggestionState
from procedures.models import Suggestion
from tests.browser_fixtures import OpenPage
from tests.journeys.conftest import World
from tests.sizes import SCRIPT

SignIn = Callable[[Page, User], Page]


def _print_forms() -> None:
    """Make what steps called for, as the worker does; beside the browser's event loop."""

    def make() -> None:
        try:
            make_forms(now=clock.now())
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as aside:
        aside.submit(make).result()


@pytest.mark.slow
@SCRIPT
def test_from_the_notice_to_the_next_cycle(
    world: World,
    live_server: LiveServer,
    open_page: OpenPage,
    signed_in: SignIn,
    javascript: bool,
) -> None:
    # Given a licence that runs out in sixty days, and the night's scan
    world.scan()
    first = Suggestion.objects.get()
    citizen = signed_in(open_page(width=390, javascript=javascript), world.user)
    desk = signed_in(open_page(width=1280), world.officer)

    # When she presses once, and the office asks for the fee
    citizen.goto(f"{live_server.url}/my/")
    citizen.get_by_role("link", name="Xem và xác nhận").click()
    citizen.get_by_label("Bưu chính công ích").check()
    citizen.get_by_role("button", name="Xác nhận và nộp").click()
    expect(citizen.get_by_text("Hồ sơ của ông/bà đã được nộp")).to_be_visible()
    dossier = Dossier.objects.get()
    page = f"{live_server.url}/my/dossiers/{dossier.public_id}/"
    desk.goto(f"{live_server.url}/admin/dossiers/{dossier.public_id}/")
    desk.locator("button[name=press][value=take_up]").click()
    desk.locator("form[action*='/fee/ask/'] button").click()
    expect(desk.locator("form[action*='/fee/paid/']")).to_be_visible()

    # Then the page shows amount, code, account and content, and the clock stands still
    citizen.goto(page)
    payment = Payment.objects.get()
    fee = citizen.locator("section", has=citizen.locator("#fee"))
    expect(fee).to_contain_text("135.000")
    expect(fee).to_contain_text(payment.reference)
    expect(fee.locator("svg.qr__code")).to_be_visible()

    # When she transfers it at the simulated bank
    fee.get_by_role("link", name="MÔ PHỎNG").click()
    citizen.get_by_role("button", name="Chuyển đúng số tiền này").click()

    # Then it has arrived, and the dossier goes on by itself
    expect(citizen).to_have_url(page)
    expect(citizen.locator("section", has=citizen.locator("#fee"))).to_contain_text("Đã nộp")
    payment.refresh_from_db()
    dossier.refresh_from_db()
    assert (payment.state, dossier.status) == (PaymentState.PAID, Status.PROCESSING)

    # When it is granted, and she receives the signed result
    desk.reload()
    desk.locator("button[name=press][value=approve]").click()
    expect(desk.locator("button[name=press][value=approve]")).to_have_count(0)
    _print_forms()
    assert IssuedForm.objects.filter(dossier=dossier, kind=FormKind.RESULT).exists()
    citizen.goto(page)
    with citizen.expect_download() as kept:
        citizen.get_by_role("button", name="Nhận kết quả").click()
    assert kept.value.path().read_bytes().startswith(b"%PDF-1.7")

    # Then it is returned online, and one press says how it was
    dossier.refresh_from_db()
    assert (dossier.status, dossier.returned_by) == (Status.RETURNED, FilingChannel.ONLINE)
    citizen.goto(page)
    citizen.get_by_role("button", name="Hài lòng", exact=True).click()
    expect(citizen.get_by_text("Ông/bà đã trả lời: Hài lòng.")).to_be_visible()
    citizen.get_by_label("Bằng lời của ông/bà").fill("Không phải đi lần nào")
    citizen.get_by_role("button", name="Gửi lời này").click()
    rating = Rating.objects.get()
    assert (rating.answer, rating.words) == (Satisfaction.SATISFIED, "Không phải đi lần nào")

    # And the page says what the notice saved, counted from the dossier
    citizen.get_by_role("link", name="Cách đếm các con số này").click()
    expect(citizen.locator("h1")).to_have_text("Thông báo này đã giúp ông/bà")
    form, known = dossier.form, dossier.known_field_count
    assert known == sum(field["source"] == "register" for field in form.values()) > 0
    papers = dossier.papers.exclude(satisfied_by__in=("", "GENERATED")).count()
    figures = citizen.locator(".saved__figure").all_inner_texts()
    assert figures == ["3", f"{known}/{len(form)}", str(papers), "60"]

    # And the suggestion leads to its dossier, and the next cycle is told in its time
    citizen.goto(f"{live_server.url}/my/suggestions/{first.public_id}/")
    expect(citizen).to_have_url(page)
    world.licence.refresh_from_db()
    first.refresh_from_db()
    assert (world.licence.term, first.state) == (2, SuggestionState.FULFILLED)
    assert world.licence.expires_on is not None
    day = world.licence.expires_on - timedelta(days=90)
    with time_machine.travel(datetime.combine(day, time(9), CIVIL_ZONE), tick=True):
        world.scan(day)
    second = Suggestion.objects.exclude(pk=first.pk).get()
    assert (second.cycle, second.state) == (2, SuggestionState.OPEN)
