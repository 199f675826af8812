"""What the page of a dossier puts first: what is missing, the fee, or to wait, with the reason."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from citizens.enums import Role
from citizens.models import User
from dossiers.enums import Action, Status
from dossiers.models import Document, Dossier
from dossiers.services import advance
from dossiers.services.choose_fee import choose_fee_and_ask
from portal.common import clock
from portal.office.presses import Press
from tests.dossiers.scene import FRIDAY, Scene, bring_papers, renewal, step
from tests.office.places import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def scene() -> Iterator[Scene]:
    """A licence, its suggestion and the office, on a Friday morning."""
    with time_machine.travel(FRIDAY, tick=False):
        yield renewal()


@pytest.fixture
def officer(scene: Scene) -> User:
    return scene.officer(Role.CASE_OFFICER)


def shown(officer: User, dossier: Dossier) -> tuple[list[Press], str, str]:
    """Return the buttons, the reason for their order, and the page."""
    client: Client = signed_in(officer)
    page = client.get(reverse("admin:office_dossier", args=[dossier.public_id]))
    first = page.context["first"]
    return page.context["presses"], first.reason, page.content.decode()


def mains(presses: list[Press]) -> list[str]:
    return [press.key for press in presses if press.tone == "main"]


def test_what_is_missing_is_asked_for_first_and_nothing_is_taken_away(
    scene: Scene, officer: User
) -> None:
    dossier = scene.submit()
    names = [paper.name_vi for paper in dossier.papers.filter(satisfied_by="")]
    assert names

    presses, reason, page = shown(officer, dossier)

    assert mains(presses) == ["request_supplement"]
    assert [one.key for one in presses] == [
        "request_supplement",
        "take_up",
        "receive",
        "refuse_reception",
    ]
    assert all(name in reason for name in names)
    for paper in dossier.papers.filter(satisfied_by=""):
        assert f'value="{paper.component_code}" checked' in page


def test_with_all_papers_and_nothing_to_pay_it_is_taken_up(scene: Scene, officer: User) -> None:
    dossier = scene.submit()
    bring_papers(dossier)
    Dossier.objects.filter(pk=dossier.pk).update(fee_vnd=0)

    presses, reason, _page = shown(officer, dossier)

    assert (mains(presses), reason) == (["take_up"], "")


def test_what_waits_for_the_scanner_is_not_missing(
    scene: Scene, officer: User, settings: Settings
) -> None:
    dossier = scene.submit()
    bring_papers(dossier)
    Dossier.objects.filter(pk=dossier.pk).update(fee_vnd=0)
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    brought = Document.objects.filter(papers__dossier=dossier, origin="upload")
    assert brought.update(scan_state="pending")

    presses, reason, page = shown(officer, dossier)
    assert (mains(presses), reason) == (["take_up"], "")
    assert " checked" not in page

    brought.update(scan_state="infected")
    presses, reason, _page = shown(officer, dossier)
    assert (mains(presses), reason.startswith("Còn thiếu")) == (["request_supplement"], True)


def test_who_waits_for_papers_has_no_main_press(scene: Scene, officer: User) -> None:
    dossier = scene.submit()
    paper = dossier.papers.filter(satisfied_by="")[0]
    asked = advance(
        dossier=dossier,
        action=Action.REQUEST_SUPPLEMENT,
        user=officer,
        version=dossier.version,
        note="Thiếu giấy tờ",
        components=[paper.component_code],
        now=clock.now(),
    )

    presses, reason, _page = shown(officer, asked)

    assert mains(presses) == []
    assert {"supplement", "start_processing"} <= {one.key for one in presses}
    assert reason.startswith("Đang chờ: ")


def test_a_fee_is_asked_for_before_the_processing(scene: Scene, officer: User) -> None:
    dossier = scene.submit()
    bring_papers(dossier)

    presses, reason, page = shown(officer, dossier)
    assert (mains(presses), "chưa nộp" in reason) == (["receive"], True)
    assert "take_up" in {one.key for one in presses}
    dossier = step(dossier, Action.RECEIVE, officer)

    presses, reason, page = shown(officer, dossier)
    assert (mains(presses), "Hãy yêu cầu nộp" in reason) == ([], True)
    assert "start_processing" in {one.key for one in presses}
    asks = reverse("admin:office_fee_ask", args=[dossier.public_id])
    assert page.count(asks) == 1
    assert page.index(asks) < page.index('value="start_processing"')

    choose_fee_and_ask(
        dossier=dossier, user=officer, version=dossier.version, case="", now=clock.now()
    )
    dossier.refresh_from_db()
    assert dossier.status == Status.PAYMENT_REQUESTED
    presses, reason, _page = shown(officer, dossier)
    assert (mains(presses), reason.startswith("Đang chờ nộp")) == ([], True)
