"""Automatic decisions at the desk: each office sees its own kind, and only who may stops them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.urls import reverse

from citizens.enums import Role
from dossiers.models import AutomaticDecision, ModeSwitch
from dossiers.services.decide_automatically import decide_automatically
from tests.dossiers.automatic_scene import automatic_scene
from tests.dossiers.scene import FRIDAY, Scene
from tests.factories.citizens import AgencyFactory, GrantFactory, OfficialFactory
from tests.office.places import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
PAGE = "admin:office_automatic"


@pytest.fixture
def scene() -> Iterator[Scene]:
    with time_machine.travel(FRIDAY, tick=False):
        yield automatic_scene()


def _switch(scene: Scene) -> str:
    return reverse("admin:office_automatic_switch", args=[scene.version.procedure_id])


def test_another_agencys_head_of_the_same_place_sees_and_stops_nothing(scene: Scene) -> None:
    # Given a decision of the traffic police, and a head of the health department of the same city
    scene.submit()
    decide_automatically(now=FRIDAY)
    decision = AutomaticDecision.objects.get()
    health = OfficialFactory(agency=AgencyFactory(kind__key="so_y_te", unit=scene.city))
    GrantFactory(official=health, role=Role.HEAD_OF_UNIT, unit=scene.city)
    client = signed_in(health.user)

    # Then the desk shows neither the decision nor the switch, and a forged press is refused
    said = client.get(f"{reverse(PAGE)}?tab=all").content.decode()
    assert decision.dossier.code not in said
    assert _switch(scene) not in said
    one = client.get(reverse("admin:office_automatic_one", args=[decision.public_id]))
    assert one.status_code == 404
    off = {"to": "off", "reason": "Thử"}
    assert client.post(_switch(scene), off).status_code == 403
    assert ModeSwitch.objects.latest("pk").is_on


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.HEAD_OF_UNIT, True), (Role.CASE_OFFICER, False), (Role.PROVINCIAL_LEADER, False)],
)
def test_the_press_is_there_for_who_may(role: Role, may: bool, scene: Scene) -> None:
    client = signed_in(scene.officer(role))

    said = client.get(reverse(PAGE)).content.decode()

    assert scene.version.name_vi in said
    assert (_switch(scene) in said) is may
    pressed = client.post(_switch(scene), {"to": "off", "reason": "Thử"})
    assert (pressed.status_code == 302) is may
    assert ModeSwitch.objects.latest("pk").is_on is not may
