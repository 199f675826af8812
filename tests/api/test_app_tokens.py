"""An app by its token: what the citizen allowed, of this citizen alone, until they end it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import timedelta
from io import StringIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from allauth.idp.oidc.models import Token
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import URLPattern
from pytest_django import Settings

from citizens.models import Citizen
from portal.api.scopes import scope_of
from portal.api.urls import pages
from portal.common import clock
from tests.factories.citizens import OfficialFactory
from tests.web.scene import Scene, stranger

BACK = "vn.gov.example.app:/back"
ASK, TOKEN, REVOKE = (f"/accounts/apps/{name}" for name in ("authorize", "token", "revoke"))
SESSIONS = "/accounts/sessions/"
VERIFIER = "so-long-that-nobody-guesses-it-in-a-million-years"
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
)


@pytest.fixture
def app(scene: Scene) -> str:
    out = StringIO()
    call_command("register_app", "Công dân số", "--redirect", BACK, stdout=out)
    return out.getvalue().strip()


def question(app: str, **besides: str) -> dict[str, str]:
    return {
        "response_type": "code",
        "client_id": app,
        "redirect_uri": BACK,
        "scope": "me dossiers",
        "state": "st4te",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    } | besides


def allowed(client: Client, app: str, scopes: tuple[str, ...] = ("me", "dossiers")) -> str:
    """Say yes on the page and return the code that the app is given."""
    page = client.get(ASK, question(app)).content.decode()
    signed = re.search(r'name="request" value="([^"]+)"', page)
    assert signed
    told = {"request": signed[1], "scopes": list(scopes), "action": "grant"}
    answer = client.post(ASK, told)
    assert answer.status_code == 200, answer.content
    back = urlsplit(answer.context["address"])
    assert f"{back.scheme}:{back.path}" == BACK
    assert parse_qs(back.query)["state"] == ["st4te"]
    code: str = parse_qs(back.query)["code"][0]
    return code


def exchanged(app: str, code: str, **besides: str) -> Any:
    told = {"grant_type": "authorization_code", "client_id": app, "code": code}
    told |= {"redirect_uri": BACK, "code_verifier": VERIFIER} | besides
    return Client(enforce_csrf_checks=True).post(TOKEN, told)


def renewed(app: str, refresh: str) -> Any:
    told = {"grant_type": "refresh_token", "client_id": app, "refresh_token": refresh}
    return Client(enforce_csrf_checks=True).post(TOKEN, told)


def asked(access: str, address: str = "me", **besides: Any) -> Any:
    headers = {"Authorization": f"Bearer {access}"}
    return Client(enforce_csrf_checks=True).get(f"/api/v1/{address}", headers=headers, **besides)


@pytest.fixture
def tokens(scene: Scene, app: str) -> dict[str, Any]:
    found: dict[str, Any] = exchanged(app, allowed(scene.client, app)).json()
    return found


def test_an_app_acts_for_who_let_it(scene: Scene, tokens: dict[str, Any]) -> None:
    scene.client.post(scene.page, {"delivery": "Trực tiếp"})
    dossier = scene.lan.dossiers.get()

    assert asked(tokens["access_token"]).json()["name"] == scene.lan.full_name
    assert asked(tokens["access_token"], f"dossiers/{dossier.public_id}").status_code == 200
    assert tokens["expires_in"] == 600
    stored = set(Token.objects.values_list("hash", flat=True))
    assert not stored & {tokens["access_token"], tokens["refresh_token"]}


def test_an_app_writes_without_a_session(scene: Scene, tokens: dict[str, Any]) -> None:
    scene.client.post(scene.page, {"delivery": "Trực tiếp"})
    dossier = scene.lan.dossiers.get()
    address = f"/api/v1/dossiers/{dossier.public_id}"
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    tag = Client().get(address, headers=bearer)["ETag"]

    machine = Client(enforce_csrf_checks=True)
    answer = machine.post(
        f"{address}/withdraw", "", "application/json", headers=bearer | {"If-Match": tag}
    )

    assert answer.status_code == 200, answer.content
    dossier.refresh_from_db()
    assert dossier.status == 7


def test_it_sees_only_what_was_allowed(tokens: dict[str, Any]) -> None:
    answer = asked(tokens["access_token"], "inbox")

    assert answer.status_code == 403
    assert 'error="insufficient_scope", scope="inbox"' in answer["WWW-Authenticate"]
    assert [one["code"] for one in answer.json()["reasons"]] == ["scope"]


def test_the_person_may_allow_less_than_was_asked(scene: Scene, app: str) -> None:
    access = exchanged(app, allowed(scene.client, app, ("me",))).json()["access_token"]

    assert asked(access).status_code == 200
    assert asked(access, "dossiers").status_code == 403


def test_it_never_opens_what_is_another_persons(scene: Scene, app: str) -> None:
    scene.client.post(scene.page, {"delivery": "Trực tiếp"})
    dossier = scene.lan.dossiers.get()
    _citizen, client = stranger()
    access = exchanged(app, allowed(client, app)).json()["access_token"]

    assert asked(access, f"dossiers/{dossier.public_id}").status_code == 404
    assert asked(access, "dossiers").json()["items"] == []


def test_it_opens_nothing_of_officials(scene: Scene, app: str, tokens: dict[str, Any]) -> None:
    assert asked(tokens["access_token"], "registers").status_code == 401
    official = Client()
    user = OfficialFactory().user
    official.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert official.get(ASK, question(app)).status_code == 403
    Token.objects.filter(type="at").update(user=user)
    assert asked(tokens["access_token"]).status_code == 401


def test_a_wrong_token_is_not_helped_by_a_session(scene: Scene, tokens: dict[str, Any]) -> None:
    for wrong in ("x", tokens["refresh_token"]):
        answer = scene.client.get("/api/v1/me", headers={"Authorization": f"Bearer {wrong}"})
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert Client().get("/api/v1/me", {"access_token": tokens["access_token"]}).status_code == 401


def test_a_token_opens_for_ten_minutes(tokens: dict[str, Any]) -> None:
    with time_machine.travel(clock.now() + timedelta(seconds=599), tick=False):
        assert asked(tokens["access_token"]).status_code == 200
    with time_machine.travel(clock.now() + timedelta(seconds=601), tick=False):
        assert asked(tokens["access_token"]).status_code == 401


def test_a_refresh_token_opens_once_and_twice_ends_all(app: str, tokens: dict[str, Any]) -> None:
    later = renewed(app, tokens["refresh_token"]).json()
    assert asked(later["access_token"]).status_code == 200
    assert later["scope"] == tokens["scope"]

    assert renewed(app, tokens["refresh_token"]).status_code == 400

    assert asked(later["access_token"]).status_code == 401
    assert renewed(app, later["refresh_token"]).status_code == 400


def test_a_code_opens_once_and_twice_ends_all(scene: Scene, app: str) -> None:
    code = allowed(scene.client, app)
    access = exchanged(app, code).json()["access_token"]

    assert exchanged(app, code).status_code == 400
    assert asked(access).status_code == 401


def test_what_is_sent_beside_a_code_does_not_hide_it(scene: Scene, app: str) -> None:
    code = allowed(scene.client, app)
    access = exchanged(app, code, refresh_token="a").json()["access_token"]
    assert asked(access).status_code == 200

    assert exchanged(app, code, refresh_token="b").status_code == 400

    assert asked(access).status_code == 401


def test_a_code_is_the_apps_that_began(scene: Scene, app: str) -> None:
    code = allowed(scene.client, app)

    assert exchanged(app, code, code_verifier="x" * 43).status_code == 400
    assert exchanged(app, code, redirect_uri="https://elsewhere.example/").status_code == 400
    assert not Token.objects.exists()
    assert Client().post(TOKEN, {"grant_type": "client_credentials"}).status_code == 400


@pytest.mark.parametrize(
    "besides",
    [
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
        {"response_type": "token"},
        {"prompt": "none"},
        {"redirect_uri": "https://elsewhere.example/"},
        {"client_id": "nobody"},
    ],
    ids=str,
)
def test_other_questions_are_not_answered(scene: Scene, app: str, besides: dict[str, str]) -> None:
    answer = scene.client.get(ASK, question(app, **besides))

    assert "Location" not in answer
    assert 'name="action"' not in answer.content.decode()


def test_a_scope_that_is_none_goes_back_as_an_error(scene: Scene, app: str) -> None:
    answer = scene.client.get(ASK, question(app, scope="me everything"))

    assert answer["Location"].startswith(f"{BACK}?error=invalid_scope")


def test_a_no_is_told_to_the_app(scene: Scene, app: str) -> None:
    page = scene.client.get(ASK, question(app)).content.decode()
    signed = re.search(r'name="request" value="([^"]+)"', page)
    assert signed

    answer = scene.client.post(ASK, {"request": signed[1], "action": "refuse"})

    assert "error=access_denied" in answer.context["address"]


def test_a_yes_needs_the_page(scene: Scene, app: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = scene.client.cookies

    assert strict.post(ASK, {"request": "x", "action": "grant"}).status_code == 403
    assert scene.client.post(ASK, {"request": "x", "action": "grant"}).status_code == 403
    assert Client().get(ASK, question(app))["Location"].startswith("/accounts/login/?next=")


def test_the_person_sees_and_ends_it(scene: Scene, app: str, tokens: dict[str, Any]) -> None:
    page = scene.client.get(SESSIONS)
    assert [one.name for one in page.context["apps"]] == ["Công dân số"]
    _citizen, other = stranger()
    assert other.get(SESSIONS).context["apps"] == []
    assert other.post(SESSIONS, {"app": app}).status_code == 404
    assert asked(tokens["access_token"]).status_code == 200

    scene.client.post(SESSIONS, {"app": app})

    assert asked(tokens["access_token"]).status_code == 401
    assert renewed(app, tokens["refresh_token"]).status_code == 400
    assert scene.client.get(SESSIONS).context["apps"] == []


def test_an_app_gives_its_tokens_back(app: str, tokens: dict[str, Any]) -> None:
    told = {"client_id": app, "token": tokens["refresh_token"]}

    assert Client(enforce_csrf_checks=True).post(REVOKE, told).status_code == 200

    assert not Token.objects.exclude(type="sp").exists()
    assert asked(tokens["access_token"]).status_code == 401


def test_a_new_password_ends_it(scene: Scene, tokens: dict[str, Any]) -> None:
    old, new = "cũ-mật-khẩu-2026", "mật-khẩu-mới-2027"
    user = scene.lan.user
    user.set_password(old)
    user.save()
    client = Client()
    client.post("/accounts/login/", {"login": user.username, "password": old})
    told = {"oldpassword": old, "password1": new, "password2": new}

    client.post("/accounts/password/change/", told)

    assert asked(tokens["access_token"]).status_code == 401


def test_the_token_of_the_dead_opens_nothing(scene: Scene, tokens: dict[str, Any]) -> None:
    Citizen.objects.filter(pk=scene.lan.pk).update(died_on=clock.today())

    assert asked(tokens["access_token"]).status_code == 403


def test_limits_hold_as_for_the_session(
    scene: Scene, tokens: dict[str, Any], settings: Settings
) -> None:
    settings.API_MOST_A_MINUTE = 2
    scene.client.get("/api/v1/me")

    assert [asked(tokens["access_token"]).status_code for _time in range(2)] == [200, 429]


def test_every_citizens_address_is_in_a_room_of_one_scope() -> None:
    for pattern in pages:
        assert isinstance(pattern, URLPattern)
        view: Any = pattern.callback
        is_citizens = view.view_class.audience == "citizen"
        assert bool(scope_of(str(pattern.pattern))) == is_citizens, pattern


def test_the_schema_and_the_metadata_tell_how(client: Client, db: None) -> None:
    schema = client.get("/api/v1/schema/").json()
    told = json.loads(client.get("/.well-known/oauth-authorization-server").content)

    flow = schema["components"]["securitySchemes"]["app"]["flows"]["authorizationCode"]
    assert list(flow["scopes"]) == told["scopes_supported"]
    assert told["token_endpoint"].endswith(flow["tokenUrl"])
    assert schema["paths"]["/v1/inbox"]["get"]["security"][1] == {"app": ["inbox"]}


@pytest.mark.parametrize(
    "address", ["http://a.example/", "javascript:alert(1)", "https://*.example/", "app:/x"]
)
def test_an_app_is_led_back_to_nothing_unsafe(db: None, address: str) -> None:
    with pytest.raises(CommandError):
        call_command("register_app", "App", "--redirect", address)
