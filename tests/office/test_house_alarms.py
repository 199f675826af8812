"""The alarms of the first page: each from real rows, told to those who can act, else silence."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client, override_settings
from django.urls import reverse

from citizens.enums import Role
from citizens.models import Unit
from dossiers.documents.signing import seals_in_use
from notifications.enums import MessageState
from notifications.models import Gate, GatewayState, Message
from notifications.selectors import due_heap
from notifications.services import RESTORED
from portal.common import clock
from portal.common.models import Bell
from portal.office.alarms import HouseAlarm, shown_alarms
from portal.office.bell_words import TASKS
from portal.office.standing import standing_on
from portal.schedule import longest_silences
from tests.factories.citizens import AgencyFactory, GrantFactory, OfficialFactory
from tests.factories.dossiers import DossierFactory
from tests.factories.notifications import MessageFactory
from tests.office.places import make_place, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

DELIVERY = "admin:office_delivery"


@pytest.fixture
def now(city: Unit) -> datetime:
    """The hour of a house in which all goes well: every bell was just heard, nothing waits."""
    at = clock.now()
    Message.objects.update(state=MessageState.SENT)
    for task, longest_silence in longest_silences().items():
        Bell.objects.note(task, longest_silence, at)
    return at


def browser(city: Unit, role: Role) -> Client:
    official = OfficialFactory(agency=AgencyFactory(unit=city))
    GrantFactory(official=official, role=role, unit=city)
    return signed_in(official.user)


def told(city: Unit, now: datetime, role: Role = Role.OPERATOR) -> list[HouseAlarm]:
    official = OfficialFactory(agency=AgencyFactory(unit=city))
    GrantFactory(official=official, role=role, unit=city)
    return shown_alarms(standing_on(official.user, clock.today()), due_heap(now), now)


def only(alarms: list[HouseAlarm], page: str = "") -> str:
    assert [alarm.url for alarm in alarms] == [reverse(page) if page else ""]
    return alarms[0].text


def test_nothing_is_shown_when_all_is_well(city: Unit, now: datetime) -> None:
    DossierFactory()
    MessageFactory(due_at=now - timedelta(minutes=1))
    GatewayState.objects.create(channel="sms", broken_until=now - timedelta(minutes=1))
    Gate.objects.update_or_create(pk=1, defaults={"paused": False, "reason": "Xong"})

    page = browser(city, Role.OPERATOR).get(reverse("admin:index"))

    assert page.context["alarms"] == []
    assert "house-alarms" not in page.content.decode()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OPERATOR, Role.ADMINISTRATOR}))
def test_who_can_do_nothing_about_it_is_told_nothing(role: Role, city: Unit, now: datetime) -> None:
    Gate.objects.update_or_create(pk=1, defaults={"paused": True, "reason": "Bảo trì"})

    assert told(city, now, role) == []


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.ADMINISTRATOR])
def test_a_closed_gate_is_told_with_its_reason(role: Role, city: Unit, now: datetime) -> None:
    Gate.objects.update_or_create(pk=1, defaults={"paused": True, "reason": "Bảo trì"})
    MessageFactory(due_at=now - timedelta(hours=1))

    page = browser(city, role).get(reverse("admin:index"))

    assert "Bảo trì" in only(page.context["alarms"], DELIVERY)
    assert "house-alarms" in page.content.decode()


def test_a_restored_database_is_told_in_words(city: Unit, now: datetime) -> None:
    Gate.objects.update_or_create(pk=1, defaults={"paused": True, "reason": RESTORED})

    assert not only(told(city, now), DELIVERY).endswith(RESTORED)


def test_a_late_message_is_told_with_its_hour(city: Unit, now: datetime) -> None:
    due = now - timedelta(minutes=20)
    MessageFactory(due_at=due)

    assert f"{clock.civil_time(due):%H:%M %d/%m}" in only(told(city, now), DELIVERY)


@pytest.mark.parametrize("trouble", ["broken", "paused"])
def test_a_gateway_that_stands_still_is_named(trouble: str, city: Unit, now: datetime) -> None:
    until = now + timedelta(minutes=3) if trouble == "broken" else None
    GatewayState.objects.create(channel="zalo", broken_until=until, is_paused=trouble == "paused")

    assert "Zalo" in only(told(city, now), DELIVERY)


def test_a_task_that_was_silent_too_long_is_named_with_its_hour(city: Unit) -> None:
    with time_machine.travel(clock.now() - timedelta(hours=3), tick=False):
        heard = clock.now()
        Bell.objects.expect(longest_silences(), heard)
        for task, longest in longest_silences().items():
            Bell.objects.note(task, longest, heard)
    for task in set(longest_silences()) - {"citizens.seal_views"}:
        Bell.objects.note(task, longest_silences()[task], clock.now())

    page = browser(city, Role.OPERATOR).get(reverse("admin:index"))

    text = only(page.context["alarms"])
    assert (
        f"niêm phong nhật ký xem dữ liệu (lần cuối {clock.civil_time(heard):%H:%M %d/%m})" in text
    )
    assert "worker" in text
    assert "beat" in text
    assert text in unescape(page.content.decode())


def test_a_task_that_never_ended_well_is_told(city: Unit, now: datetime) -> None:
    Bell.objects.filter(task="procedures.scan_today").update(heard_at=None, expected_by=now)

    assert "quét hằng ngày (chưa chạy lần nào)" in only(told(city, now + timedelta(seconds=1)))


def test_when_all_is_silent_three_are_named(city: Unit, now: datetime) -> None:
    text = only(told(city, now + timedelta(days=9)))

    assert f"{len(longest_silences())} " in text
    assert text.count("(lần cuối ") == 3


def test_every_task_has_its_words() -> None:
    assert set(TASKS) == set(longest_silences())


def test_a_house_without_beat_is_told(city: Unit, now: datetime) -> None:
    Bell.objects.all().delete()

    assert "beat" in only(told(city, now))


@pytest.mark.parametrize(("days", "is_told"), [(-1, True), (29, True), (31, False)])
def test_a_certificate_is_told_a_month_before_its_end(
    days: int, is_told: bool, city: Unit, now: datetime
) -> None:
    DossierFactory()
    seal = seals_in_use()[0]
    at = seal.certificate.not_valid_after - timedelta(days=days)
    Bell.objects.update(expected_by=at)

    alarms = told(city, at)

    assert [alarm.url for alarm in alarms] == ([""] if is_told else [])
    assert all(seal.name in alarm.text for alarm in alarms)


def test_a_seal_that_does_not_open_is_told(city: Unit, now: datetime) -> None:
    DossierFactory()

    with override_settings(PDF_SIGNER="pkcs12:/nowhere/s.p12?password_file=/nowhere/p"):
        only(told(city, now))


def test_the_first_page_of_every_role_stays_within_its_queries(
    city: Unit, now: datetime, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(make_place(city, "Hạ").user)
    client.get(reverse("admin:index"))  # what the process remembers is not counted

    with django_assert_max_num_queries(20):
        client.get(reverse("admin:index"))
