"""What a citizen reads by API: their own, in pages, with tags; and nothing of anybody else."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from itertools import chain
from typing import Any, cast

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver
from jsonschema import Draft202012Validator
from pytest_django import Settings

from citizens.enums import ConsentPurpose, ViewPurpose
from citizens.models import Citizen
from citizens.services import record_access
from notifications.services import make_choice
from portal.api.openapi import document, handlers_of
from portal.api.readers import CitizenView
from portal.api.urls import pages
from portal.common import clock
from tests.api.owned import begun_and_kept, ids_of
from tests.factories.citizens import CitizenFactory, CredentialFactory, OfficialFactory
from tests.web.scene import DUE, TODAY, Scene, badges, stranger

API = "/api/v1"
PROBLEM = "application/problem+json"
VIEWS: dict[str, Any] = {
    str(pattern.name): cast(Any, pattern.callback).view_class
    for pattern in pages
    if isinstance(pattern, URLPattern)
}
CITIZEN_VIEWS = {name: view for name, view in VIEWS.items() if issubclass(view, CitizenView)}


@pytest.fixture
def dossier(scene: Scene) -> Any:
    """A dossier that Mrs Lan filed on the page and was told of; she has one of everything else."""
    begun_and_kept(scene)
    scene.client.post(scene.page, {"delivery": "Trực tiếp"})
    said = scene.lan.party.messages.all()
    assert said.update(state="sent", sent_at=clock.now()) == 1
    (scene.suggestion,) = badges(scene.lan, 1)
    return scene.lan.dossiers.get()


def problem(response: Any, status: int) -> dict[str, Any]:
    assert (response.status_code, response["Content-Type"]) == (status, PROBLEM)
    said: dict[str, Any] = response.json()
    assert (said["status"], bool(said["title"]), bool(said["title_en"])) == (status, True, True)
    return said


def addresses(scene: Scene, dossier: Any) -> list[str]:
    """Return every address for citizens that answers in JSON, with the ids of Mrs Lan's."""
    keys = ids_of(scene)
    return [
        "/api" + path.replace("{public_id}", _named(keys, path))
        for path, held in document(pages)["paths"].items()
        if "get" in held and "citizen" in held["get"]["tags"] and _is_json(held["get"])
    ]


def _is_json(operation: dict[str, Any]) -> bool:
    return "application/json" in operation["responses"]["200"]["content"]


def _named(keys: dict[str, Any], path: str) -> str:
    return str(getattr(keys.get(path.split("/")[2]), "public_id", ""))


# ------------------------------------------------------------------------------------- the schema
class TestSchema:
    def test_it_is_whole(self, client: Client) -> None:
        said = client.get(f"{API}/schema/").json()

        kinds = said["components"]["schemas"]
        for kind in kinds.values():
            Draft202012Validator.check_schema(kind)
        refers = set(re.findall(r"#/components/schemas/(\w+)", str(said)))
        assert refers == set(kinds)
        operations = [
            one
            for path in said["paths"].values()
            for key, one in path.items()
            if key != "parameters"
        ]
        names = [one["operationId"] for one in operations]
        assert len(names) == len(set(names)) == len(operations) > 10
        assert all(one["summary"] and one["responses"] for one in operations)
        for path, held in said["paths"].items():
            assert [one["name"] for one in held["parameters"]] == re.findall(r"{(\w+)}", path)

    def test_every_address_declares_what_it_does_and_who_may(self) -> None:
        for name, view in VIEWS.items():
            assert view.audience in ("public", "citizen", "official")
            if name != "nothing":
                assert handlers_of(view)
                assert all(hasattr(one, "operation") for one in handlers_of(view).values())

    @pytest.mark.parametrize("name", CITIZEN_VIEWS)
    def test_every_address_for_citizens_sees_one_persons_rows(self, name: str) -> None:
        assert all(one.is_confined for one in handlers_of(CITIZEN_VIEWS[name]).values())

    def test_answers_are_what_the_schema_says(self, scene: Scene, dossier: Any) -> None:
        told = document(pages)
        for path, held in told["paths"].items():
            operation = held.get("get")
            if operation is None or "citizen" not in operation["tags"]:
                continue
            if not _is_json(operation):
                continue
            address = next(
                one
                for one in addresses(scene, dossier)
                if re.fullmatch("/api" + re.sub("{.*?}", "[^/]+", path), one)
            )
            answer = scene.client.get(address)
            shape = operation["responses"]["200"]["content"]["application/json"]["schema"]
            Draft202012Validator(shape | {"components": told["components"]}).validate(answer.json())


# ------------------------------------------------------------------------------------- who may ask
def test_nobody_is_told_anything_without_a_session(scene: Scene, dossier: Any) -> None:
    for address in addresses(scene, dossier):
        assert problem(Client().get(address), 401)


