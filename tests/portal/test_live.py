from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer


def test_the_sign_in_page_opens_in_a_real_browser(page: Page, live_server: LiveServer) -> None:
    response = page.goto(f"{live_server.url}/accounts/login/")

    assert response is not None
    assert response.status == 200
    assert page.locator("form input[type=password]").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_machines_are_told_that_the_portal_serves(client: Client, address: str) -> None:
    response = client.get(address)

    assert response.status_code == 200
    assert response.json()["status"] == "ok"
