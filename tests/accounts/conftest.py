from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from citizens.models import Citizen
from portal.web.vneid import discovery
from tests.factories.citizens import CitizenFactory
from tests.peers.openid import OpenIdPeer
from tests.web.scene import FRIDAY

PIN = "999000000001"


@pytest.fixture
def friday(db: None) -> Iterator[time_machine.Traveller]:
    """Friday, 20 November 2026, nine in the morning; the clock goes on."""
    with time_machine.travel(FRIDAY, tick=True) as traveller:
        yield traveller


@pytest.fixture
def peer(settings: Settings) -> Iterator[OpenIdPeer]:
    """A provider that knows one person, set as the portal's."""
    discovery.forget()
    with OpenIdPeer() as provider:
        settings.OIDC = provider.provider()
        yield provider
    discovery.forget()


@pytest.fixture
def citizen(db: None) -> Citizen:
    """The person whom the provider knows, without an account here."""
    return CitizenFactory(pin=PIN, full_name="Nguyễn Thị Tâm")


def sent(client: Client, **form: str) -> str:
    """Press the button of the sign-in page; return where the browser is led."""
    page = client.post("/accounts/vneid/", form)
    assert page.status_code == 200, page.content.decode()
    return str(page.context["address"])
