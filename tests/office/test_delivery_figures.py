"""Figures of messages: what is counted, of what, for whom; equal to a recount."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from citizens.enums import Role
from citizens.models import Unit
from notifications.models import Message
from portal.common import clock
from portal.reporting.selectors.deliveries import Asked, By, arrivals, message_figures, total_of
from tests.factories.citizens import CitizenFactory, UnitFactory
from tests.factories.notifications import MessageFactory, reachable
from tests.office.places import CANARY, Place, make_place, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

PAGE = "admin:office_delivery_figures"
FILE = "admin:office_delivery_figures_file"


def asked(**changes: Any) -> Asked:
    now = clock.now()
    span = {"since": now - timedelta(days=1), "until": now + timedelta(days=1)}
    return Asked(**(span | changes))


@pytest.fixture
def told(city: Unit) -> Unit:
    """A commune with one message of each kind."""
    unit: Unit = UnitFactory(parent=city)
    party = reachable(unit=unit)
    now = clock.now()
    sent = {"recipient": party, "sent_at": now, "channel": "sms"}
    MessageFactory(**sent, state="delivered", part_count=2, price_vnd=1600)
    MessageFactory(**sent, state="sent", part_count=1, price_vnd=800, read_at=now)
    MessageFactory(recipient=party, state="sent", sent_at=now, channel="inbox")
    MessageFactory(recipient=party, state="failed", channel="sms")
    MessageFactory(recipient=party, state="unknown", channel="sms")
    MessageFactory(recipient=party, state="suppressed", reason="opted_out")
    MessageFactory(recipient=party, dossier=True)
    return unit


def test_each_number_is_what_it_says(told: Unit) -> None:
    (one,) = message_figures(asked(units=[told.pk]), by=(By.UNIT,))

    assert one.key == (told.pk,)
    assert (one.written, one.sent, one.delivered, one.opened, one.unread) == (7, 3, 1, 1, 2)
    assert (one.failed, one.unknown, one.kept_back, one.waiting) == (1, 1, 1, 1)
    assert (one.parts, one.cost_vnd) == (3, 2400)


@pytest.mark.parametrize("by", [(By.UNIT,), (By.CHANNEL,), (By.TOPIC,), tuple(By)])
def test_every_split_adds_up_to_all(by: tuple[By, ...], told: Unit) -> None:
    rows = message_figures(asked(), by=by)

    assert total_of(rows).written == Message.objects.count()
    assert len({row.key for row in rows}) == len(rows)


@pytest.mark.parametrize(
    ("changes", "written"),
    [
        ({"topic": "dossier_received"}, 1),
        ({"channel": "inbox"}, 1),
        ({"units": []}, 0),
        ({"until": clock.now() - timedelta(hours=1)}, 0),
    ],
)
def test_what_is_asked_for_narrows(changes: dict[str, Any], written: int, told: Unit) -> None:
    assert total_of(message_figures(asked(**changes), by=(By.TOPIC,))).written == written


def test_matters_that_reached_nobody(city: Unit) -> None:
    unit = UnitFactory(parent=city)
    long_ago = clock.now() - timedelta(days=9)
    matters: list[dict[str, Any]] = [
        {"state": "failed", "channel": "sms"},
        {"state": "sent", "channel": "inbox", "sent_at": clock.now()},
        {"state": "sent", "channel": "sms", "sent_at": long_ago},
        {"state": "sent", "channel": "sms", "sent_at": clock.now()},
        {"state": "delivered", "channel": "sms", "sent_at": long_ago},
        {"state": "sent", "channel": "app", "sent_at": long_ago, "read_at": long_ago},
        {},
    ]
    for number, facts in enumerate(matters):
        party = CitizenFactory(unit=unit).party
        MessageFactory(recipient=party, thread_key=f"dossier:{number}", **facts)

    found = arrivals(asked(units=[unit.pk]), now=clock.now())[unit.pk]

    assert (found.matters, found.missed) == (7, 3)


def test_nobody_sees_the_figures_of_another_commune(here: Place, elsewhere: Place) -> None:
    client = signed_in(here.user)
    MessageFactory(recipient=reachable(unit=elsewhere.unit), thread_key="dossier:1")

    for page in (PAGE, FILE):
        for query in ("", f"?unit={elsewhere.unit.code}", "?by=topic", "?by=channel&period=this"):
            answer = client.get(reverse(page) + query)
            assert answer.status_code == 200
            assert CANARY not in answer.content.decode()
    assert client.get(reverse(PAGE)).context["total"].figures.written == 1


@pytest.mark.parametrize("role", Role)
def test_who_sees_figures(role: Role, city: Unit) -> None:
    place = make_place(city, "Hạ", roles=(role,))
    leads = {Role.HEAD_OF_UNIT, Role.PROVINCIAL_LEADER, Role.OPERATOR, Role.ADMINISTRATOR}

    for page in (PAGE, FILE):
        seen = signed_in(place.user).get(reverse(page)).status_code
        assert seen == (200 if role in leads else 403)


@pytest.mark.parametrize("period", ["week", "month", "quarter", "this", "previous", "x"])
@pytest.mark.parametrize("by", ["unit", "channel", "topic", "x"])
def test_every_choice_is_answered(period: str, by: str, here: Place) -> None:
    answer = signed_in(here.user).get(reverse(PAGE), {"period": period, "by": by})

    assert answer.status_code == 200


def test_the_page_asks_a_constant_number(here: Place, django_assert_max_num_queries: Any) -> None:
    for _number in range(6):
        MessageFactory(recipient=reachable(unit=here.unit))

    client = signed_in(here.user)

    with django_assert_max_num_queries(20):
        client.get(reverse(PAGE))
