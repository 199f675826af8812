"""Is it ours, and what do units settle in time: for everybody, and nobody is named."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory
from pytest_django import Settings

from portal.api.problems import answer
from portal.api.public import Procedures
from portal.common import clock
from tests.api.test_citizens import API, problem
from tests.api.test_writes import ANSWERS, about, post
from tests.factories.papers import a_document
from tests.web.scene import Scene

NOT_OURS = {
    "is_genuine": False,
    "kind": "",
    "office": "",
    "day": None,
    "title": "",
    "number": "",
    "standing": "",
    "revoked_on": None,
}


def verify(client: Client, code: str) -> Any:
    return post(client, f"{API}/verify", {"code": code})


class TestVerify:
    def test_a_message_is_ours(self, scene: Scene, client: Client) -> None:
        post(scene.client, about(scene, "accept"), ANSWERS)
        letter = scene.lan.party.messages.get()
        letter.short_code = "CDFG2345"
        letter.save()

        said = verify(client, "cdfg 2345")

        assert (said.json()["is_genuine"], said.json()["kind"]) == (True, "message")
        assert said.json()["office"] == scene.office.name_vi
        assert scene.lan.full_name not in said.content.decode()

    def test_a_paper_is_ours(self, scene: Scene, client: Client) -> None:
        post(scene.client, about(scene, "accept"), ANSWERS)
        dossier = scene.lan.dossiers.get()
        dossier.issued_forms.create(
            kind="receipt",
            form_version="1",
            verify_code="7KQ2M9XD4TRCW8PH3FGV",
            issued_at=clock.now(),
            document=a_document(scene.lan.party, title_vi="Giấy tiếp nhận", issuer="Phòng"),
        )

        said = verify(client, "7kq2-m9xd-4trc-w8ph-3fgv")

        told = said.json()
        assert (told["is_genuine"], told["kind"], told["standing"]) == (True, "paper", "stands")
        assert (told["title"], told["office"]) == ("Giấy tiếp nhận", "Phòng")
        assert scene.lan.full_name not in said.content.decode()

    @pytest.mark.parametrize("code", ["", "x", "CDFG2345", "7KQ2M9XD4TRCW8PH3FGV", "x" * 4000])
    def test_what_is_not_ours_is_answered_alike(
        self, scene: Scene, client: Client, code: str
    ) -> None:
        assert verify(client, code).json() == NOT_OURS

    def test_tries_are_those_of_the_page(self, scene: Scene, client: Client) -> None:
        for _time in range(10):
            client.post("/verify/", {"code": "CDFG2345"})
            verify(client, "CDFG2345")

        problem(verify(client, "CDFG2345"), 429)


class TestFigures:
    def test_every_unit_with_the_definition(self, scene: Scene, client: Client) -> None:
        said = client.get(f"{API}/figures?first=2026-10&last=2026-11").json()

        assert (said["first"], said["last"]) == ("2026-10-01", "2026-11-30")
        assert said["until"] == "2026-11-19"
        assert said["definition"]["denominator"]["vi"]
        units = {one["unit"]: one for one in said["units"]}
        assert {scene.city.code, scene.ward.code} <= set(units)
        assert units[scene.ward.code]["share"] is None

    @pytest.mark.parametrize(
        "query",
        ["first=2026", "last=2026-13", "first=2026-11&last=2026-10", "first=2001-01", "first=%00"],
    )
    def test_nonsense_is_refused(self, scene: Scene, client: Client, query: str) -> None:
        problem(client.get(f"{API}/figures?{query}"), 400)


def test_a_database_that_is_away_is_said_in_the_shape_of_the_schema() -> None:
    said = answer(OperationalError("gone"), {})

    assert said is not None
    assert (said.status_code, said.headers["Retry-After"]) == (503, "30")
    assert set(said.data) == {
        *("type", "status", "title", "title_en", "detail", "detail_en", "reasons")
    }


def test_a_server_without_addresses_lets_everybody_in_as_one(
    scene: Scene, settings: Settings
) -> None:
    settings.API_MOST_A_MINUTE = 1
    request = RequestFactory().get(f"{API}/procedures", REMOTE_ADDR="")

    answers = [Procedures.as_view()(request).status_code for _time in range(2)]

    assert answers == [200, 429]
