"""Every name of a field of a model, added to every write: it is refused, and nothing is changed."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from pytest_django import Settings

from citizens.models import Consent, ContactPoint
from dossiers.models import Document, Dossier, Draft, PreparedPaper
from notifications.models import Message, Preference
from portal.api.openapi import document
from portal.api.urls import pages
from procedures.models import Suggestion
from tests.api.owned import LOST, begun_and_kept, ids_of
from tests.api.test_citizens import problem
from tests.api.test_writes import ANSWERS, UNTIL
from tests.sizes import of_storms
from tests.web.scene import Scene, badges

ROOMS = ("citizens", "procedures", "notifications", "dossiers")
NAMES = sorted(
    {
        name
        for room in ROOMS
        for model in apps.get_app_config(room).get_models()
        for field in model._meta.concrete_fields
        for name in (field.name, field.attname)
    }
    | {"pk", "is_staff", "is_superuser", "__class__", "user", "version"}
)
WATCHED = (
    *(Dossier, Draft, Suggestion, Document, PreparedPaper),
    *(Consent, ContactPoint, Preference, Message),
)
BODIES: dict[str, dict[str, Any]] = {
    "post_drafts": {"procedure": LOST},
    "patch_draft": {"answers": {"delivery": "Trực tiếp"}},
    "post_accept": ANSWERS,
    "post_snooze": {**UNTIL},
    "post_preferences": {"purpose": "research", "is_given": True},
    "post_devices": {"subscription": ""},
    "post_track": {"code": "a", "fact": "b"},
    "post_verify": {"code": "a"},
}
# No paper is asked for here; the handler is the one of papers of a suggestion.
BESIDES = {"put_dossier_paper", "put_draft_paper"}
OPERATIONS = [
    (path, method, told)
    for path, held in document(pages)["paths"].items()
    for method, told in held.items()
    if method != "parameters"
    and "application/json" in told.get("requestBody", {}).get("content", {})
    and told["operationId"] not in BESIDES
]


@pytest.fixture
def ids(scene: Scene, settings: Settings) -> dict[str, Any]:
    """Mrs Lan has one of everything; her share of a minute is not what is asked here."""
    settings.API_MOST_A_MINUTE = 1_000_000
    begun_and_kept(scene)
    scene.client.post(scene.page, {"delivery": "Trực tiếp"})
    (scene.suggestion,) = badges(scene.lan, 1)
    return ids_of(scene)


def rows() -> list[Any]:
    return [list(model._default_manager.order_by("pk").values()) for model in WATCHED]


def send(client: Client, method: str, address: str, body: dict[str, Any]) -> Any:
    return client.generic(
        method.upper(),
        address,
        json.dumps(body),
        content_type="application/json",
        headers={"If-Match": '"1.x"'},
    )


def test_there_are_names_and_writes() -> None:
    assert len(NAMES) > 300
    assert len(OPERATIONS) > 14


@pytest.mark.parametrize(
    ("path", "method", "told"), OPERATIONS, ids=[told["operationId"] for *_rest, told in OPERATIONS]
)
def test_no_name_of_a_field_is_taken(
    scene: Scene, ids: dict[str, Any], path: str, method: str, told: dict[str, Any]
) -> None:
    kind = told["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    known = set(document(pages)["components"]["schemas"][kind]["properties"])
    own = ids.get(path.split("/")[2])
    body = BODIES.get(told["operationId"], {})
    if kind == "ChosenBody":
        body = {"document": str(ids["papers"].public_id)}
    address = "/api" + path.replace("{public_id}", str(own and own.public_id))
    if "{code}" in address:
        asked = scene.client.get(address.removesuffix("/{code}")).json()["papers"]
        address = address.replace("{code}", asked[0]["code"])
    foreign = [name for name in NAMES if name not in known]
    sample = random.Random(kind).sample(foreign, of_storms(15, len(foreign)))  # noqa: S311 - no secret
    before = rows()

    for added in [*({name: 1} for name in sample), dict.fromkeys(foreign, 1)]:
        said = problem(send(scene.client, method, address, {**body, **added}), 400)
        assert said["reasons"][0]["code"] == "unknown"

    assert rows() == before
