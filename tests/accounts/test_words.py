"""The words of pages that come from packages: in the portal's own voice, with a way on."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories.citizens import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "told"),
    [("vi", "Không cần đăng ký tài khoản"), ("en", "No sign-up is needed")],
)
def test_whoever_looks_for_a_sign_up_is_told_how_to_come_in(language: str, told: str) -> None:
    client = Client()
    client.cookies["django_language"] = language

    page = client.get("/accounts/signup/").content.decode().split("<main")[1]

    assert f"<h1>{told}</h1>" in page
    assert "VNeID" in page
    assert 'href="/accounts/login/"' in page


def test_the_rules_of_a_password_speak_to_citizens_and_officials_alike() -> None:
    user = UserFactory()
    user.set_password("mot-cau-rat-dai")
    user.save()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    page = client.get("/accounts/password/change/").content.decode().split("<main")[1]

    assert "Mật khẩu phải có ít nhất 8 ký tự." in page
    assert page.count("<li>Mật khẩu") == 4
    assert "của bạn" not in page
