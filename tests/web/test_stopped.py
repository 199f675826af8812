"""What an answer by SMS stopped is shown to its owner, who lets it come again."""

from __future__ import annotations

import pytest
from django.test import Client

from citizens.models import ContactPoint
from notifications.enums import Channel
from notifications.models import Preference
from notifications.services import opt_out, record_inbound
from portal.common import clock
from tests.web.scene import PHONE, Scene, stranger

pytestmark = pytest.mark.django_db


@pytest.fixture
def zero(scene: Scene) -> ContactPoint:
    """The number from which somebody answered `0`."""
    record_inbound(channel=Channel.SMS, key="k", sender=PHONE, body="0", now=clock.now())
    return ContactPoint.objects.get(party=scene.lan.party)


def test_the_page_names_the_number_and_the_way_back(scene: Scene, zero: ContactPoint) -> None:
    shown = scene.client.get("/my/choices/").content.decode()

    assert "050•••0001" in shown
    assert "+84" not in shown


def test_its_owner_uses_it_again(scene: Scene, zero: ContactPoint) -> None:
    assert zero.verified_at is None

    scene.client.post("/my/choices/resume/", {"number": str(zero.public_id)})

    zero.refresh_from_db()
    assert zero.verified_at is not None


def test_nobody_else_does(scene: Scene, zero: ContactPoint) -> None:
    _citizen, client = stranger()

    client.post("/my/choices/resume/", {"number": str(zero.public_id)})

    zero.refresh_from_db()
    assert zero.verified_at is None


def test_a_number_that_was_never_verified_is_not_taken_into_use(scene: Scene) -> None:
    ContactPoint.objects.update(verified_at=None)
    point = ContactPoint.objects.get(party=scene.lan.party)

    scene.client.post("/my/choices/resume/", {"number": str(point.public_id)})

    point.refresh_from_db()
    assert point.verified_at is None


def test_a_stopped_service_comes_again(scene: Scene) -> None:
    opt_out(party=scene.lan.party, topic="credential_expiring")

    assert "sắp hết hạn" in scene.client.get("/my/choices/").content.decode()
    scene.client.post("/my/choices/resume/", {"topic": "credential_expiring"})

    assert not Preference.objects.exists()


@pytest.mark.parametrize("posted", [{}, {"number": "x"}])
def test_nonsense_does_nothing(scene: Scene, posted: dict[str, str]) -> None:
    assert scene.client.post("/my/choices/resume/", posted).status_code == 404


def test_a_visitor_signs_in_first(client: Client) -> None:
    assert client.post("/my/choices/resume/")["Location"].startswith("/accounts/login/")
