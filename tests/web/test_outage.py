"""The database goes away under a request: 503 in words, never a trace (F3)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DataError, InterfaceError, InternalError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, path

from portal.urls import handler500  # noqa: F401
from portal.urls import urlpatterns as addresses_of_the_portal
from tests.factories.citizens import CitizenFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.fault, pytest.mark.urls(__name__)]


class ReadOnly(Exception):  # noqa: N818 - as the driver names it
    pgcode = "25006"


def _read_only() -> InternalError:
    error = InternalError("cannot execute UPDATE in a read-only transaction")
    error.__cause__ = ReadOnly()
    return error


GONE = [
    OperationalError("server closed the connection"),
    InterfaceError("connection is closed"),
    OperationalError("could not extend file: No space left on device"),
    _read_only(),
]


def ask(_request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("fine")


urlpatterns: list[URLPattern | URLResolver] = [path("api/ask", ask), *addresses_of_the_portal]


@pytest.fixture
def signed_in(client: Client) -> Client:
    client.force_login(UserFactory(citizen=CitizenFactory()))
    client.raise_request_exception = False
    return client


def get(client: Client, address: str, error: Exception) -> Any:
    def refuse(*_arguments: Any) -> Any:
        raise error

    with connection.execute_wrapper(refuse):
        return client.get(address)


@pytest.mark.parametrize("error", GONE, ids=lambda error: type(error).__name__)
def test_a_page_says_that_it_will_be_back(signed_in: Client, error: Exception) -> None:
    response = get(signed_in, "/my/", error)

    assert response.status_code == 503
    assert "Cổng sẽ mở lại" in response.content.decode()
    assert response["Retry-After"] == "30"
    assert "no-store" in response["Cache-Control"]
    assert signed_in.get("/my/").status_code == 200


@pytest.mark.parametrize("error", GONE, ids=lambda error: type(error).__name__)
def test_a_program_is_told_in_its_own_form(signed_in: Client, error: Exception) -> None:
    response = get(signed_in, "/api/ask", error)

    assert (response.status_code, response["Content-Type"]) == (503, "application/problem+json")
    assert response.json()["status"] == 503


def test_another_error_stays_an_error(signed_in: Client) -> None:
    assert get(signed_in, "/api/ask", DataError("a bug")).status_code == 500
