"""Officials' second step: demanded before the desk, set up on the way, and a way back if lost."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from pytest_django import Settings

from citizens.enums import Role
from citizens.models import User
from portal.common.crypto import unseal_inside
from portal.common.errors import SealError
from tests.factories.citizens import (
    PASSWORD,
    AgencyFactory,
    CitizenFactory,
    GrantFactory,
    OfficialFactory,
    UnitFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
DESK, STEPS, APP = "/admin/", "/accounts/2fa/", "/accounts/2fa/totp/activate/"
CODES = "/accounts/2fa/recovery-codes/"


@pytest.fixture
def official(db: None, settings: Settings) -> User:
    """A receptionist where the desk demands a second step."""
    settings.OFFICE_REQUIRES_MFA = True
    unit = UnitFactory(province=True)
    official = OfficialFactory(agency=AgencyFactory(unit=unit))
    GrantFactory(official=official, role=Role.RECEPTIONIST, unit=unit)
    user: User = official.user
    return user


def password_given(user: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD, "next": DESK})
    return client


def code_of(secret: str) -> str:
    """Return what an app shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def with_app(user: User) -> tuple[Client, str]:
    """Set the app up as an official does; return the client and the app's secret."""
    client = password_given(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    secret = client.get(APP).context["form"].secret
    answer = client.post(APP, {"code": code_of(secret)})
    assert answer["Location"] == CODES, answer.content.decode()
    return client, secret


def test_the_desk_leads_to_setting_it_up(official: User) -> None:
    client = password_given(official)

    answer = client.get(DESK)

    html = client.get(STEPS).content.decode()
    assert answer["Location"] == STEPS
    assert "Bàn làm việc mở khi đã cài bước thứ hai" in html
    assert APP in html
    assert "/accounts/2fa/webauthn/add/" in html


def test_the_app_opens_the_desk_and_recovery_codes_are_shown(official: User) -> None:
    client, _secret = with_app(official)

    page = client.get(CODES)

    assert len(page.context["unused_codes"]) == 10
    assert all(code in page.content.decode() for code in page.context["unused_codes"])
    assert 'href="/admin/"' in page.content.decode()
    assert client.get(DESK).status_code == 200


def test_from_then_on_the_code_is_asked_for(official: User) -> None:
    _client, secret = with_app(official)
    client = password_given(official)
    before = client.get(DESK).status_code

    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    wrong = client.get(DESK).status_code
    # The code that set the app up is used; one of the next half minute is not.
    later = str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + 1)))
    with pytest.MonkeyPatch.context() as patch:
        real = time.time
        patch.setattr(time, "time", lambda: real() + 30)
        answer = client.post("/accounts/2fa/authenticate/", {"code": later})

    assert (before, wrong) == (302, 302)
    assert answer["Location"] == DESK
    assert client.get(DESK).status_code == 200


def test_a_lost_telephone_is_no_lost_account(official: User) -> None:
    first, _secret = with_app(official)
    [code, *others] = first.get(CODES).context["unused_codes"]
    client, thief = password_given(official), password_given(official)

    client.post("/accounts/2fa/authenticate/", {"code": code})
    thief.post("/accounts/2fa/authenticate/", {"code": code})

    assert client.get(DESK).status_code == 200
    assert thief.get(DESK).status_code == 302
    kept = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap()
    assert kept.get_unused_codes() == others


def test_a_dump_of_the_database_opens_no_second_step(official: User) -> None:
    client, secret = with_app(official)
    codes = client.get(CODES).context["unused_codes"]

    stored = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert secret not in stored
    assert not any(code in stored for code in codes)
    kept = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES)
    with pytest.raises(SealError):
        unseal_inside(kept.data["seed"], purpose="something else")


def test_without_the_second_step_the_desk_closes_again(official: User) -> None:
    client, _secret = with_app(official)
    Authenticator.objects.filter(user=official).delete()

    assert client.get(DESK)["Location"] == STEPS


def test_setting_it_up_asks_for_the_password_again(official: User) -> None:
    client = password_given(official)

    assert client.get(APP)["Location"].startswith("/accounts/reauthenticate/")


def test_a_citizen_may_but_need_not(settings: Settings, db: None) -> None:
    settings.OFFICE_REQUIRES_MFA = True
    user = UserFactory(citizen=CitizenFactory(), username="lan")
    client = password_given(user)

    html = client.get(STEPS).content.decode()
    assert client.get("/my/").status_code == 200
    assert "Bàn làm việc" not in html
    assert "Cài ứng dụng" in html


@pytest.mark.parametrize("address", [STEPS, APP, CODES, "/accounts/2fa/webauthn/"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_pages_stand_in_the_frame_of_the_portal(
    official: User, address: str, language: str
) -> None:
    client, _secret = with_app(official)
    client.cookies["django_language"] = language

    html = client.get(address, follow=True).content.decode()

    assert f'<html lang="{language}">' in html
    assert "site-footer" in html
    assert not re.search(r"<script(?![^>]*(?:src=|type=\"application/json\"))", html)


def test_a_step_sealed_under_another_key_is_told_in_words(
    official: User, settings: Settings
) -> None:
    # Given a second step, and a portal that was given another key since
    signed_in, secret = with_app(official)
    settings.INDEX_KEY = "another key " * 4
    client = password_given(official)

    # When its code is typed, and when somebody who is signed in still looks at their steps
    typed = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    looked = signed_in.get(STEPS)

    # Then both are told what happened and what to do, and nobody is let in
    for answer in (typed, looked):
        assert answer.status_code == 503
        assert "báo người quản trị" in answer.content.decode()
    assert client.get(DESK).status_code == 302
