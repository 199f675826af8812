"""A refresh token shown twice at the same moment, and what becomes of tokens that have ended."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from allauth.idp.oidc.models import Client as App
from allauth.idp.oidc.models import Token
from django.db import connection
from django.test import Client

from citizens.tasks import forget_tries
from portal.common import clock
from tests.factories.citizens import CitizenFactory, UserFactory


def token(value: str, app: App, *, seconds: int = 60) -> Token:
    made = Token(type="rt", client=app, user=UserFactory(citizen=CitizenFactory()), scopes="me")
    made.set_value(value)
    made.expires_at = clock.now() + timedelta(seconds=seconds)
    made.save()
    return made


@pytest.fixture
def app() -> App:
    found: App = App.objects.create(id="app", name="A", type="public", grant_types="refresh_token")
    return found


@pytest.mark.django_db(transaction=True)
def test_of_two_who_show_one_at_once_nobody_keeps_access(app: App) -> None:
    token("first", app)
    told = {"grant_type": "refresh_token", "client_id": "app", "refresh_token": "first"}
    together, answers = threading.Barrier(2), list[int]()

    def show() -> None:
        try:
            together.wait(10)
            answers.append(Client().post("/accounts/apps/token", told).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=show) for _one in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(answers) == [200, 400]
    assert not Token.objects.exclude(type="sp").exists()


@pytest.mark.django_db
def test_ended_tokens_are_forgotten(app: App) -> None:
    living = token("living", app)
    token("ended", app, seconds=-1)

    forget_tries()

    assert list(Token.objects.all()) == [living]
