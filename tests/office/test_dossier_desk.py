"""From the queue to the renewed licence in two presses, and what stops a press."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from citizens.enums import Role
from citizens.models import User
from dossiers.enums import Action, Status
from dossiers.models import Dossier
from procedures.enums import SuggestionState
from tests.dossiers.scene import FRIDAY, Scene, bring_papers, renewal, step
from tests.factories.citizens import (
    AgencyFactory,
    CitizenFactory,
    GrantFactory,
    OfficialFactory,
    RelationFactory,
)
from tests.office.places import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.fixture
def scene() -> Any:
    """A licence, its suggestion and the office, on a Friday morning."""
    with time_machine.travel(FRIDAY, tick=False):
        yield renewal()


def _address(dossier: Dossier, page: str = "office_dossier") -> str:
    return reverse(f"admin:{page}", args=[dossier.public_id])


def _offered(client: Client, dossier: Dossier) -> list[str]:
    said = client.get(_address(dossier)).content.decode()
    return re.findall(r'name="press" value="([a-z_]+)"', said)


def _press(client: Client, dossier: Dossier, key: str, **fields: Any) -> HttpResponse:
    given = {"press": key, "version": dossier.version, "note": ""} | fields
    return client.post(_address(dossier, "office_dossier_step"), given, follow=True)  # type: ignore[return-value]


def test_received_and_approved_in_two_presses(scene: Scene) -> None:
    # Given a dossier just filed, with nothing missing or to pay, and a case officer at the queue
    dossier = scene.submit()
    bring_papers(dossier)
    Dossier.objects.filter(pk=dossier.pk).update(fee_vnd=0)
    client = signed_in(scene.officer(Role.CASE_OFFICER))
    queue = client.get(reverse("admin:office_queue")).content.decode()
    assert dossier.code in queue
    assert _address(dossier) in queue

    # When the first offered button is pressed, and then the first again
    pressed = []
    for _ in range(2):
        pressed.append(_offered(client, dossier)[0])
        assert _press(client, dossier, pressed[-1]).status_code == 200
        dossier.refresh_from_db()

    # Then the licence is renewed and the suggestion fulfilled
    assert pressed == ["take_up", "approve"]
    assert dossier.status == Status.DONE
    scene.licence.refresh_from_db()
    scene.suggestion.refresh_from_db()
    assert scene.licence.term == 2
    assert scene.suggestion.state == SuggestionState.FULFILLED
    taken = dossier.events.values_list("action", flat=True)
    assert list(taken) == [
        Action.SUBMIT,
        Action.RECEIVE,
        Action.START_PROCESSING,
        Action.APPROVE,
    ]


def test_the_page_tells_sources_answers_and_why_the_date(scene: Scene) -> None:
    dossier = scene.submit()
    officer = scene.officer(Role.CASE_OFFICER)
    step(dossier, Action.RECEIVE, officer)

    said = signed_in(officer).get(_address(dossier)).content.decode()

    assert scene.citizen.full_name in said
    assert "Cơ sở dữ liệu GPLX" in said
    assert "Sắp hết hạn" in said
    assert "27/11/2026" in said
    assert str(scene.citizen.pin) not in said


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.RECEPTIONIST, ["request_supplement", "receive", "refuse_reception"]),
        (Role.CASE_OFFICER, ["request_supplement", "take_up", "receive", "refuse_reception"]),
        (Role.HEAD_OF_UNIT, []),
        (Role.PROVINCIAL_LEADER, []),
        (Role.ADMINISTRATOR, []),
    ],
)
def test_each_role_is_offered_its_own_steps(role: Role, expected: list[str], scene: Scene) -> None:
    dossier = scene.submit()

    assert _offered(signed_in(scene.officer(role)), dossier) == expected


def test_the_slower_of_two_officials_is_told_who_was_faster(scene: Scene) -> None:
    # Given two officials with the same page open
    dossier = scene.submit()
    bring_papers(dossier)
    fast, slow = scene.officer(Role.CASE_OFFICER), scene.officer(Role.RECEPTIONIST)
    User.objects.filter(pk=fast.pk).update(display_name="Nguyễn Nhanh Tay")

    # When both press
    _press(signed_in(fast), dossier, "take_up")
    answer = _press(signed_in(slow), dossier, "refuse_reception", note="Thiếu giấy tờ")

    # Then the second is refused and named the first; nothing is lost
    assert answer.status_code == 409
    assert "Nguyễn Nhanh Tay" in answer.content.decode()
    dossier.refresh_from_db()
    assert dossier.status == Status.PROCESSING


def test_a_double_click_is_one_step(scene: Scene) -> None:
    dossier = scene.submit()
    bring_papers(dossier)
    client = signed_in(scene.officer(Role.CASE_OFFICER))

    answers = [_press(client, dossier, "take_up").status_code for _ in range(2)]

    dossier.refresh_from_db()
    assert answers == [200, 200]
    assert dossier.events.count() == 3


@pytest.mark.parametrize("note", ["", "   "])
def test_a_refusal_without_a_reason_is_not_taken(note: str, scene: Scene) -> None:
    dossier = scene.submit()
    client = signed_in(scene.officer(Role.RECEPTIONIST))

    answer = _press(client, dossier, "refuse_reception", note=note)

    dossier.refresh_from_db()
    assert answer.status_code == 200
    assert dossier.status == Status.REGISTERED


def test_the_reason_of_a_refusal_is_kept(scene: Scene) -> None:
    dossier = scene.submit()
    client = signed_in(scene.officer(Role.RECEPTIONIST))

    said = _press(
        client,
        dossier,
        "request_supplement",
        note="Cần giấy khám sức khỏe mới",
        components=["GPLX-02"],
    )

    assert "Cần giấy khám sức khỏe mới" in said.content.decode()
    dossier.refresh_from_db()
    assert dossier.status == Status.SUPPLEMENT_REQUESTED


@pytest.mark.parametrize("key", ["approve", "withdraw", "return_result", "nonsense", ""])
def test_a_step_that_was_not_offered_is_forbidden(key: str, scene: Scene) -> None:
    dossier = scene.submit()
    client = signed_in(scene.officer(Role.CASE_OFFICER))

    answer = client.post(
        _address(dossier, "office_dossier_step"), {"press": key, "version": dossier.version}
    )

    dossier.refresh_from_db()
    assert answer.status_code == 403
    assert dossier.status == Status.REGISTERED


@pytest.mark.parametrize("kin", [None, "mother"])
def test_nobody_decides_for_self_or_family(kin: str | None, scene: Scene) -> None:
    # Given an official who is the applicant, or the applicant's mother
    dossier = scene.submit()
    concerned = scene.citizen
    if kin:
        concerned = CitizenFactory(unit=scene.commune)
        RelationFactory(person=concerned, relative=scene.citizen, kind=kin)
    client = signed_in(scene.officer(Role.CASE_OFFICER, pin=concerned.pin))

    # When the dossier is opened and a step forged
    offered = _offered(client, dossier)
    answer = client.post(
        _address(dossier, "office_dossier_step"), {"press": "take_up", "version": dossier.version}
    )

    # Then nothing is offered and nothing taken
    assert offered == []
    assert answer.status_code == 403
    dossier.refresh_from_db()
    assert dossier.version == 1


def test_a_step_is_never_taken_by_a_link(scene: Scene) -> None:
    dossier = scene.submit()
    client = signed_in(scene.officer(Role.CASE_OFFICER))

    assert client.get(_address(dossier, "office_dossier_step")).status_code == 405


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("q=lan tran", True),
        ("q=Trần Thị Lan", True),
        ("q=nobody", False),
        ("due=not_started", True),
        ("due=late", False),
        ("status=1", True),
        ("status=9", False),
        ("status=x&procedure=y&page=z&due=w", True),
        ("mine=1", False),
        ("where=agency", True),
        ("where=unit", True),
    ],
)
def test_the_queue_is_sieved(query: str, found: bool, scene: Scene) -> None:
    dossier = scene.submit()
    client = signed_in(scene.officer(Role.CASE_OFFICER))

    said = client.get(f"{reverse('admin:office_queue')}?{query}").content.decode()

    assert (_address(dossier) in said) is found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("{agency}-{day:%Y%m%d}-{number:07d}", True),
        ("{day:%d}-{number}", True),
        ("{day.day}-{number}", True),
        ("{day:%d}.{number}", True),
        ("{day:%d/%m}-{number}", True),
        ("{day:%d/%m/%Y} - {number}", True),
        ("{day:%d%m}-{number}", True),
        ("{day:%Y%m%d}-{number}", True),
        ("{agency}-{number}", True),
        ("{end}-{number}", True),
        ("{number}", True),
        ("{number:04d}", True),
        ("{other:%d}-{number}", False),
        ("{other:%d/%m}-{number}", False),
        ("{day:%d}-{more}", False),
        ("{more}", False),
        ("{number:05d}%", False),
    ],
)
def test_the_queue_understands_how_people_say_a_code(typed: str, found: bool, scene: Scene) -> None:
    dossier = scene.submit()
    agency, _day, number = dossier.code.rsplit("-", 2)
    told = typed.format(
        agency=agency,
        end=agency[-2:],
        day=FRIDAY,
        other=FRIDAY + timedelta(days=1),
        number=int(number),
        more=int(number) + 1,
    )
    client = signed_in(scene.officer(Role.CASE_OFFICER))

    said = client.post(reverse("admin:office_queue"), {"q": told}, follow=True).content.decode()

    assert (_address(dossier) in said) is found, told


def test_a_search_that_finds_nothing_says_where_it_looked(scene: Scene) -> None:
    client = signed_in(scene.officer(Role.CASE_OFFICER))
    queue = reverse("admin:office_queue")

    narrow = client.get(queue, {"q": "27-3", "status": "4"}).content.decode()
    wide = client.get(queue, {"q": "27-3", "where": "unit"}).content.decode()

    assert "dạng ngắn như 27-3" in narrow
    assert '<a class="press" href="?q=27-3&amp;where=unit">' in narrow
    assert "Đã tìm trong mọi hồ sơ" in wide
    assert '<a class="press" href="?q=27-3&amp;where=unit">' not in wide


def test_the_queue_finds_by_the_whole_number_only(scene: Scene) -> None:
    dossier = scene.submit()
    client = signed_in(scene.officer(Role.CASE_OFFICER))
    pin = scene.citizen.pin
    assert pin is not None

    for term, found in ((pin, True), (pin[:11], False), (pin[:-1] + "x", False)):
        response = client.post(reverse("admin:office_queue"), {"q": term}, follow=True)
        assert (_address(dossier) in response.content.decode()) is found, term


def test_a_case_worker_begins_with_the_own_agency_and_may_look_wider(scene: Scene) -> None:
    # Given two agencies of one unit
    dossier = scene.submit()
    other = AgencyFactory(kind__key="so_y_te", unit=scene.city)
    colleague = OfficialFactory(agency=other)
    GrantFactory(official=colleague, role=Role.CASE_OFFICER, unit=scene.city)
    leader = OfficialFactory(agency=other)
    GrantFactory(official=leader, role=Role.PROVINCIAL_LEADER, unit=scene.city)

    # When each opens the queue
    queue = reverse("admin:office_queue")
    found = {
        (official, query): _address(dossier)
        in signed_in(official.user).get(f"{queue}{query}").content.decode()
        for official in (colleague, leader)
        for query in ("", "?where=unit", "?where=agency")
    }

    # Then the case worker's begins narrow, the leader's wide
    assert [found[colleague, query] for query in ("", "?where=unit", "?where=agency")] == [
        False,
        True,
        False,
    ]
    assert [found[leader, query] for query in ("", "?where=unit", "?where=agency")] == [
        True,
        True,
        False,
    ]
