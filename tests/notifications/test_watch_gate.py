"""A database that was restored says nothing until a person lets it (fault F50)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from citizens.models import User
from notifications.models import Gate, Message
from notifications.services import RESTORED, open_gate
from notifications.services.watch_gate import is_gate_closed
from tests.factories.citizens import OfficialFactory
from tests.factories.notifications import MessageFactory
from tests.notifications.gateways import ScriptedGateway, drain

pytestmark = pytest.mark.usefixtures("texts", "noon")

ELSEWHERE = "7300000000000000001:00000001"


def moved() -> None:
    """Let the database have lived on another server when it was last looked at."""
    is_gate_closed()
    Gate.objects.update(home=ELSEWHERE)


@pytest.mark.django_db
def test_the_first_look_notes_where_the_database_lives_and_later_ones_ask_once(
    django_assert_num_queries: Any,
) -> None:
    assert not is_gate_closed()
    gate = Gate.objects.get()
    server, _, timeline = gate.home.partition(":")
    assert (int(server) > 0, timeline, gate.generation) == (True, "00000001", 1)

    with django_assert_num_queries(1):
        assert not is_gate_closed()


@pytest.mark.django_db
def test_nothing_leaves_a_restored_database_until_a_person_says_so() -> None:
    operator: User = OfficialFactory().user
    MessageFactory()
    moved()
    gateway = ScriptedGateway(lambda _reference: None)

    drain(gateway)

    gate = Gate.objects.get()
    assert (gate.paused, gate.reason, gate.generation) == (True, RESTORED, 2)
    assert gateway.sent == []
    assert Message.objects.get().state == "queued"

    open_gate(reason="Đã rút các tin gửi rồi", by=operator)
    drain(gateway)

    assert len(gateway.sent) == 1
    assert Gate.objects.get().generation == 2


@pytest.mark.django_db
def test_a_gate_that_was_closed_before_the_back_up_stays_closed_at_home() -> None:
    is_gate_closed()
    Gate.objects.update(paused=True, reason="Sự cố")

    assert is_gate_closed()
    assert Gate.objects.get().reason == "Sự cố"


@pytest.mark.django_db
def test_the_page_says_why_nothing_leaves(admin_client: Client) -> None:
    moved()
    assert is_gate_closed()

    shown = admin_client.get("/admin/delivery/").content.decode()

    assert "được khôi phục từ bản sao lưu" in shown
