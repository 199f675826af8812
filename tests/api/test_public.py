"""What everybody asks by API: the catalogue, and where a dossier is by its code and one fact."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator
from pytest_django import Settings

from portal.api.openapi import document
from portal.api.urls import pages
from tests.api.test_citizens import API, problem
from tests.factories.procedures import LICENCE, ProcedureVersionFactory
from tests.web.scene import Scene

KEYS = ["household_business_registration", "identity_card_replace_at_age", "passport_issue"]


def track(client: Client, body: Any) -> Any:
    return client.post(f"{API}/track", body, content_type="application/json")


@pytest.fixture
def catalogue(scene: Scene) -> list[str]:
    """Four procedures in force, and a draft that nobody sees."""
    for key in KEYS[:2]:
        ProcedureVersionFactory(procedure__key=key)
    ProcedureVersionFactory(procedure__key=KEYS[2], draft=True)
    return sorted([LICENCE, *KEYS[:2]])


def test_the_catalogue_in_pages(catalogue: list[str], client: Client) -> None:
    first = client.get(f"{API}/procedures?limit=2").json()
    rest = client.get(f"{API}/procedures?limit=2&cursor={first['next']}").json()

    assert [one["key"] for one in [*first["items"], *rest["items"]]] == catalogue
    assert rest["next"] is None
    told = document(pages)
    shape = told["paths"]["/v1/procedures"]["get"]["responses"]["200"]["content"]
    whole = shape["application/json"]["schema"] | {"components": told["components"]}
    Draft202012Validator(whole).validate(first)


def test_a_search_and_one_of_what_it_found(catalogue: list[str], client: Client) -> None:
    found = client.get(f"{API}/procedures", {"q": "giay phep lai xe"}).json()["items"]

    assert found[0]["key"] == LICENCE
    one = client.get(f"{API}/procedures/{LICENCE}")
    assert one.json() == found[0]
    assert client.get(f"{API}/procedures", {"q": "zzzzzz"}).json() == {"items": [], "next": None}
    problem(client.get(f"{API}/procedures/{KEYS[2]}"), 404)


class TestTracking:
    @pytest.fixture
    def code(self, scene: Scene) -> str:
        """The code of Mrs Lan's dossier."""
        scene.client.post(scene.page, {"delivery": "Trực tiếp"})
        return str(scene.lan.dossiers.get().code)

    def test_code_and_fact_tell_where_it_is(self, code: str, client: Client) -> None:
        answer = track(client, {"code": code, "fact": "0001"})

        assert (answer.json()["code"], answer.json()["status"]) == (code, 1)

    def test_a_wrong_fact_is_no_dossier(self, code: str, scene: Scene, client: Client) -> None:
        wrong = track(client, {"code": code, "fact": "0002"})
        unknown = track(client, {"code": "H17.118-20261120-9999999", "fact": "0001"})

        assert problem(wrong, 404) == problem(unknown, 404)
        assert scene.lan.full_name not in wrong.content.decode()

    def test_tries_are_few_whoever_asks(self, code: str, client: Client) -> None:
        for _try in range(5):
            problem(track(client, {"code": code, "fact": "0002"}), 404)

        answer = track(client, {"code": code, "fact": "0001"})

        problem(answer, 429)
        assert 0 < int(answer["Retry-After"]) <= 3601

    @pytest.mark.parametrize("body", [{}, {"code": "a"}, {"code": 1, "fact": "1"}, [], {"x": 1}])
    def test_nonsense_is_refused(self, db: None, client: Client, body: Any) -> None:
        problem(track(client, body), 400)


def test_an_address_that_asks_too_often_waits(
    catalogue: list[str], client: Client, settings: Settings
) -> None:
    settings.API_MOST_A_MINUTE = 2
    answers = [client.get(f"{API}/procedures") for _time in range(3)]

    assert [one.status_code for one in answers] == [200, 200, 429]
