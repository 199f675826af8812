"""What a citizen does by API: filed, put off, set aside, taken back; each once, and their own."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from pytest_django import Settings

from dossiers.enums import Status
from dossiers.models import Dossier
from procedures.models import Suggestion
from tests.api.test_citizens import API, problem
from tests.web.scene import TODAY, Scene, stranger

ANSWERS: dict[str, Any] = {"answers": {"delivery": "Trực tiếp"}, "steps": []}
UNTIL = {"until": (TODAY + timedelta(days=7)).isoformat()}


def post(client: Client, address: str, body: Any = None, **headers: str) -> Any:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    content = json.dumps({} if body is None else body)
    return client.post(address, content, content_type="application/json", headers=given)


def about(scene: Scene, verb: str) -> str:
    return f"{API}/suggestions/{scene.suggestion.public_id}/{verb}"


@pytest.fixture
def dossier(scene: Scene) -> Dossier:
    """A dossier that was filed by API."""
    assert post(scene.client, about(scene, "accept"), ANSWERS).status_code == 200
    return Dossier.objects.get()


def writes(scene: Scene, dossier: Dossier) -> dict[str, Any]:
    """Return the address of every write with a body that it takes."""
    return {
        about(scene, "accept"): ANSWERS,
        about(scene, "snooze"): UNTIL,
        about(scene, "dismiss"): {},
        f"{API}/dossiers/{dossier.public_id}/withdraw": {},
    }


# ------------------------------------------------------------------------------------ what is done
def test_a_matter_from_form_to_dossier_and_back(scene: Scene) -> None:
    form = scene.client.get(about(scene, "form")).json()
    assert [one["name"] for one in form["missing"]] == ["delivery"]
    assert next(one for one in form["fields"] if one["source"] == "register")["as_of"]

    (filed,) = post(scene.client, about(scene, "accept"), ANSWERS).json()["dossiers"]
    address = f"{API}/dossiers/{filed['id']}"
    assert filed == scene.client.get(address).json()
    assert scene.client.get(f"{API}/suggestions").json()["items"] == []

    tag = scene.client.get(address)["ETag"]
    taken_back = post(scene.client, f"{address}/withdraw", If_Match=tag).json()
    assert taken_back["status"] == Status.WITHDRAWN
    told = scene.client.get(f"{address}/timeline").json()
    assert [one["action"] for one in told["steps"]] == ["submit", "withdraw"]


def test_a_second_press_leads_to_the_same_dossier(scene: Scene, dossier: Dossier) -> None:
    again = post(scene.client, about(scene, "accept"), ANSWERS)

    assert [one["code"] for one in again.json()["dossiers"]] == [dossier.code]
    assert Dossier.objects.count() == 1


def test_an_answer_at_fault_is_named(scene: Scene) -> None:
    said = problem(post(scene.client, about(scene, "accept"), {"answers": {}}), 422)

    assert [one["code"] for one in said["reasons"]] == ["delivery"]
    assert said["reasons"][0]["vi"]
    assert not Dossier.objects.exists()


def test_later_and_no(scene: Scene) -> None:
    later = post(scene.client, about(scene, "snooze"), UNTIL).json()
    assert (later["state"], later["put_off_until"]) == ("snoozed", UNTIL["until"])

    assert post(scene.client, about(scene, "dismiss")).json()["state"] == "dismissed"
    problem(post(scene.client, about(scene, "dismiss")), 422)
    problem(post(scene.client, about(scene, "accept"), ANSWERS), 410)
    problem(scene.client.get(about(scene, "form")), 410)


def test_a_refusal_speaks_the_asked_language(scene: Scene) -> None:
    yesterday = {"until": (TODAY - timedelta(days=1)).isoformat()}
    for language in ("vi", "en"):
        answer = post(scene.client, about(scene, "snooze"), yesterday, Accept_Language=language)
        (reason,) = problem(answer, 422)["reasons"]
        assert (reason["code"], list(reason)) == ("refused", ["code", language])


# -------------------------------------------------------------------------------------- whose it is
def test_nobody_answers_for_others(scene: Scene, dossier: Dossier) -> None:
    _citizen, client = stranger()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(scene.user, backend="django.contrib.auth.backends.ModelBackend")

    for address, body in writes(scene, dossier).items():
        problem(post(client, address, body, If_Match='"1.x"'), 404)
        problem(post(Client(), address, body, If_Match='"1.x"'), 401)
        problem(post(strict, address, body, If_Match='"1.x"'), 403)
    dossier.refresh_from_db()
    assert (dossier.status, Dossier.objects.count()) == (Status.REGISTERED, 1)


@pytest.mark.parametrize("verb", ["accept", "snooze", "dismiss", "withdraw"])
def test_nothing_but_what_is_asked_is_taken(scene: Scene, verb: str) -> None:
    columns = {field.name for model in (Dossier, Suggestion) for field in model._meta.fields}
    kind = "dossiers" if verb == "withdraw" else "suggestions"
    bodies: dict[str, dict[str, Any]] = {"accept": ANSWERS, "snooze": {**UNTIL}}
    address, body = about(scene, verb), bodies.get(verb, {})
    if kind == "dossiers":
        post(scene.client, about(scene, "accept"), ANSWERS)
        address = f"{API}/dossiers/{Dossier.objects.get().public_id}/withdraw"
    before = list(Suggestion.objects.values()) + list(Dossier.objects.values())

    for column in sorted(columns):
        said = problem(post(scene.client, address, {**body, column: 1}, If_Match='"1.x"'), 400)
        assert said["reasons"][0]["code"] == "unknown"

    assert list(Suggestion.objects.values()) + list(Dossier.objects.values()) == before


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("accept", []),
        ("accept", {"answers": []}),
        ("accept", {"answers": {"delivery": 1}}),
        ("accept", {"answers": {"delivery": "\0"}}),
        ("accept", {"steps": "x"}),
        ("accept", {"steps": [{}]}),
        ("snooze", {}),
        ("snooze", {"until": 3}),
        ("snooze", {"until": "20/11/2026"}),
        ("dismiss", "x"),
    ],
)
def test_nonsense_is_refused(scene: Scene, verb: str, body: Any) -> None:
    problem(post(scene.client, about(scene, verb), body), 400)


def test_other_content_and_too_much_of_it_are_refused(scene: Scene, settings: Settings) -> None:
    address = about(scene, "dismiss")
    problem(scene.client.post(address, b"{", content_type="application/json"), 400)
    problem(scene.client.post(address, {"a": 1}), 415)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    problem(post(scene.client, address, {"until": "x" * 20}), 413)


# ------------------------------------------------------------------------- versions, and only once
class TestVersions:
    def test_without_one_nothing_is_changed(self, scene: Scene, dossier: Dossier) -> None:
        address = f"{API}/dossiers/{dossier.public_id}/withdraw"

        problem(post(scene.client, address), 428)
        for tag in ('"0.abc"', "*", "x", '"99999999999999999999"'):
            problem(post(scene.client, address, If_Match=tag), 412)
        dossier.refresh_from_db()
        assert dossier.status == Status.REGISTERED


class TestOnce:
    def test_the_same_request_is_answered_as_the_first_time(self, scene: Scene) -> None:
        first = post(scene.client, about(scene, "dismiss"), Idempotency_Key="a")
        again = post(scene.client, about(scene, "dismiss"), Idempotency_Key="a")

        assert (first.status_code, again.status_code) == (200, 200)
        assert again.json() == first.json()
        assert again["Idempotent-Replayed"] == "true"

    def test_another_request_with_the_key_is_refused(self, scene: Scene) -> None:
        post(scene.client, about(scene, "snooze"), UNTIL, Idempotency_Key="a")

        problem(post(scene.client, about(scene, "dismiss"), Idempotency_Key="a"), 409)
        scene.suggestion.refresh_from_db()
        assert scene.suggestion.state == "snoozed"

    def test_a_key_is_one_persons(self, scene: Scene) -> None:
        post(scene.client, about(scene, "dismiss"), Idempotency_Key="a")

        problem(post(stranger()[1], about(scene, "dismiss"), Idempotency_Key="a"), 404)

    def test_what_was_refused_may_be_tried_again(self, scene: Scene) -> None:
        problem(post(scene.client, about(scene, "accept"), {}, Idempotency_Key="a"), 422)

        assert (
            post(scene.client, about(scene, "accept"), ANSWERS, Idempotency_Key="a").status_code
            == 200
        )

    def test_a_key_whose_request_still_runs_waits(self, scene: Scene) -> None:
        post(scene.client, about(scene, "dismiss"), Idempotency_Key="a")
        with connection.cursor() as cursor:
            cursor.execute("SELECT cache_key FROM guard_cache WHERE cache_key LIKE '%once:%'")
            (place,) = (row[0].split(":", 2)[2] for row in cursor.fetchall())
        asked, _answer = cache.get(place)
        cache.set(place, [asked, None])

        answer = post(scene.client, about(scene, "dismiss"), Idempotency_Key="a")

        said = problem(answer, 409)
        assert (said["reasons"][0]["code"], answer["Retry-After"]) == ("running", "1")

    def test_nothing_of_the_answer_can_be_read_in_the_table(self, scene: Scene) -> None:
        post(scene.client, about(scene, "accept"), ANSWERS, Idempotency_Key="a")
        with connection.cursor() as cursor:
            cursor.execute("SELECT value FROM guard_cache WHERE cache_key LIKE '%once:%'")
            ((kept,),) = cursor.fetchall()

        assert Dossier.objects.get().code not in kept

    def test_a_long_key_is_refused(self, scene: Scene) -> None:
        problem(post(scene.client, about(scene, "dismiss"), Idempotency_Key="a" * 201), 400)
