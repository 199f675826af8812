"""Automatic decisions at the desk: each office sees its own kind, and only who may stops them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.urls import reverse

from citizens.enums import Role
from dossiers.enums import SampleVerdict
from dossiers.models import AutomaticDecision, ModeSwitch
from dossiers.services.decide_automatically import decide_automatically
from dossiers.services.review_automatic import review_decision
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


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.CASE_OFFICER, True), (Role.HEAD_OF_UNIT, True), (Role.PROVINCIAL_LEADER, False)],
)
def test_who_gives_no_verdict_is_offered_none(role: Role, may: bool, scene: Scene) -> None:
    decision = drawn(scene)
    client = signed_in(scene.officer(role))

    said = client.get(one(decision)).content.decode()

    assert ('name="verdict"' in said) is may
    assert ("cho kết luận" in said) is not may


def test_a_refused_verdict_keeps_what_was_typed(scene: Scene) -> None:
    # Given a decision to be looked at, and a colleague who judged it while the page was open
    decision = drawn(scene)
    client = signed_in(scene.officer())
    sent = {"version": decision.version, "verdict": "wrong", "note": " "}

    # When it is called wrong without a reason, and then with one but too late
    without = client.post(f"{one(decision)}judge/", sent)
    review_decision(
        decision=decision,
        user=scene.officer(),
        version=decision.version,
        verdict=SampleVerdict.UPHELD,
        note="",
        now=FRIDAY,
    )
    late = client.post(f"{one(decision)}judge/", sent | {"note": "Giấy của người khác"})

    # Then the form is there again, and afterwards the words, but no form that would be refused
    assert without.status_code == late.status_code == 422
    assert 'name="verdict"' in without.content.decode()
    assert "Giấy của người khác" in late.content.decode()
    assert 'name="verdict"' not in late.content.decode()


def test_what_was_found_wrong_is_revoked_by_a_head_who_did_not_find_it(scene: Scene) -> None:
    decision, finder = drawn(scene), scene.officer(Role.HEAD_OF_UNIT)
    sent = {"version": decision.version, "verdict": "wrong", "note": "Giấy của người khác"}
    assert signed_in(finder).post(f"{one(decision)}judge/", sent).status_code == 302

    offered = {
        name: 'value="revoke"' in signed_in(user).get(one(decision)).content.decode()
        for name, user in {
            "finder": finder,
            "case officer": scene.officer(),
            "head": scene.officer(Role.HEAD_OF_UNIT),
        }.items()
    }

    assert offered == {"finder": False, "case officer": False, "head": True}


def drawn(scene: Scene) -> AutomaticDecision:
    """Return a decision that waits for a look."""
    scene.submit()
    decide_automatically(now=FRIDAY)
    AutomaticDecision.objects.update(is_sampled=True, is_drawn=True)
    return AutomaticDecision.objects.get()


def one(decision: AutomaticDecision) -> str:
    return reverse("admin:office_automatic_one", args=[decision.public_id])
