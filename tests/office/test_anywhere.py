"""A counter opens what another unit decides by code and number together, and by nothing less."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from citizens.enums import Role
from citizens.models import AccessLog, User
from dossiers.enums import Action, Status
from dossiers.models import Dossier
from portal.office.anywhere import MOST_LOOKS
from procedures.enums import FilingChannel
from tests.dossiers.office_scene import elsewhere, processing
from tests.dossiers.scene import FRIDAY, Scene, pay_fee, renewal, step
from tests.factories.citizens import CitizenFactory
from tests.office.places import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

FIND, STEP = "admin:office_anywhere", "admin:office_anywhere_step"


@pytest.fixture
def scene() -> Iterator[Scene]:
    """A licence, its suggestion and the office, on a Friday morning."""
    with time_machine.travel(FRIDAY, tick=False):
        yield renewal()


def _key(client: Client, dossier: Dossier, number: str | None) -> str:
    """Ask for a dossier; return the key that the page gives for its steps, "" for none."""
    given = {"code": dossier.code.lower(), "number": number or ""}
    found = client.post(reverse(FIND), given)
    key: str = found.context.get("key", "") if found.context else ""
    return key


def test_code_and_number_together_open_it_and_nothing_less(scene: Scene) -> None:
    dossier, stranger = scene.submit(), CitizenFactory(unit=scene.commune)
    client = signed_in(elsewhere(scene))
    pin = scene.citizen.pin or ""
    views = AccessLog.objects.count()

    for number in (stranger.pin, pin[:11], "", "0" * 12):
        assert not _key(client, dossier, number)
    assert AccessLog.objects.count() == views
    assert _key(client, dossier, f"{pin[:6]} {pin[6:]}")
    view = AccessLog.objects.latest("pk")
    assert (view.reference, view.subject_ids) == (dossier.code, [scene.citizen.pk])


def _press(client: Client, dossier: Dossier, key: str, action: Action) -> int:
    given = {"key": key, "version": dossier.version, "press": action.value}
    status: int = client.post(reverse(STEP), given).status_code
    dossier.refresh_from_db()
    return status


def test_a_counter_receives_and_hands_out_what_another_agency_decides(scene: Scene) -> None:
    clerk = elsewhere(scene)
    client = signed_in(clerk)
    dossier = scene.submit()

    _press(client, dossier, _key(client, dossier, scene.citizen.pin), Action.RECEIVE)

    assert (dossier.status, dossier.received_at) == (Status.RECEIVED, clerk.official.agency)

    officer = scene.officer(Role.CASE_OFFICER)
    for action in (Action.START_PROCESSING, Action.APPROVE):
        dossier = step(dossier, action, officer)
    dossier = pay_fee(dossier)
    other = elsewhere(scene)
    client = signed_in(other)
    _press(client, dossier, _key(client, dossier, scene.citizen.pin), Action.RETURN_RESULT)

    assert dossier.status == Status.RETURNED
    assert (dossier.returned_from, dossier.returned_by) == (
        other.official.agency,
        FilingChannel.DIRECT,
    )


def test_a_counter_decides_nothing_and_a_key_is_its_finders(scene: Scene) -> None:
    clerk: User = elsewhere(scene, Role.RECEPTIONIST, Role.CASE_OFFICER, Role.HEAD_OF_UNIT)
    client = signed_in(clerk)
    dossier = processing(scene)
    key = _key(client, dossier, scene.citizen.pin)

    for action in (Action.APPROVE, Action.STOP, Action.REQUEST_SUPPLEMENT):
        _press(client, dossier, key, action)
    assert dossier.status == Status.PROCESSING
    assert _press(signed_in(elsewhere(scene)), dossier, key, Action.RECEIVE) == 403
    assert _press(client, dossier, f"{key}x", Action.RECEIVE) == 403


def test_nobody_tries_numbers_out_at_a_counter(scene: Scene) -> None:
    dossier, client = scene.submit(), signed_in(elsewhere(scene))
    wrong = {"code": dossier.code, "number": "0" * 12}
    for _try in range(MOST_LOOKS):
        assert client.post(reverse(FIND), wrong).status_code == 200

    answer = client.post(reverse(FIND), wrong | {"number": scene.citizen.pin})

    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 900
    assert "key" not in answer.context
    assert _key(signed_in(elsewhere(scene)), dossier, scene.citizen.pin)
