"""After the result: one press, words for who likes, and the page of what was saved."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from citizens.enums import Role
from dossiers.enums import Action, Satisfaction
from dossiers.models import Dossier, Rating
from dossiers.services.return_online import returned_online
from tests.dossiers.scene import FRIDAY, Scene, pay_fee, renewal, step
from tests.factories.citizens import CitizenFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Any:
    """A licence, its suggestion and the office, on a Friday morning."""
    with time_machine.travel(FRIDAY, tick=False):
        yield renewal()


@pytest.fixture
def dossier(scene: Scene) -> Dossier:
    """A dossier whose result was opened online."""
    made = step(scene.submit(), Action.RECEIVE, scene.officer(Role.CASE_OFFICER))
    made = step(made, Action.START_PROCESSING, scene.officer())
    made = step(made, Action.APPROVE, scene.officer())
    returned_online(dossier=pay_fee(made), now=FRIDAY)
    made.refresh_from_db()
    return made


@pytest.fixture
def lan(scene: Scene, client: Client) -> Client:
    """The browser of the licence's holder."""
    client.force_login(scene.user)
    return client


def address(dossier: Dossier, name: str = "dossier") -> str:
    return reverse(f"web:{name}", args=[dossier.public_id])


def test_three_faces_one_press_and_words(lan: Client, dossier: Dossier) -> None:
    page = lan.get(address(dossier)).content.decode()
    for answer in Satisfaction:
        assert f'value="{answer}"' in page
    assert "<textarea" not in page

    lan.post(address(dossier, "rate"), {"answer": "satisfied"})
    page = lan.get(address(dossier)).content.decode()
    assert "<textarea" in page
    lan.post(address(dossier, "rate"), {"answer": "satisfied", "words": "Rất nhanh"})

    rating = Rating.objects.get()
    assert (rating.answer, rating.words) == (Satisfaction.SATISFIED, "Rất nhanh")


def test_after_a_week_nothing_can_be_pressed(lan: Client, dossier: Dossier) -> None:
    lan.post(address(dossier, "rate"), {"answer": "neutral"})

    with time_machine.travel(FRIDAY.replace(month=12), tick=False):
        page = lan.get(address(dossier)).content.decode()
        lan.post(address(dossier, "rate"), {"answer": "satisfied"})

    assert 'name="answer"' not in page
    assert Rating.objects.get().answer == Satisfaction.NEUTRAL


def test_what_was_saved_is_shown_with_its_rules(lan: Client, dossier: Dossier) -> None:
    assert address(dossier, "saved") in lan.get(address(dossier)).content.decode()

    page = lan.get(address(dossier, "saved")).content.decode()

    known = dossier.known_field_count
    assert known
    assert f"{known}/{dossier.field_count}" in page
    assert page.count("saved__figure") == 4  # trips, fields, papers, days
    assert ">60<" in page


@pytest.mark.parametrize(("name", "method"), [("rate", "post"), ("saved", "get")])
def test_a_dossier_of_somebody_else_does_not_exist(
    client: Client, dossier: Dossier, name: str, method: str
) -> None:
    client.force_login(UserFactory(citizen=CitizenFactory()))

    assert getattr(client, method)(address(dossier, name)).status_code == 404
    assert not Rating.objects.exists()


def test_nothing_was_saved_before_the_end(lan: Client, scene: Scene) -> None:
    dossier = scene.submit()

    assert lan.get(address(dossier, "saved")).status_code == 404
    assert address(dossier, "saved") not in lan.get(address(dossier)).content.decode()
