"""Who presses at night that people are told reads when the messages leave."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from citizens.models import Breach, Register, Unit, User
from tests.factories.notifications import reachable
from tests.office.places import signed_in
from tests.office.test_breaches import FRIDAY

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


@pytest.mark.parametrize(
    ("hour", "leaves"),
    [(22, "07:00 29/11/2026"), (3, "07:00 28/11/2026"), (9, None)],
)
def test_who_tells_at_night_reads_when_messages_leave(
    incident: Breach, register: Register, ward: Unit, steward: User, hour: int, leaves: str | None
) -> None:
    reachable(register=register, unit=ward)
    page = reverse("admin:office_breach_tell", args=[incident.public_id])
    said = {
        "explained": "Một tài khoản đã xem họ tên và địa chỉ; tài khoản đã bị khóa.",
        "version": str(incident.version),
    }

    with time_machine.travel(FRIDAY.replace(hour=hour) + timedelta(days=1), tick=False):
        client = signed_in(steward)
        shown = client.post(page, {**said, "act": "show"}).content.decode()
        done = client.post(page, {**said, "act": "tell", "sure": "1"}, follow=True).content.decode()

    assert "Từ 40 đến 600 ký tự" in shown
    for answer in (shown, done):
        assert ("Giờ yên lặng" in answer) is (leaves is not None)
        assert leaves is None or leaves in answer
