"""The typed client: it says what the schema says, and the guide's example runs as it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from allauth.idp.oidc.models import Client as App
from allauth.idp.oidc.models import Token
from django.conf import settings
from django.test import Client

from dossiers.models import Dossier
from portal.api import client as typed
from portal.api.client import Answer, HttpLine, Portal, ProblemError
from portal.api.openapi import document
from portal.api.urls import pages
from tests.api.owned import LOST
from tests.dossiers.hostile_files import JPEG
from tests.factories.citizens import CitizenFactory, UserFactory
from tests.factories.dossiers import catalogued_version
from tests.web.scene import Scene, badges, stranger

KINDS = [
    name
    for name, kind in vars(typed).items()
    if getattr(kind, "__total__", None) is not None and name != "TypedDict"
]


class Within:
    """A line into the application of this process; it breaks after the first `breaks` answers."""

    def __init__(self, client: Client, *, breaks: int = 0) -> None:
        self.client, self.breaks = client, breaks

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        kind = headers.get("Content-Type", "application/json")
        given = {name: one for name, one in headers.items() if name != "Content-Type"}
        said: Any = self.client.generic(method, path, body, content_type=kind, headers=given)
        if self.breaks:
            self.breaks -= 1
            raise ConnectionResetError
        return Answer(
            said.status_code, {name.lower(): one for name, one in said.items()}, said.content
        )


@pytest.fixture
def portal(scene: Scene) -> Portal:
    """The client of Mrs Lan."""
    return Portal(Within(scene.client))


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_is_the_one_of_the_schema(name: str) -> None:
    held = document(pages)["components"]["schemas"][name]

    assert list(vars(typed)[name].__annotations__) == list(held["properties"])


def test_there_are_kinds() -> None:
    assert {"Words", "DossierBody", "SuggestionBody", "IssuedBody"} <= set(KINDS)


def test_a_matter_is_filed_with_its_papers(scene: Scene, portal: Portal) -> None:
    (suggestion,) = portal.suggestions()
    for slot in portal.papers("suggestions", suggestion["id"]):
        portal.lay_ready("suggestions", suggestion["id"], slot["code"], JPEG, media="image/jpeg")
    assert all(one["file"] for one in portal.papers("suggestions", suggestion["id"]))

    (dossier,) = portal.accept(suggestion["id"], {"delivery": "Trực tiếp"})

    assert list(portal.dossiers()) == [dossier] == [portal.dossier(dossier["id"])]
    assert (portal.fees(dossier["id"]), portal.issued(dossier["id"])) == ([], [])
    assert portal.track(dossier["code"], "0001")["status"] == 1
    assert portal.withdraw(dossier["id"])["status"] == 7


def test_a_procedure_is_begun_and_filed(scene: Scene, portal: Portal) -> None:
    catalogued_version(LOST)

    begun = portal.begin(LOST, {"reason": "Khác", "delivery": "Trực tiếp"})

    assert portal.file(begun["draft"]["id"])["procedure"] == LOST


def test_a_broken_line_files_once(scene: Scene) -> None:
    line = Within(scene.client, breaks=2)

    begun = (catalogued_version(LOST), Portal(line).begin(LOST, {"reason": "Khác"}))[1]

    assert (line.breaks, begun["draft"]["version"]) == (0, 1)


def test_a_line_that_stays_broken_is_told(scene: Scene) -> None:
    with pytest.raises(ConnectionResetError):
        list(Portal(Within(scene.client, breaks=9)).suggestions())


def test_every_page_is_read(scene: Scene, portal: Portal) -> None:
    badges(scene.lan, 21)

    assert len({one["id"] for one in portal.suggestions()}) == 22


def test_a_refusal_names_what_is_at_fault(scene: Scene, portal: Portal) -> None:
    with pytest.raises(ProblemError) as refused:
        portal.accept(str(scene.suggestion.public_id), {})

    assert refused.value.status == 422
    assert [one["code"] for one in refused.value.reasons] == ["delivery"]
    with pytest.raises(ProblemError, match="404"):
        Portal(Within(stranger()[1])).form(str(scene.suggestion.public_id))
    with pytest.raises(ProblemError, match="404"):
        portal.download(str(scene.suggestion.public_id), str(scene.suggestion.public_id))


def test_a_line_goes_to_a_web_address_alone() -> None:
    with pytest.raises(ValueError, match="https"):
        HttpLine("file:///etc/passwd")


def test_the_example_of_the_guide_runs(scene: Scene, portal: Portal) -> None:
    guide = (settings.BASE_DIR / "docs" / "api" / "README.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```python\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)
    lines = [one for one in example.splitlines() if "HttpLine" not in one]

    exec("\n".join(lines), {"portal": portal})  # noqa: S102 - it is our own page

    assert Dossier.objects.get().status == 7


@pytest.mark.django_db(transaction=True)
def test_over_http_whoever_signs_in_is_known(live_server: Any) -> None:
    citizen = CitizenFactory()
    user = UserFactory(citizen=citizen, username="lan")
    user.set_password("demo2026")
    user.save()

    line = HttpLine.signed_in(live_server.url, "lan", "demo2026")

    assert list(Portal(line).dossiers()) == []
    with pytest.raises(ProblemError, match="404"):
        Portal(line).begin("nothing", {})
    with pytest.raises(PermissionError):
        HttpLine.signed_in(live_server.url, "lan", "wrong")
    with pytest.raises(ProblemError, match="401"):
        list(Portal(HttpLine(live_server.url)).suggestions())


@pytest.mark.django_db(transaction=True)
def test_over_http_an_app_renews_its_token(live_server: Any) -> None:
    user = UserFactory(citizen=CitizenFactory())
    app = App.objects.create(id="app", name="App", type="public", grant_types="refresh_token")
    first = Token(type="rt", client=app, user=user, scopes="dossiers")
    first.set_value("first")
    first.save()
    kept: list[str] = []

    line = HttpLine.for_app(live_server.url, "app", "first", kept.append)

    assert list(Portal(line).dossiers()) == []
    with pytest.raises(ProblemError, match="403"):
        list(Portal(line).suggestions())
    assert len(kept) == 1
    with pytest.raises(PermissionError):
        HttpLine.for_app(live_server.url, "app", "first", kept.append)
