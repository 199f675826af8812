"""Devices that are signed in: seen and ended by their owner, by nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from time_machine import Traveller

from citizens.models import User
from portal.web.presenters.devices import device_name
from tests.factories.citizens import PASSWORD, CitizenFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/accounts/sessions/"
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) "
    "SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36"
)
OFFICE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/128.0.0.0 Safari/537.36 Edg/128.0.0.0"
)


@pytest.fixture
def user(friday: Traveller) -> User:
    user: User = UserFactory(citizen=CitizenFactory(), username="lan")
    return user


def signed_in(user: User, device: str = OFFICE) -> Client:
    """Sign in by the form, as people do."""
    client = Client(headers={"user-agent": device})
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(user.pk)
    return client


def is_signed_in(client: Client) -> bool:
    return client.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (PHONE, "Điện thoại hoặc máy tính bảng Android, Samsung Internet"),
        (OFFICE, "Máy tính Windows, Edge"),
        (OFFICE.replace(" Edg/128.0.0.0", ""), "Máy tính Windows, Chrome"),
        (
            OFFICE.replace("Chrome/128", "coc_coc_browser/138.0.148 Chrome/128"),
            "Máy tính Windows, Cốc Cốc",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            "iPhone, Safari",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Mobile/15E148 Zalo iOS/530",
            "iPhone, Zalo",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:128.0) Gecko/20100101 Firefox/128.0",
            "Máy tính Mac, Firefox",
        ),
        ("curl/8.5", "Thiết bị không rõ"),
        ("", "Thiết bị không rõ"),
    ],
)
def test_a_device_has_a_name(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name


def test_the_page_tells_every_device_this_one_first(user: User, friday: Traveller) -> None:
    signed_in(user, PHONE)
    friday.shift(3600)
    client = signed_in(user)

    shown = client.get(PAGE).context["sessions"]

    assert [one.is_this for one in shown] == [True, False]
    assert [one.device.split(",")[0] for one in shown] == [
        "Máy tính Windows",
        "Điện thoại hoặc máy tính bảng Android",
    ]
    html = client.get(PAGE).content.decode()
    assert "không báo nơi" in html
    assert "127.0.0.1" not in html


def test_a_device_is_signed_out(user: User) -> None:
    phone, client = signed_in(user, PHONE), signed_in(user)
    other = client.get(PAGE).context["sessions"][1]

    client.post(PAGE, {"session": other.key})

    assert not is_signed_in(phone)
    assert is_signed_in(client)
    assert len(client.get(PAGE).context["sessions"]) == 1


def test_all_others_are_signed_out(user: User) -> None:
    others = [signed_in(user, PHONE), signed_in(user)]
    client = signed_in(user)

    client.post(PAGE, {"session": "others"})

    assert [is_signed_in(one) for one in (*others, client)] == [False, False, True]


def test_nobody_ends_what_is_not_theirs(user: User, client: Client) -> None:
    lan = signed_in(user)
    own = UserSession.objects.get(user=user)
    stranger = signed_in(UserFactory(citizen=CitizenFactory()))

    assert stranger.post(PAGE, {"session": str(own.pk)}).status_code == 404
    assert stranger.post(PAGE, {"session": "x"}).status_code == 404
    assert client.post(PAGE, {"session": str(own.pk)})["Location"].startswith("/accounts/login/")
    assert is_signed_in(lan)


def test_a_session_of_an_old_password_is_not_shown(user: User) -> None:
    signed_in(user, PHONE)
    user.set_password("mật-khẩu-mới-2026")
    user.save()
    client = Client()
    client.post("/accounts/login/", {"login": "lan", "password": "mật-khẩu-mới-2026"})

    assert len(client.get(PAGE).context["sessions"]) == 1
    assert UserSession.objects.count() == 1


def test_last_use_is_noted_every_five_minutes(user: User, friday: Traveller) -> None:
    client = signed_in(user, PHONE)
    began = UserSession.objects.get().last_seen_at

    friday.shift(240)
    client.get("/my/")
    soon = UserSession.objects.get().last_seen_at
    friday.shift(120)
    client.get("/my/")
    later = UserSession.objects.get().last_seen_at

    assert soon == began
    assert 359 <= (later - began).total_seconds() <= 400


def test_the_page_asks_no_more_for_more_devices(
    user: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(user)
    for _ in range(5):
        signed_in(user, PHONE)

    with django_assert_max_num_queries(6):
        assert len(client.get(PAGE).context["sessions"]) == 6


def test_a_session_lives_on_by_asking(user: User, friday: Traveller) -> None:
    client = signed_in(user)
    for _hours in range(3):
        friday.shift(timedelta(hours=7))
        assert client.post("/accounts/stay/").status_code == 204
    assert is_signed_in(client)

    friday.shift(timedelta(hours=8, seconds=1))
    assert client.post("/accounts/stay/").status_code == 302
    assert not is_signed_in(client)