def test_what_belongs_to_others_does_not_exist(scene: Scene, dossier: Any) -> None:
    _citizen, client = stranger()
    named = (str(scene.suggestion.public_id), str(dossier.public_id))
    canaries = (dossier.code, scene.lan.full_name, str(scene.lan.party.public_id), *named)

    for address in addresses(scene, dossier):
        answer = client.get(address)
        own = scene.client.get(address)
        assert own.status_code == 200
        if re.search("[0-9a-f-]{36}", address):
            problem(answer, 404)
        assert not [one for one in canaries if one in answer.content.decode()]
    problem(scene.client.get(f"{API}/dossiers/{uuid.uuid4()}"), 404)


def test_an_official_has_a_desk_and_not_this(scene: Scene, dossier: Any) -> None:
    client = Client()
    client.force_login(OfficialFactory().user, backend="django.contrib.auth.backends.ModelBackend")

    for address in addresses(scene, dossier):
        problem(client.get(address), 403)


def test_whoever_died_is_told_nothing(scene: Scene, dossier: Any) -> None:
    Citizen.objects.filter(pk=scene.lan.pk).update(died_on=clock.today())

    for address in addresses(scene, dossier):
        problem(scene.client.get(address), 403)


def test_what_an_address_does_not_do_is_refused(scene: Scene) -> None:
    for method in ("post", "put", "patch", "delete", "options"):
        problem(getattr(scene.client, method)(f"{API}/me"), 405)


def test_requests_of_one_person_are_counted_in_the_database(
    scene: Scene, settings: Settings
) -> None:
    settings.API_MOST_A_MINUTE = 2
    answers = [scene.client.get(f"{API}/me") for _time in range(3)]

    assert [one.status_code for one in answers] == [200, 200, 429]
    problem(answers[2], 429)
    assert answers[2]["Retry-After"] == "60"
    assert stranger()[1].get(f"{API}/me").status_code == 200


# ------------------------------------------------------------------------------------- what is told
def test_a_person_and_whom_they_act_for(scene: Scene) -> None:
    badges(scene.lan, 1)

    said = scene.client.get(f"{API}/me").json()

    assert (said["id"], said["name"]) == (str(scene.lan.party.public_id), scene.lan.full_name)
    assert [(one["kind"], one["name"]) for one in said["acts_for"]] == [
        ("organisation", "Hợp tác xã vận tải Sông Hàn")
    ]


def test_papers_have_masked_numbers(scene: Scene) -> None:
    response = scene.client.get(f"{API}/credentials")

    (paper,) = response.json()["items"]
    assert (paper["kind"], paper["expires_on"]) == ("driving_licence", DUE.isoformat())
    assert scene.licence.number not in response.content.decode()


def test_what_was_agreed_to_last_holds(scene: Scene) -> None:
    assert scene.client.get(f"{API}/preferences").json() == {"choices": []}
    for is_given in (True, False):
        make_choice(
            citizen=scene.lan,
            purpose=ConsentPurpose.RESEARCH,
            is_given=is_given,
            by=scene.user,
            language="vi",
        )

    (said,) = scene.client.get(f"{API}/preferences").json()["choices"]

    assert (said["purpose"], said["channel"], said["is_given"]) == ("research", "", False)
    assert stranger()[1].get(f"{API}/preferences").json() == {"choices": []}


def test_a_suggestion_and_why(scene: Scene) -> None:
    (listed,) = scene.client.get(f"{API}/suggestions").json()["items"]
    one = scene.client.get(f"{API}/suggestions/{listed['id']}").json()
    why = scene.client.get(f"{API}/suggestions/{listed['id']}/why").json()

    assert one == listed
    assert (one["state"], one["due_on"]) == ("open", DUE.isoformat())
    assert (why["days_left"], why["reason"]) == (60, one["reason"])
    assert why["legal_basis"]


def test_a_dossier_and_what_happened(scene: Scene, dossier: Any) -> None:
    (listed,) = scene.client.get(f"{API}/dossiers").json()["items"]
    address = f"{API}/dossiers/{listed['id']}"

    assert scene.client.get(address).json() == listed
    assert (listed["code"], listed["status"]) == (dossier.code, 1)
    told = scene.client.get(f"{address}/timeline", headers={"Accept-Language": "en"}).json()
    assert [one["action"] for one in told["steps"]] == ["submit"]
    assert "withdraw" in told["may"]


def test_an_answer_that_is_held_already_is_not_sent_again(scene: Scene, dossier: Any) -> None:
    address = f"{API}/dossiers/{dossier.public_id}"
    tag = scene.client.get(address)["ETag"]

    again = scene.client.get(address, headers={"If-None-Match": f'W/"x", {tag}'})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert tag.startswith(f'"{dossier.version}.')
    assert again["Cache-Control"] == "private, no-store"


