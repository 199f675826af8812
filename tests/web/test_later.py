"""Snooze, dismiss, and take back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from procedures.enums import RecipientState, SuggestionState
from tests.factories.citizens import AuthorityFactory, CitizenFactory, UserFactory
from tests.factories.procedures import RecipientFactory
from tests.web.scene import TODAY, Scene


@pytest.mark.parametrize(
    ("days_left", "offered"),
    [(60, [7, 14, 30]), (30, [7, 14, 30]), (29, [7, 14]), (13, [7]), (6, [])],
)
def test_no_day_beyond_the_last_is_offered(
    scene: Scene, days_left: int, offered: list[int]
) -> None:
    scene.suggestion.due_on = TODAY + timedelta(days=days_left)
    scene.suggestion.save()

    response = scene.client.get(f"{scene.page}snooze/")

    assert [days for days, _until in response.context["choices"]] == offered


def test_snoozing_puts_it_off_until_that_day(scene: Scene) -> None:
    response = scene.client.post(f"{scene.page}snooze/", {"days": "14"}, follow=True)

    scene.suggestion.refresh_from_db()
    html = response.content.decode()
    assert scene.suggestion.state == SuggestionState.SNOOZED
    assert scene.suggestion.next_remind_on == TODAY + timedelta(days=14)
    assert "04/12/2026" in html
    assert response.context["matters"] == []
    assert len(response.context["later"]) == 1


@pytest.mark.parametrize("days", ["0", "61", "99999999999999999999"])
def test_a_day_out_of_range_changes_nothing(scene: Scene, days: str) -> None:
    scene.client.post(f"{scene.page}snooze/", {"days": days})

    scene.suggestion.refresh_from_db()
    assert scene.suggestion.state == SuggestionState.OPEN


@pytest.mark.parametrize("days", ["", "-7", "hai", "7.5"])
def test_nonsense_asks_again(scene: Scene, days: str) -> None:
    response = scene.client.post(f"{scene.page}snooze/", {"days": days})

    assert response.status_code == 200
    scene.suggestion.refresh_from_db()
    assert scene.suggestion.state == SuggestionState.OPEN


def test_dismissing_asks_first(scene: Scene) -> None:
    html = scene.client.get(f"{scene.page}dismiss/").content.decode()

    scene.suggestion.refresh_from_db()
    assert scene.suggestion.state == SuggestionState.OPEN
    assert "phải sát hạch lại lý thuyết" in html


def test_dismissing_can_be_taken_back_in_the_session(scene: Scene) -> None:
    gone = scene.client.post(f"{scene.page}dismiss/", follow=True)
    assert gone.context["matters"] == []
    assert f"{scene.page}restore/" in gone.content.decode()

    back = scene.client.post(f"{scene.page}restore/", follow=True)

    scene.suggestion.refresh_from_db()
    assert scene.suggestion.state == SuggestionState.OPEN
    assert len(back.context["matters"]) == 1
    assert back.context["undo"] == []


def test_another_session_cannot_take_it_back(scene: Scene) -> None:
    scene.client.post(f"{scene.page}dismiss/")
    other = Client()
    other.force_login(scene.user, backend="django.contrib.auth.backends.ModelBackend")

    other.post(f"{scene.page}restore/")

    scene.suggestion.refresh_from_db()
    assert scene.suggestion.state == SuggestionState.DISMISSED


def test_one_of_two_takes_back_only_their_own(scene: Scene) -> None:
    """Two who may act: each answers alone, and neither speaks for the other."""
    husband = CitizenFactory()
    AuthorityFactory(actor=husband, for_party=scene.lan.party, basis="power_of_attorney")
    his = RecipientFactory(suggestion=scene.suggestion, citizen=husband)
    client = Client()
    client.force_login(
        UserFactory(citizen=husband), backend="django.contrib.auth.backends.ModelBackend"
    )
    client.post(f"{scene.page}dismiss/")
    scene.suggestion.refresh_from_db()
    assert scene.suggestion.state == SuggestionState.OPEN
    scene.client.post(f"{scene.page}dismiss/")

    scene.client.post(f"{scene.page}restore/")

    scene.suggestion.refresh_from_db()
    his.refresh_from_db()
    assert scene.suggestion.state == SuggestionState.OPEN
    assert his.state == RecipientState.DISMISSED
