"""Who may open what: foreign objects do not exist, visitors sign in, officials have their desk."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from pytest_django import Settings

from citizens.models import Citizen
from dossiers.models import Dossier
from portal.common import clock
from portal.web.urls import pages
from tests.factories.citizens import PASSWORD, OfficialFactory
from tests.web.scene import Scene, stranger

OWN = ("matters", "dossiers", "papers", "inbox", "views")
SUGGESTION_PAGES = ("suggestion", "snooze", "dismiss", "restore")
DOSSIER_PAGES = ("dossier", "withdraw")


@pytest.mark.parametrize("pattern", pages, ids=lambda pattern: pattern.name)
def test_every_address_says_who_may_use_it(pattern: URLPattern) -> None:
    assert pattern.callback.audience in ("public", "citizen")  # type: ignore[attr-defined]


def test_a_visitor_signs_in_first(client: Client) -> None:
    for name in OWN:
        address = reverse(f"web:{name}")
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"] == f"/accounts/login/?next={address}"


def test_a_page_that_saves_in_the_background_is_not_answered_by_the_sign_in(client: Client) -> None:
    address = reverse("web:suggestion_draft", args=[uuid.uuid4()])

    assert client.post(address, headers={"HX-Request": "true"}).status_code == 401
    assert client.post(address).status_code == 302


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_belongs_to_others_does_not_exist(scene: Scene, method: str) -> None:
    scene.client.post(scene.page, {"delivery": "Trực tiếp"})
    dossier = scene.lan.dossiers.get()
    letter = scene.lan.party.messages.get()
    _citizen, client = stranger()
    foreign = [
        *(reverse(f"web:{name}", args=[scene.suggestion.public_id]) for name in SUGGESTION_PAGES),
        *(reverse(f"web:{name}", args=[dossier.public_id]) for name in DOSSIER_PAGES),
        reverse("web:letter", args=[letter.public_id]),
        reverse("web:pile", args=["driving_licence_renewal", scene.lan.party.public_id]),
    ]
    nowhere = reverse("web:suggestion", args=[uuid.uuid4()])

    answers = {address: getattr(client, method)(address).status_code for address in foreign}

    refusals = {404} if method == "get" else {404, 405}
    assert set(answers.values()) - {405} <= refusals
    assert client.get(nowhere).status_code == 404
    scene.suggestion.refresh_from_db()
    dossier.refresh_from_db()
    assert (scene.suggestion.state, dossier.status) == ("accepted", 1)


def test_an_official_goes_to_the_desk(db: None) -> None:
    client = Client()
    official = OfficialFactory()
    client.force_login(official.user, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get("/")["Location"] == "/admin/"
    assert client.get("/my/")["Location"] == "/admin/"


class TestWhoDied:
    @pytest.fixture(autouse=True)
    def _dies(self, scene: Scene) -> None:
        Citizen.objects.filter(pk=scene.lan.pk).update(died_on=clock.today())

    def test_the_session_ends_with_the_next_page(self, scene: Scene) -> None:
        answer = scene.client.get("/my/")

        assert answer["Location"] == "/accounts/inactive/"
        assert "_auth_user_id" not in scene.client.session

    def test_nothing_can_be_filed(self, scene: Scene) -> None:
        scene.client.post(scene.page, {"delivery": "Trực tiếp"})

        assert not Dossier.objects.exists()

    def test_nobody_signs_in_and_the_page_says_where_to_ask(self, scene: Scene) -> None:
        client = Client()

        answer = client.post(
            "/accounts/login/", {"login": "lan", "password": PASSWORD}, follow=True
        )

        assert "_auth_user_id" not in client.session
        assert "Tài khoản này đã đóng" in answer.content.decode()
        assert "thẻ căn cước" in answer.content.decode()


def test_pages_of_a_person_are_not_kept(scene: Scene) -> None:
    assert "no-store" in scene.client.get("/my/")["Cache-Control"]


@pytest.mark.parametrize(
    ("wish", "led_to"),
    [
        ("/my/papers/", "/my/papers/"),
        ("", "/"),
        ("https://example.org/", "/"),
        ("//example.org/my/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_sign_in_leads_to_own_pages_only(db: None, scene: Scene, wish: str, led_to: str) -> None:
    client = Client()

    response = client.post("/accounts/login/", {"login": "lan", "password": PASSWORD, "next": wish})

    assert response.status_code == 302
    assert response["Location"] == led_to


def test_accounts_are_offered_in_a_trial_only(client: Client, db: None, settings: Settings) -> None:
    assert "Trần Thị Lan" not in client.get("/accounts/login/").content.decode()

    settings.SETTINGS_MODULE = "portal.settings.demo"

    html = client.get("/accounts/login/").content.decode()
    assert "Trần Thị Lan" in html
    assert html.count('name="login"') >= 8


def test_a_visitor_reads_what_this_is(client: Client, db: None) -> None:
    html = client.get("/").content.decode()

    assert "/accounts/login/" in html
    assert "Cổng" in html


def test_the_choice_of_language_has_one_address() -> None:
    found = [
        pattern
        for resolver in get_resolver().url_patterns
        for pattern in [resolver, *getattr(resolver, "url_patterns", [])]
        if str(pattern.pattern) == "i18n/"
    ]

    assert len(found) == 1
    assert reverse("set_language") == "/i18n/setlang/"
