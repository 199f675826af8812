"""The desk of sending: what needs the operator, and what a press does; operators only."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from citizens.enums import Role
from citizens.models import AccessLog, Unit
from notifications.enums import MessageState, Reason
from notifications.models import Gate, GatewayState, Message, OperatorAct
from portal.common import clock
from tests.factories.citizens import GrantFactory, OfficialFactory
from tests.factories.notifications import MessageFactory
from tests.office.places import Place, make_place, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

M = MessageState
PAGE = "admin:office_delivery"
PRESSES = [
    ("admin:office_delivery_gate", {}),
    ("admin:office_delivery_gateway", {"gateway": "sms"}),
    ("admin:office_delivery_choose", {"deed": "suppress"}),
    ("admin:office_delivery_choose", {"deed": "resend"}),
    ("admin:office_delivery_choose", {"deed": "has-it"}),
    ("admin:office_delivery_choose", {"deed": "has-it-not"}),
]


@pytest.fixture
def operator(city: Unit) -> Client:
    """The browser of an operator of the whole city."""
    place = make_place(city, "Vận hành", roles=())
    GrantFactory(official=place.official, role=Role.OPERATOR, unit=city)
    Message.objects.update(state=M.SENT)
    return signed_in(place.user)


def choose(deed: str) -> str:
    return reverse("admin:office_delivery_choose", args=[deed])


# ---------------------------------------------------------------------------------- who may
@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OPERATOR, Role.ADMINISTRATOR}))
def test_no_other_role_opens_it(role: Role, city: Unit) -> None:
    place = make_place(city, "Hạ", roles=())
    GrantFactory(official=place.official, role=role, unit=city)

    assert signed_in(place.user).get(reverse(PAGE)).status_code == 403


@pytest.mark.parametrize(("name", "keys"), PRESSES)
def test_an_operator_of_one_commune_looks_and_touches_nothing(
    name: str, keys: dict[str, str], here: Place
) -> None:
    client = signed_in(here.user)  # every role, but over the commune only

    assert client.get(reverse(PAGE)).status_code == 200
    assert client.get(reverse(name, kwargs=keys)).status_code == 403
    posted = client.post(reverse(name, kwargs=keys), {"reason": "Thử", "press": "pause"})
    assert posted.status_code == 403
    assert not OperatorAct.objects.exists()


# -------------------------------------------------------------------------------- the page
def test_a_calm_page_says_so_and_comes_again(operator: Client) -> None:
    shown = operator.get(reverse(PAGE))
    still = operator.get(reverse(PAGE), {"still": "1"})

    assert "Nothing needs you" in shown.content.decode() or "Không có gì cần" in (
        shown.content.decode()
    )
    assert shown.headers["Refresh"] == "30"
    assert "Refresh" not in still.headers


def test_what_is_wrong_stands_first(operator: Client) -> None:
    now = clock.now()
    MessageFactory(due_at=now - timedelta(minutes=20))
    MessageFactory(state=M.UNKNOWN, channel="sms", reason=Reason.OUTCOME_UNKNOWN)
    MessageFactory(state=M.SENDING, lease_until=now - timedelta(minutes=1))
    GatewayState.objects.create(channel="zalo", is_paused=True, pause_reason="Hết tiền")
    GatewayState.objects.create(channel="sms", broken_until=now + timedelta(minutes=3))
    Gate.objects.create(pk=1, paused=True, reason="Khôi phục từ bản sao")

    alarms = operator.get(reverse(PAGE)).context["alarms"]

    assert [alarm.is_grave for alarm in alarms] == [True] * 4 + [False] * 2
    said = operator.get(reverse(PAGE)).content.decode()
    assert "Hết tiền" in said
    assert "Khôi phục từ bản sao" in said


def test_the_page_asks_a_bounded_number(
    operator: Client, django_assert_max_num_queries: Any
) -> None:
    by = OfficialFactory().user
    for number in range(5):
        MessageFactory(state=M.UNKNOWN, reason=f"r{number}", channel="sms")
        OperatorAct.objects.create(kind="suppress", reason="x", by=by)

    with django_assert_max_num_queries(30):
        operator.get(reverse(PAGE))


# -------------------------------------------------------------------------------- the presses
def test_a_channel_is_paused_and_put_back(operator: Client) -> None:
    page = reverse("admin:office_delivery_gateway", args=["sms"])

    asked = operator.post(page, {"press": "pause", "reason": " "})
    operator.post(page, {"press": "pause", "reason": "Nhà mạng báo lỗi"})

    assert asked.status_code == 422
    state = GatewayState.objects.get(pk="sms")
    assert (state.is_paused, state.pause_reason) == (True, "Nhà mạng báo lỗi")
    assert "Nhà mạng báo lỗi" in operator.get(reverse(PAGE)).content.decode()

    operator.post(page, {"press": "resume", "reason": "Đã sửa"})

    state.refresh_from_db()
    assert not state.is_paused


@pytest.mark.parametrize("gateway", ["fax", "SMS", "gate"])
def test_there_is_no_other_channel(gateway: str, operator: Client) -> None:
    page = reverse("admin:office_delivery_gateway", args=[gateway])

    assert operator.get(page).status_code == 404
    assert operator.post(page, {"press": "pause", "reason": "x"}).status_code == 404


def test_all_sending_is_stopped_and_opened(operator: Client) -> None:
    page = reverse("admin:office_delivery_gate")

    operator.post(page, {"press": "pause", "reason": "Gửi nhầm"})
    assert Gate.objects.get().paused
    operator.post(page, {"press": "resume", "reason": "Đã xem"})
    assert not Gate.objects.get().paused


def test_waiting_messages_are_counted_shown_taken_out_and_put_back(operator: Client) -> None:
    first = MessageFactory()
    MessageFactory(dossier=True)
    asked = operator.get(choose("suppress"), {"topic": "credential_expiring"})
    assert (asked.context["count"], [row.pk for row in asked.context["first"]]) == (1, [first.pk])
    late = MessageFactory()

    given = {"topic": "credential_expiring", "upto": asked.context["picked"].upto}
    operator.post(choose("suppress"), given | {"reason": "Sai chữ"})

    first.refresh_from_db()
    late.refresh_from_db()
    assert (first.state, late.state) == (M.SUPPRESSED, M.QUEUED)
    act = OperatorAct.objects.get()
    undo = reverse("admin:office_delivery_undo", args=[act.public_id])
    assert operator.get(undo).context["still"] == 1
    operator.post(undo, {"reason": "Chữ đúng"})
    first.refresh_from_db()
    assert first.state == M.QUEUED
    assert operator.post(undo, {"reason": "Lần nữa"}).status_code == 422


def test_who_is_shown_before_a_press_is_logged(operator: Client) -> None:
    message = MessageFactory()
    before = AccessLog.objects.count()

    operator.get(choose("suppress"))

    rows = AccessLog.objects.order_by("pk")[before:]
    assert {key for row in rows for key in row.subject_ids} == {message.recipient_id}


@pytest.mark.parametrize(
    ("deed", "state", "reason", "becomes"),
    [
        ("resend", M.FAILED, Reason.GAVE_UP, M.QUEUED),
        ("resend", M.PARKED, Reason.POISON, M.QUEUED),
        ("resend", M.FAILED, Reason.NOT_DELIVERED, M.FAILED),
        ("has-it", M.UNKNOWN, Reason.OUTCOME_UNKNOWN, M.SENT),
        ("has-it-not", M.UNKNOWN, Reason.OUTCOME_UNKNOWN, M.FAILED),
        ("has-it", M.FAILED, Reason.GAVE_UP, M.FAILED),
    ],
)
def test_what_a_press_makes_of_one_message(
    deed: str, state: str, reason: str, becomes: str, operator: Client
) -> None:
    message = MessageFactory(state=state, reason=reason, channel="sms")
    other = MessageFactory(state=state, reason=reason, channel="sms")

    operator.post(choose(deed), {"message": str(message.public_id), "reason": "Đã gọi"})

    message.refresh_from_db()
    other.refresh_from_db()
    assert (message.state, other.state) == (becomes, state)


@pytest.mark.parametrize(
    "given",
    [
        {"state": "sent"},
        {"message": "không phải"},
        {"upto": "x" * 30},
        {"channel": "fax"},
        {"topic": "nothing"},
        {"why": "' OR 1=1"},
    ],
)
def test_a_filter_that_is_not_understood_means_no_message(
    given: dict[str, str], operator: Client
) -> None:
    MessageFactory()
    MessageFactory(state=M.UNKNOWN)
    before = list(Message.objects.order_by("pk").values_list("state", flat=True))

    for deed in ("suppress", "resend", "has-it", "has-it-not"):
        asked = operator.get(choose(deed), given)
        assert (asked.status_code, asked.context["count"]) == (200, 0)
        operator.post(choose(deed), given | {"reason": "Thử"})
    assert list(Message.objects.order_by("pk").values_list("state", flat=True)) == before
    assert not OperatorAct.objects.exists()
    assert operator.get(choose("burn")).status_code == 404


@pytest.mark.parametrize(("hour", "leaves"), [(22, "07:00 28/11/2026"), (9, None)])
def test_a_press_that_lets_messages_leave_says_when_at_night(
    hour: int, leaves: str | None, city: Unit
) -> None:
    night = datetime(2026, 11, 27, hour, tzinfo=clock.CIVIL_ZONE)
    MessageFactory(state=M.FAILED)
    MessageFactory(state=M.QUEUED)

    with time_machine.travel(night, tick=False):
        place = make_place(city, "Đêm", roles=())
        GrantFactory(official=place.official, role=Role.OPERATOR, unit=city)
        client = signed_in(place.user)
        again = client.get(choose("resend")).content.decode()
        taken_out = client.get(choose("suppress")).content.decode()
        client.post(reverse("admin:office_delivery_gate"), {"press": "pause", "reason": "x"})
        opened = client.get(reverse("admin:office_delivery_gate")).content.decode()

    for page in (again, opened):
        assert ("Giờ yên lặng" in page) is (leaves is not None)
        assert leaves is None or leaves in page
    assert "Giờ yên lặng" not in taken_out