class TestLooks:
    def test_each_look_is_told_once_also_of_one_moment(self, scene: Scene) -> None:
        official = OfficialFactory()
        for number in range(5):  # all at the same moment: the clock stands still
            record_access(
                actor=official.user,
                purpose=ViewPurpose.DOSSIER,
                page="dossier",
                reference=f"H17-{number}",
                fields=["full_name"],
                subject_ids=[scene.lan.pk, CitizenFactory().pk],
            )
        told: list[Any] = []
        cursor = ""
        while not told or cursor:
            said = scene.client.get(f"{API}/looks?limit=2&cursor={cursor}").json()
            told += said["items"]
            cursor = said["next"]

        assert [one["reference"] for one in told] == [f"H17-{number}" for number in (4, 3, 2, 1, 0)]
        assert {tuple(one["about"]) for one in told} == {(str(scene.lan.party.public_id),)}
        assert official.user.username not in str(told)
        assert stranger()[1].get(f"{API}/looks").json()["items"] == []


class TestInbox:
    def test_a_letter_is_read_when_it_is_said_so(self, scene: Scene, dossier: Any) -> None:
        listed = scene.client.get(f"{API}/inbox").json()["items"]
        address = f"{API}/inbox/{listed[0]['id']}"
        assert dossier.code in listed[0]["body"]
        assert not scene.client.get(address).json()["is_read"]

        read = scene.client.post(f"{address}/read", content_type="application/json")

        assert read.json() == {**listed[0], "is_read": True}
        assert scene.client.get(address).json()["is_read"]
        again = scene.client.post(f"{address}/read", content_type="application/json")
        assert again.json() == read.json()

    def test_nobody_reads_for_others(self, scene: Scene, dossier: Any) -> None:
        letter = scene.lan.party.messages.get()

        address = f"{API}/inbox/{letter.public_id}/read"
        problem(stranger()[1].post(address, content_type="application/json"), 404)

        letter.refresh_from_db()
        assert letter.read_at is None


class TestPages:
    def _all(self, client: Client, limit: int) -> list[list[str]]:
        found: list[list[str]] = []
        cursor = ""
        while not found or cursor:
            said = client.get(f"{API}/suggestions?limit={limit}&cursor={cursor}").json()
            found.append([one["id"] for one in said["items"]])
            cursor = said["next"]
        return found

    def test_each_is_told_once_also_of_those_alike(self, scene: Scene) -> None:
        badges(scene.lan, 6)

        parts = self._all(scene.client, 3)

        assert [len(part) for part in parts] == [3, 3, 1]
        told = list(chain.from_iterable(parts))
        assert len(set(told)) == 7
        assert told[-1] == str(scene.suggestion.public_id)

    def test_what_is_answered_meanwhile_hides_nothing(self, scene: Scene) -> None:
        rows = badges(scene.lan, 4)
        first = scene.client.get(f"{API}/suggestions?limit=2").json()
        seen = [one["id"] for one in first["items"]]
        for row in rows:
            if str(row.public_id) in seen:
                row.recipients.update(state="dismissed")

        rest = scene.client.get(f"{API}/suggestions?cursor={first['next']}").json()["items"]

        assert {one["id"] for one in rest} | set(seen) == {
            str(one.public_id) for one in [*rows, scene.suggestion]
        }

    @pytest.mark.parametrize(
        "query",
        ["cursor=x", "cursor=%00", "cursor=4pyT", "limit=0", "limit=101", "limit=", "limit=²"],
    )
    def test_nonsense_is_refused(self, scene: Scene, query: str) -> None:
        for name in (
            *("suggestions", "dossiers", "drafts", "papers"),
            *("credentials", "inbox", "looks", "procedures"),
        ):
            if name == "procedures" and "cursor" in query:
                continue  # where it stands is any text
            said = problem(scene.client.get(f"{API}/{name}?{query}"), 400)
            assert said["reasons"][0]["code"] in ("cursor", "limit")

    def test_a_list_costs_the_same_however_long(self, scene: Scene) -> None:
        def count() -> int:
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert scene.client.get(f"{API}/suggestions").status_code == 200
                assert scene.client.get(f"{API}/credentials").status_code == 200
            return len(asked)

        few = count()
        badges(scene.lan, 10)
        for day in range(5):
            CredentialFactory(holder=scene.lan, expires_on=TODAY + timedelta(days=day))

        assert count() == few


def test_the_room_is_served_under_its_address() -> None:
    assert get_resolver().resolve(f"{API}/me").view_name == "api:me"


def test_the_guide_tells_every_address() -> None:
    guide = (settings.BASE_DIR / "docs" / "api" / "README.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `(/v1/[^`]*)` \| ([A-Z, ]+) \|", guide, re.MULTILINE))

    held = document(pages)["paths"]
    assert told == {
        path: ", ".join(one.upper() for one in held[path] if one != "parameters") for path in held
    }
