"""Whoever presses nothing for a quarter of an hour signs in anew, at every door of the desk."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.urls import reverse

from dossiers.models import DossierNote
from portal.common.clock import CIVIL_ZONE
from tests.office.places import make_house, make_place, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
NINE = datetime(2026, 11, 27, 9, tzinfo=CIVIL_ZONE)
DOORS = (
    "admin:index",
    "admin:office_queue",
    "admin:citizens_citizen_changelist",
    "admin:office_training",
)


@pytest.fixture(autouse=True)
def _limit(settings: Any) -> None:
    settings.OFFICE_IDLE = 15 * 60


@pytest.mark.parametrize("door", DOORS)
def test_after_fifteen_minutes_the_sign_in_comes_and_then_the_page(door: str) -> None:
    address = f"{reverse(door)}?q=x"
    with time_machine.travel(NINE, tick=False) as now:
        client = signed_in(make_place(make_house(), "Xuân").user)
        assert client.get(address).status_code != 403

        now.shift(timedelta(minutes=15, seconds=1))
        answer = client.get(address)

        assert answer.status_code == 302
        assert answer["Location"].startswith(f"{reverse('admin:login')}?next={reverse(door)}")
        assert "_auth_user_id" not in client.session


def test_presses_keep_one_in(here: Any) -> None:
    with time_machine.travel(NINE, tick=False) as now:
        client = signed_in(here.user)
        for _turn in range(4):
            assert client.get(reverse("admin:index")).status_code == 200
            now.shift(timedelta(minutes=14))


def test_what_a_page_asks_by_itself_is_no_press(here: Any) -> None:
    asked = reverse("admin:office_batch_progress", args=[UUID(int=1)])
    with time_machine.travel(NINE, tick=False) as now:
        client = signed_in(here.user)
        client.get(reverse("admin:index"))
        for _turn in range(2):
            now.shift(timedelta(minutes=8))
            assert client.get(asked).status_code == 403  # of the whole province only

        assert client.get(reverse("admin:index")).status_code == 302


def test_what_was_to_be_written_is_not(here: Any) -> None:
    note = reverse("admin:office_note", args=[here.dossier.public_id])
    with time_machine.travel(NINE, tick=False) as now:
        client = signed_in(here.user)
        client.get(reverse("admin:index"))
        now.shift(timedelta(minutes=16))

        answer = client.post(note, {"body": "Ghi chú", "text": "Ghi chú"})

    assert answer["Location"] == f"{reverse('admin:login')}?next={reverse('admin:index')}"
    assert not DossierNote.objects.exists()


def test_without_a_limit_only_the_session_ends(here: Any, settings: Any) -> None:
    settings.OFFICE_IDLE = None
    with time_machine.travel(NINE, tick=False) as now:
        client = signed_in(here.user)
        client.get(reverse("admin:index"))
        now.shift(timedelta(hours=2))
        assert client.get(reverse("admin:index")).status_code == 200
